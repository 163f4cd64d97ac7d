"""The plan of a school year as its readers look at it: table, by state, timeline; and one's own actions."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans.interfaces.selection import Selection, bilan, choisir
from plans.interfaces.tableau_du_plan import COLONNES, corps_du_tableau
from plans.queries.plan import annees_du_plan, lire_plan
from plans.rules.besoins import est_une_annee
from plans.views.acces import plan_lisible_ou_404
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement


@require_safe
def tableau(request: HttpRequest, uai: str) -> HttpResponse:
    """What the seed's workshop ends with: thème, quoi, comment, qui, quand, indicateurs."""
    etablissement, jour = plan_lisible_ou_404(request, uai), timezone.localdate()
    selection = _selection(request, etablissement, jour)
    peut_ajouter = Droit.MODIFIER_PLAN in etablissement.droits
    corps = corps_du_tableau(selection, uai, jour, peut_ajouter=peut_ajouter)
    contexte = _contexte(request, etablissement, selection, jour)
    return render(request, "plans/moyens.html", contexte | {"corps": corps, "colonnes": COLONNES})


def _selection(request: HttpRequest, etablissement: Etablissement, jour: datetime.date) -> Selection:
    """The plan of the year asked for, and what the address filters of it."""
    annee = request.GET.get("annee") or annee_scolaire(jour)
    if not est_une_annee(annee):
        raise Http404("Cette année scolaire n'existe pas.")
    entier = Droit.LIRE_PLAN in etablissement.droits
    plan = lire_plan(etablissement, annee, jour, brouillons=entier)
    return choisir(plan, request.GET, request.path, entier=entier)


def _contexte(
    request: HttpRequest, etablissement: Etablissement, selection: Selection, jour: datetime.date
) -> dict[str, object]:
    """What the three views of a year share."""
    cette_annee, annee = annee_scolaire(jour), selection.plan.annee
    entier = Droit.LIRE_PLAN in etablissement.droits
    annees = annees_du_plan(etablissement, brouillons=entier)
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "annee_choisie": annee if annee != cette_annee else "",
        "annees": sorted({annee, cette_annee, *annees}, reverse=True),
        "chemin": request.path,
        "selection": selection,
        "bilan": bilan(selection.plan, reverse("moyens", args=[etablissement.uai])),
        "entier": entier,
        "peut_ajouter": Droit.MODIFIER_PLAN in etablissement.droits,
    }
