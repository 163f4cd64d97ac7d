"""The year's turn: decide line by line, read the whole again, then one act."""

import datetime
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from plans.domain.tour import DecisionsRefusees, PageChangee, tourner_la_page
from plans.interfaces.tour import (
    PageDuTour,
    axes_envoyes,
    decisions_envoyees,
    lire_page,
    page_vierge,
    phrase_du_tour,
)
from plans.queries.tour import tour_a_faire
from plans.rules.tour import CHANGEE, annee_qui_finit, defauts_des_decisions
from strategie.socle.domain.calendrier import annee_suivante
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_http_methods(["GET", "HEAD", "POST"])
def tourner(request: HttpRequest, uai: str) -> HttpResponse:
    """`etape` of the form: verifier (read again what is decided), corriger (decide again), tourner (do it)."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    jour = timezone.localdate()
    etape = request.POST.get("etape")
    if etape == "tourner":
        return _tourner(request, etablissement, jour)
    tour = tour_a_faire(etablissement, annee_qui_finit(jour), jour)
    if request.method != "POST":
        return _decider(request, etablissement, page_vierge(tour, jour))
    page = lire_page(tour, request.POST, jour)
    if etape == "corriger":
        return _decider(request, etablissement, page)
    defauts = defauts_des_decisions(tour.situations, page.decisions, tour.annee, jour)
    defauts |= {cle: CHANGEE for cle, version in tour.versions.items() if page.decisions[cle].version != version}
    if defauts:
        return _decider(request, etablissement, _a_jour(page, defauts), 422)
    return render(request, "plans/tour_verifier.html", _contexte(etablissement, page))


def _tourner(request: HttpRequest, etablissement: Etablissement, jour: datetime.date) -> HttpResponse:
    """Refused, the page comes back with what was decided."""
    annee = annee_qui_finit(jour)
    try:
        tournee = tourner_la_page(
            etablissement=etablissement,
            annee=annee,
            decisions=decisions_envoyees(request.POST),
            axes_a_clore=axes_envoyes(request.POST),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except (PageChangee, DecisionsRefusees) as refus:
        messages.error(request, str(refus))
        page = lire_page(tour_a_faire(etablissement, annee, jour), request.POST, jour)
        statut = 409 if isinstance(refus, PageChangee) else 422
        return _decider(request, etablissement, _a_jour(page, refus.lignes), statut)
    messages.success(request, phrase_du_tour(tournee))
    return redirect(reverse("moyens", args=[etablissement.uai], query={"annee": annee_suivante(annee)}))


def _a_jour(page: PageDuTour, erreurs: dict[int, str]) -> PageDuTour:
    """What was decided, to be sent again on what the actions are now."""
    versions = page.tour.versions
    decisions = {cle: replace(decision, version=versions[cle]) for cle, decision in page.decisions.items()}
    return replace(page, decisions=decisions, erreurs=erreurs)


def _decider(request: HttpRequest, etablissement: Etablissement, page: PageDuTour, statut: int = 200) -> HttpResponse:
    return render(request, "plans/tour.html", _contexte(etablissement, page), status=statut)


def _contexte(etablissement: Etablissement, page: PageDuTour) -> dict[str, object]:
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "page": page,
        "annee": page.tour.annee,
        "suivante": annee_suivante(page.tour.annee),
    }
