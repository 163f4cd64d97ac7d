"""Meeting mode: one indicator at a time, for a team in a room."""

import datetime
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.reponses import AUTRE_VERSION
from diagnostic.domain.reunion import noter_en_reunion
from diagnostic.interfaces.reunion import PageReunion, page_reunion
from diagnostic.models import Diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.queries.reunion import Deroule, Place, bilan, deroule
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import autre_version, diagnostic_ou_404, exiger_de_repondre, peut_repondre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.views.acces import refuser_l_acces

VOTES = "votes"  # where the page is entered: the keyboard starts from the hands to count


@require_safe
def reunion(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """Opens the indicator asked for, else the first one to decide, else what the meeting has decided."""
    ordre = _deroule(diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON))
    if not ordre.indicateurs:
        raison = "Aucun champ de ce diagnostic ne vous est confié\u00a0: vous pouvez lire les réponses."
        refuser_l_acces(ordre.etat.diagnostic.etablissement, Droit.REPONDRE_CONFIE, raison)
    demande = ordre.place(request.GET.get("indicateur", ""))
    choisi = demande.ligne if demande else ordre.premier_a_decider
    if choisi is None:
        return redirect("reunion_bilan", uai, annee)
    return redirect(_adresse(ordre, choisi.indicateur.code))


@never_cache  # going back shows what is kept now
@require_http_methods(["GET", "HEAD", "POST"])
def indicateur(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """One indicator, full screen; a POST keeps votes and answer, then goes on."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    place = _place(diagnostic, code)
    page = page_reunion(place, request.POST if request.method == "POST" else None)
    if request.method == "POST" and page.formulaire.is_valid() and (page := _noter(request, page)).gardee:
        return redirect(_suite(page))
    contexte = {
        "etablissement": diagnostic.etablissement,
        "annee": annee,
        "page": page,
        "place": page.place,
        "empechement": empechement_repondre(diagnostic, timezone.now()),
    }
    return render(request, "diagnostic/reunion.html", contexte, status=page.statut)


@require_safe
def recapituler(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """What the meeting of a day has decided, and the dissent to keep."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    ordre = _deroule(diagnostic)
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "annee": annee,
        "bilan": bilan(ordre.etat, _jour(request.GET.get("jour", "")), timezone.now()),
        "reprendre": ordre.premier_a_decider or next(iter(ordre.indicateurs), None),
        "empechement": empechement_repondre(diagnostic, timezone.now()),
    }
    return render(request, "diagnostic/reunion_bilan.html", contexte)


def _deroule(diagnostic: Diagnostic) -> Deroule:
    return deroule(etat_du_diagnostic(diagnostic), lambda champ: peut_repondre(diagnostic, champ))


def _place(diagnostic: Diagnostic, code: str) -> Place:
    """403 for an indicator that the person may not answer, 404 for one that the school is not asked."""
    pose = questionnaire(diagnostic.referentiel).par_code.get(code)
    if pose is not None:
        exiger_de_repondre(diagnostic, pose.champ.code)
    place = _deroule(diagnostic).place(code)
    if place is None:
        raise Http404("Cet indicateur n'est pas posé à cet établissement.")
    return place


def _noter(request: HttpRequest, page: PageReunion) -> PageReunion:
    """The page once saved, or with what kept it from being saved."""
    diagnostic, code = page.diagnostic, page.code
    if autre_version(request.POST, diagnostic):
        return replace(page, refus=AUTRE_VERSION)
    try:
        conflit = noter_en_reunion(
            diagnostic=diagnostic,
            saisie=page.formulaire.saisie(code),
            votes=page.formulaire.votes,
            desaccord=page.formulaire.cleaned_data["desaccord"],
            version_vote=page.formulaire.cleaned_data["version_vote"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        return replace(page, refus=str(refus))
    return page.relue(_place(diagnostic, code), conflit)


def _suite(page: PageReunion) -> str:
    """The next indicator, then the end; a new contradiction is shown at once, to those who are in the room."""
    if page.contradictions_nouvelles:
        return _adresse(page.place.deroule, page.code)
    if page.place.suivant is None:
        return reverse("reunion_bilan", args=_arguments(page.diagnostic))
    return _adresse(page.place.deroule, page.place.suivant.indicateur.code)


def _adresse(ordre: Deroule, code: str) -> str:
    return reverse("reunion_indicateur", args=[*_arguments(ordre.etat.diagnostic), code], fragment=VOTES)


def _arguments(diagnostic: Diagnostic) -> list[str]:
    return [diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire]


def _jour(demande: str) -> datetime.date | None:
    try:
        return parse_date(demande)
    except ValueError:
        return None
