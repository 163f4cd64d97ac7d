"""What the pages of the budget are asked for."""

from collections.abc import Mapping
from dataclasses import replace

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from budget.interfaces.budget import filtres_du_budget, periode_demandee
from budget.interfaces.filtres import Filtres
from budget.models import DecisionModificative, Financement, LigneBudget
from budget.queries.budget import Selection, Synthese, financements_de, lignes_de, synthese
from budget.queries.dbm import dbm_de
from budget.queries.lignes import a_choisir
from budget.rules.dbm import empechement_dbm
from plans.views.demande import cles_demandees
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


def periode_ou_404(request: HttpRequest) -> Selection:
    selection = periode_demandee(request.GET, timezone.localdate())
    if selection is None:
        raise Http404("Cet exercice, ou cette année scolaire, n'existe pas.")
    return selection


def synthese_demandee(request: HttpRequest, etablissement: Etablissement) -> tuple[Synthese, Filtres]:
    """What the address selects of a school's budget: the same for the page and for its files."""
    periode = synthese(etablissement, periode_ou_404(request))
    selection, filtres = filtres_du_budget(periode, request.GET, request.path)
    return replace(periode, selection=selection), filtres


def exercice_demande(request: HttpRequest) -> int:
    """The one of the address, this civil year when it says none."""
    return periode_ou_404(request).exercice or timezone.localdate().year


def ligne_ou_404(request: HttpRequest, uai: str, cle: int, droit: Droit) -> LigneBudget:
    """With its `etablissement`, and what it is linked to."""
    etablissement = etablissement_ou_404(request, uai, droit)
    siennes = lignes_de(etablissement).select_related("action", "achat", "formation", "cree_par")
    ligne = get_object_or_404(siennes, pk=cle)
    ligne.etablissement = etablissement
    return ligne


def financement_ou_404(request: HttpRequest, uai: str, cle: int, droit: Droit) -> Financement:
    etablissement = etablissement_ou_404(request, uai, droit)
    financement = get_object_or_404(financements_de(etablissement).select_related("ligne", "achat"), pk=cle)
    financement.etablissement = etablissement
    return financement


def etablissement_a_dbm_ou_404(request: HttpRequest, uai: str, droit: Droit) -> Etablissement:
    """A school that has a budget of its own to correct."""
    etablissement = etablissement_ou_404(request, uai, droit)
    if refus := empechement_dbm(etablissement):
        raise Http404(refus)
    return etablissement


def dbm_ou_404(request: HttpRequest, uai: str, cle: int, droit: Droit) -> DecisionModificative:
    etablissement = etablissement_a_dbm_ou_404(request, uai, droit)
    decision = get_object_or_404(dbm_de(etablissement), pk=cle)
    decision.etablissement = etablissement
    return decision


def liens_demandes(request: HttpRequest) -> Mapping[str, int | None]:
    """The action, the purchase, the training that the address names."""
    return {nom: min(cles_demandees(request, nom), default=None) for nom in ("action", "achat", "formation")}


def choix_de_liens(
    etablissement: Etablissement, tenus: Mapping[str, int | None]
) -> Mapping[str, list[tuple[int, str]]]:
    return {nom: a_choisir(nom, etablissement, tenu) for nom, tenu in tenus.items()}
