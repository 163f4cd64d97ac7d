"""Trainings that facts ask for, to write in one click."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from budget.interfaces.besoins_detectes import groupes_de_besoins_detectes
from budget.queries.besoins_detectes import besoins_detectes
from budget.views.acces_formation import formations_a_ecrire_ou_404
from strategie.socle.domain.calendrier import annee_scolaire


@require_safe
def detectes(request: HttpRequest, uai: str) -> HttpResponse:
    """From the last survey, the diagnostic and the plan."""
    etablissement, jour = formations_a_ecrire_ou_404(request, uai), timezone.localdate()
    groupes = groupes_de_besoins_detectes(etablissement, besoins_detectes(etablissement, jour))
    contexte = {"etablissement": etablissement, "etape": "moyens", "groupes": groupes}
    return render(request, "budget/besoins_detectes.html", contexte | {"annee": annee_scolaire(jour)})
