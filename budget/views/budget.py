"""The budget of a school: an exercice, or what serves a school year; and what its collectivité reads of it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget.interfaces.budget import contexte_du_budget, filtres_du_budget
from budget.queries.budget import synthese_partagee
from budget.views.acces_budget import periode_ou_404, synthese_demandee
from strategie.socle.droits import Droit
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def budget(request: HttpRequest, uai: str) -> HttpResponse:
    """Filters are in the address."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET)
    lu, filtres = synthese_demandee(request, etablissement)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "tient": Droit.TENIR_BUDGET in etablissement.droits,
        "arbitre": Droit.ARBITRER_BUDGET in etablissement.droits,
    }
    contexte |= contexte_du_budget(lu, filtres, premier_degre=etablissement.premier_degre)
    contexte["tient"] = contexte["tient"] and not contexte["clos"]
    return render(request, "budget/budget.html", contexte)


@require_safe
def partage(request: HttpRequest, uai: str) -> HttpResponse:
    """Read only: what the collectivité pays, and what it is asked for."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET_PARTAGE)
    lu = synthese_partagee(etablissement, periode_ou_404(request), etablissement.collectivite.niveau)
    selection, filtres = filtres_du_budget(lu, request.GET, request.path)
    contexte = {"etablissement": etablissement, "etape": "moyens", "tient": False, "arbitre": False}
    contexte |= contexte_du_budget(replace(lu, selection=selection), filtres, premier_degre=False)
    return render(request, "budget/budget_partage.html", contexte)
