"""The lots: what they are made of, and what they are for."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.corbeille import empechement_de_retirer_lot
from budget.domain.lots import SaisieLot, creer_lot, lire_lot, modifier_lot
from budget.interfaces.lots import LotForm
from budget.interfaces.usages import termes_en_mots
from budget.models import Lot
from budget.queries.incidents import jours_hors_service_du_lot
from budget.queries.lots import (
    actions_a_choisir,
    choses_sans_lot,
    lignes_du_lot,
    lots_a_choisir,
    lots_de,
)
from budget.queries.usages import decisions_du_lot, termes_du_lot
from budget.views.acces import inventaire_ou_404
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.views.demande import envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement


@require_safe
def lots(request: HttpRequest, uai: str) -> HttpResponse:
    """Each with what is in it by state, and what it is for."""
    etablissement = inventaire_ou_404(request, uai)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "lots": list(lots_de(etablissement)),
        "sans_lot": choses_sans_lot(etablissement),
        "peut_tenir": _tient_les_lots(etablissement),
        "peut_ajouter": etablissement.tient_l_inventaire,
    }
    return render(request, "budget/lots.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def creer(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = _tenus_ou_403(request, uai)
    formulaire = LotForm(
        envoye(request),
        tenu=SaisieLot(""),
        actions=actions_a_choisir(etablissement),
        pris=list(lots_a_choisir(etablissement)),
        nouveau=True,
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            fait = creer_lot(
                etablissement=etablissement,
                saisie=formulaire.saisie(),
                auteur=request.user,
                maintenant=timezone.now(),
            )
            messages.success(request, "Le lot est créé. Ajoutez-y maintenant ce qui le compose.")
            return redirect("lot", uai, fait.pk)
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire}
    return render(request, "budget/lot_modifier.html", contexte, status=formulaire.statut)


@require_safe
def lot(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its lines, its use, its days out of use. The plan that it serves is not everybody's to read, nor is its past."""
    etablissement = inventaire_ou_404(request, uai)
    le_lot = get_object_or_404(lots_de(etablissement).select_related("action"), pk=cle)
    jour = timezone.localdate()
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "lot": le_lot,
        "contenu": lignes_du_lot(le_lot),
        "termes": termes_en_mots(termes_du_lot(le_lot)),
        "decisions": decisions_du_lot(le_lot),
        "annee": annee_scolaire(jour),
        "jours_hors_service": jours_hors_service_du_lot(le_lot, annee_scolaire(jour), jour),
        "lit_le_plan": Droit.LIRE_PLAN in etablissement.droits,
        "peut_tenir": _tient_les_lots(etablissement),
        "peut_ajouter": etablissement.tient_l_inventaire,
    }
    return render(request, "budget/lot.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = _tenus_ou_403(request, uai)
    le_lot = _lot_ou_404(request, etablissement, cle)
    formulaire = LotForm(
        envoye(request),
        tenu=lire_lot(le_lot),
        actions=actions_a_choisir(etablissement, le_lot.action_id),
        pris=list(lots_a_choisir(etablissement).exclude(pk=cle)),
    )
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, le_lot, formulaire):
        messages.success(request, "Le lot est modifié.")
        return redirect("lot", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "lot": le_lot, "formulaire": formulaire}
    return render(request, "budget/lot_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, lot: Lot, formulaire: LotForm) -> bool:
    try:
        conflits = modifier_lot(lot=lot, base=formulaire.base(), saisie=formulaire.saisie(), auteur=request.user)
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        lot.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_lot(lot)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; refused while something is in it."""
    etablissement = _tenus_ou_403(request, uai)
    le_lot = get_object_or_404(etablissement.lots.vivants(), pk=cle)
    empechement = empechement_de_retirer_lot(le_lot)
    if request.method == "POST":
        try:
            mettre_a_la_corbeille(objet=le_lot, auteur=request.user, maintenant=timezone.now())
            messages.success(request, f"Le lot «\u00a0{le_lot}\u00a0» est à la corbeille, pour trente jours.")
            return redirect("lots", uai)
        except Empeche as refus:
            empechement = str(refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "lot": le_lot, "empechement": empechement}
    return render(request, "budget/lot_retirer.html", contexte, status=422 if request.method == "POST" else 200)


def _tient_les_lots(etablissement: Etablissement) -> bool:
    return Droit.TENIR_INVENTAIRE in etablissement.droits


def _tenus_ou_403(request: HttpRequest, uai: str) -> Etablissement:
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    if Droit.TENIR_INVENTAIRE not in etablissement.droits:
        raise PermissionDenied("Les lots sont tenus par l'établissement.")
    return etablissement


def _lot_ou_404(request: HttpRequest, etablissement: Etablissement, cle: int) -> Lot:
    """One in the bin has no page; what somebody was typing of it is refused by the act, with its reason."""
    siens = etablissement.lots.all() if request.method == "POST" else etablissement.lots.vivants()
    le_lot: Lot = get_object_or_404(siens, pk=cle)
    le_lot.etablissement = etablissement
    return le_lot
