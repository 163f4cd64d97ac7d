"""The rooms: what is in each, and the Wi-Fi there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budget.domain.salles import SaisieSalle, ajouter_salles, archiver_salle, lire_salle, modifier_salle, retablir_salle
from budget.interfaces.salles import AjouterSallesForm, ArchiverForm, SalleForm
from budget.models import Categorie, Salle
from budget.queries.salles import contenu_de, salles_a_choisir, salles_archivees, salles_de
from budget.views.acces import inventaire_ou_404
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement


@require_safe
def salles(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = inventaire_ou_404(request, uai)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "salles": list(salles_de(etablissement)),
        "archivees": list(salles_archivees(etablissement)),
        "peut_tenir": _tient_les_salles(etablissement),
    }
    return render(request, "budget/salles.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """One, or many names pasted together."""
    etablissement = _tenues_ou_403(request, uai)
    formulaire = AjouterSallesForm(envoye(request), etablissement=etablissement)
    if request.method == "POST" and formulaire.is_valid():
        try:
            faites = ajouter_salles(
                etablissement=etablissement,
                noms=formulaire.cleaned_data["noms"],
                batiment=formulaire.cleaned_data["batiment"],
                auteur=request.user,
            )
            dit = "La salle est ajoutée." if len(faites) == 1 else f"{len(faites)} salles sont ajoutées."
            messages.success(request, dit)
            return redirect("salles", uai)
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire}
    return render(request, "budget/salle_ajouter.html", contexte, status=422 if formulaire.errors else 200)


@require_safe
def salle(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What is there, and whether the Wi-Fi reaches it."""
    etablissement = inventaire_ou_404(request, uai)
    la_salle = _salle_ou_404(etablissement, cle)
    contenu = contenu_de(la_salle)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "salle": la_salle,
        "contenu": contenu,
        "categories": [(Categorie(code).label, nombre) for code, nombre in contenu.par_categorie],
        "peut_tenir": _tient_les_salles(etablissement),
        "peut_ajouter": etablissement.tient_l_inventaire and not la_salle.archivee_le,
        "lit_l_historique": Droit.LIRE_PLAN in etablissement.droits,
    }
    return render(request, "budget/salle.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = _tenues_ou_403(request, uai)
    la_salle = _salle_ou_404(etablissement, cle)
    formulaire = SalleForm(envoye(request), salle=la_salle, tenu=lire_salle(la_salle), jour=timezone.localdate())
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, la_salle, formulaire):
        messages.success(request, "La salle est modifiée.")
        return redirect("salle", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "salle": la_salle, "formulaire": formulaire}
    return render(request, "budget/salle_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, salle: Salle, formulaire: SalleForm) -> bool:
    saisie: SaisieSalle = formulaire.saisie()
    try:
        conflits = modifier_salle(
            salle=salle, base=formulaire.base(), saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        salle.refresh_from_db()
        formulaire.signaler(conflits, vars(lire_salle(salle)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def archiver(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first, and where goes what is there."""
    etablissement = _tenues_ou_403(request, uai)
    la_salle = _salle_ou_404(etablissement, cle)
    contenu = contenu_de(la_salle)
    autres = [autre for autre in salles_a_choisir(etablissement) if autre.pk != cle]
    formulaire = ArchiverForm(envoye(request), salles=autres, plein=bool(contenu.total))
    if request.method == "POST" and formulaire.is_valid() and _archiver(request, la_salle, autres, formulaire):
        messages.success(request, f"La salle «\u00a0{la_salle}\u00a0» est archivée.")
        return redirect("salles", uai)
    contexte = {"etablissement": etablissement, "etape": "moyens", "salle": la_salle, "contenu": contenu}
    statut = 422 if formulaire.errors else 200
    return render(request, "budget/salle_archiver.html", contexte | {"formulaire": formulaire}, status=statut)


def _archiver(request: HttpRequest, salle: Salle, autres: list[Salle], formulaire: ArchiverForm) -> bool:
    vers = next((autre for autre in autres if autre.pk == formulaire.destination()), None)
    try:
        archiver_salle(
            salle=salle,
            vers=vers,
            ou_aller_dit="vers" in formulaire.fields,
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    return not formulaire.errors


@require_POST
def retablir(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = _tenues_ou_403(request, uai)
    la_salle = _salle_ou_404(etablissement, cle)
    try:
        retablir_salle(salle=la_salle, auteur=request.user)
        messages.success(request, f"La salle «\u00a0{la_salle}\u00a0» est rétablie.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("salle", uai, cle)


def _tient_les_salles(etablissement: Etablissement) -> bool:
    """Rooms are the school's: a collectivité keeps its things there, not the list."""
    return Droit.TENIR_INVENTAIRE in etablissement.droits


def _tenues_ou_403(request: HttpRequest, uai: str) -> Etablissement:
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    if Droit.TENIR_INVENTAIRE not in etablissement.droits:
        raise PermissionDenied("Les salles sont tenues par l'établissement.")
    return etablissement


def _salle_ou_404(etablissement: Etablissement, cle: int) -> Salle:
    la_salle: Salle = get_object_or_404(etablissement.salles.all(), pk=cle)
    la_salle.etablissement = etablissement
    return la_salle
