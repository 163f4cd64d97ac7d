"""A line of the inventory: arriving, its sheet, changing it, throwing it away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.corbeille import empechement_de_retirer_equipement, retirer_equipement
from budget.domain.equipements import Tenant, a_plat, lire_equipement, modifier_equipement
from budget.domain.lots import recevoir
from budget.interfaces.agir import actes_possibles
from budget.interfaces.equipements import AjouterForm, Choix, ModifierForm
from budget.interfaces.fiche import fiche_de
from budget.models import Equipement
from budget.queries.durees import durees_de
from budget.queries.historique import SORTES
from budget.queries.lots import lots_a_choisir
from budget.queries.salles import salles_a_choisir
from budget.rules.equipements import PAS_A_SOI, empechement_tenir
from budget.views.acces import inventaire_ou_404
from plans.interfaces.historique import actes_dits, instant_demande
from plans.views.demande import cles_demandees, envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from strategie.socle.queries.historique import page_d_historique


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """`?salle=` and `?lot=` say where, to begin with."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    lieux = {nom: next(iter(cles_demandees(request, nom)), None) for nom in ("salle", "lot")}
    formulaire = AjouterForm(envoye(request), offre=_offre(etablissement), **lieux)
    if request.method == "POST" and formulaire.is_valid() and (lignes := _ajouter(request, etablissement, formulaire)):
        return redirect(_apres_l_ajout(uai, lignes))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "formulaire": formulaire,
        "sans_salle": not formulaire.offre.salles,
    }
    return render(request, "budget/equipement_ajouter.html", contexte, status=formulaire.statut)


def _ajouter(request: HttpRequest, etablissement: Etablissement, formulaire: AjouterForm) -> list[Equipement]:
    series, etiquettes = formulaire.numeros
    try:
        lignes = recevoir(
            etablissement=etablissement,
            saisie=formulaire.description(),
            nouveau_lot=formulaire.cleaned_data["nouveau_lot"],
            nombre=formulaire.cleaned_data["nombre"] or len(series) or len(etiquettes),
            series=series,
            etiquettes=etiquettes,
            cle=formulaire.cleaned_data["cle"],
            tenant=_tenant(request, etablissement),
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return []
    total = sum(ligne.nombre for ligne in lignes)
    entrent = "1 équipement entre" if total == 1 else f"{total} équipements entrent"
    messages.success(request, f"{entrent} dans l'inventaire\u00a0: «\u00a0{lignes[0]}\u00a0».")
    return lignes


def _apres_l_ajout(uai: str, lignes: list[Equipement]) -> str:
    """Their sheet, their lot, or the inventory."""
    if len(lignes) == 1:
        return reverse("equipement", args=[uai, lignes[0].pk])
    return reverse("lot", args=[uai, lignes[0].lot_id]) if lignes[0].lot_id else reverse("inventaire", args=[uai])


@require_safe
def equipement(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """All that is known of a line, what happened to it, and what may be done with it."""
    etablissement = inventaire_ou_404(request, uai)
    ligne, jour = _ligne_ou_404(etablissement, cle), timezone.localdate()
    historique = page_d_historique(ligne, SORTES["equipement"], instant_demande(request.GET.get("avant", "")))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "ligne": ligne,
        "fiche": fiche_de(ligne, durees_de(etablissement), jour),
        "aujourd_hui": jour,
        "actes_possibles": actes_possibles(ligne),
        "incidents": list(ligne.incidents.order_by("-ouvert_le", "-pk")[:20]),
        "peut_tenir": _tient(etablissement, ligne),
        "actes": actes_dits(historique.actes),
        "suivante": historique.suivante.isoformat() if historique.suivante else "",
    }
    return render(request, "budget/equipement.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    ligne = _ligne_tenue_ou_403(etablissement, cle)
    tenu = lire_equipement(ligne)
    formulaire = ModifierForm(envoye(request), ligne=ligne, tenu=tenu, offre=_offre(etablissement))
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, ligne, formulaire):
        messages.success(request, "L'équipement est modifié.")
        return redirect("equipement", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "ligne": ligne, "formulaire": formulaire}
    return render(request, "budget/equipement_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, ligne: Equipement, formulaire: ModifierForm) -> bool:
    try:
        conflits = modifier_equipement(
            equipement=ligne,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            tenant=_tenant(request, ligne.etablissement),
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        ligne.refresh_from_db()
        formulaire.signaler(conflits, a_plat(lire_equipement(ligne)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first: what was entered by mistake goes to the bin; what has served leaves the inventory instead."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    ligne = _ligne_tenue_ou_403(etablissement, cle)
    empechement = empechement_de_retirer_equipement(ligne)
    if request.method == "POST":
        try:
            tenant = _tenant(request, etablissement)
            retirer_equipement(equipement=ligne, tenant=tenant, maintenant=timezone.now())
            messages.success(request, f"«\u00a0{ligne}\u00a0» est à la corbeille, pour trente jours.")
            return redirect("inventaire", uai)
        except Empeche as refus:
            empechement = str(refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "ligne": ligne, "empechement": empechement}
    statut = 422 if request.method == "POST" else 200
    return render(request, "budget/equipement_retirer.html", contexte, status=statut)


def _offre(etablissement: Etablissement) -> Choix:
    return Choix(
        etablissement=etablissement,
        salles=list(salles_a_choisir(etablissement)),
        lots=list(lots_a_choisir(etablissement)),
        jour=timezone.localdate(),
        proprietaire=etablissement.proprietaire_tenu,
    )


def _tenant(request: HttpRequest, etablissement: Etablissement) -> Tenant:
    return Tenant(request.user, etablissement.proprietaire_tenu)


def _ligne_ou_404(etablissement: Etablissement, cle: int) -> Equipement:
    siennes = etablissement.equipements.vivants().select_related("salle", "lot")
    ligne: Equipement = get_object_or_404(siennes, pk=cle)
    ligne.etablissement = etablissement
    return ligne


def _tient(etablissement: Etablissement, ligne: Equipement) -> bool:
    """Whether the person who asked for the school keeps this line."""
    refus = empechement_tenir(etablissement, ligne.proprietaire, etablissement.proprietaire_tenu)
    return etablissement.tient_l_inventaire and refus is None


def _ligne_tenue_ou_403(etablissement: Etablissement, cle: int) -> Equipement:
    ligne = _ligne_ou_404(etablissement, cle)
    if etablissement.proprietaire_tenu and ligne.proprietaire != etablissement.proprietaire_tenu:
        raise PermissionDenied(PAS_A_SOI)
    return ligne
