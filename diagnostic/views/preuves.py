"""Proofs of an answer: list, add, take away, download."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.domain.preuves import ajouter_preuve, reprendre_preuves, retirer_preuve
from diagnostic.interfaces.preuves import PreuveForm, cles_choisies, phrase_de_la_reprise
from diagnostic.models import Diagnostic, Indicateur
from diagnostic.queries.preuves import a_reprendre, preuves_anterieures, preuves_donnees
from diagnostic.queries.questionnaire import ecarte, questionnaire, situation_de
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import diagnostic_ou_404, exiger_de_repondre, peut_repondre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit


@require_http_methods(["GET", "HEAD", "POST"])
def preuves(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """The proofs of one indicator, those of earlier years, and the form that adds one."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    indicateur = _indicateur_ou_404(diagnostic, code)
    if request.method == "POST":
        exiger_de_repondre(diagnostic, indicateur.champ.code)
    jour = diagnostic.campagne.jour_local(timezone.now())
    formulaire = PreuveForm(request.POST or None, request.FILES or None, jour=jour)
    if request.method == "POST" and formulaire.is_valid() and _ajouter(request, diagnostic, indicateur, formulaire):
        messages.success(request, "La preuve est ajoutée.")
        return redirect("diagnostic_preuves", uai, annee, code)
    contexte = _page(diagnostic, indicateur, jour) | {"formulaire": formulaire}
    return render(request, "diagnostic/preuves.html", contexte, status=422 if formulaire.errors else 200)


def _page(diagnostic: Diagnostic, indicateur: Indicateur, jour: datetime.date) -> dict[str, Any]:
    anterieures = preuves_anterieures(diagnostic, indicateur)
    donnees = preuves_donnees(diagnostic, indicateur, anterieures, jour)
    reprises = a_reprendre(anterieures, donnees)
    empechement = empechement_repondre(diagnostic, timezone.now())
    return {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "diagnostic": diagnostic,
        "indicateur": indicateur,
        "preuves": donnees,
        "a_reprendre": reprises,
        "annees": sorted({preuve.diagnostic.campagne.annee_scolaire for preuve in reprises}),
        "empechement": empechement,
        "peut_repondre": peut_repondre(diagnostic, indicateur.champ.code) and not empechement,
        "retour": retour_a_l_indicateur(diagnostic, indicateur),
    }


def _ajouter(request: HttpRequest, diagnostic: Diagnostic, indicateur: Indicateur, formulaire: PreuveForm) -> bool:
    saisie = formulaire.cleaned_data
    try:
        ajouter_preuve(
            diagnostic=diagnostic,
            indicateur=indicateur,
            intitule=saisie["intitule"],
            date_piece=saisie["date_piece"],
            lien=saisie["lien"],
            piece=saisie["fichier"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    return True


@require_POST
def reprendre(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """Takes over proofs of earlier years, one or all those that the page showed."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    indicateur = _indicateur_ou_404(diagnostic, code)
    exiger_de_repondre(diagnostic, indicateur.champ.code)
    try:
        reprises = reprendre_preuves(
            diagnostic=diagnostic,
            indicateur=indicateur,
            cles=cles_choisies(request.POST),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, phrase_de_la_reprise(reprises))
    return redirect("diagnostic_preuves", uai, annee, code)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, annee: str, cle: str) -> HttpResponse:
    """Asks first, then takes the proof away."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    preuve = get_object_or_404(diagnostic.preuves.select_related("indicateur__champ"), cle=cle)
    exiger_de_repondre(diagnostic, preuve.indicateur.champ.code)
    preuve.diagnostic = diagnostic
    if request.method == "POST":
        try:
            retirer_preuve(preuve=preuve, auteur=request.user, maintenant=timezone.now())
            messages.success(request, f"La preuve « {preuve.intitule} » est retirée.")
        except Empeche as refus:
            messages.error(request, str(refus))
        return redirect("diagnostic_preuves", uai, annee, preuve.indicateur.code)
    contexte = {"etablissement": diagnostic.etablissement, "etape": "diagnostic", "preuve": preuve, "annee": annee}
    return render(request, "diagnostic/preuve_retirer.html", contexte)


@require_safe
def telecharger(request: HttpRequest, uai: str, annee: str, cle: str) -> FileResponse:
    """The file, always as a download, never as a page of ours."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    preuve = get_object_or_404(diagnostic.preuves.exclude(fichier=""), cle=cle)
    reponse = FileResponse(
        preuve.fichier.open("rb"),
        as_attachment=True,
        filename=preuve.nom_fichier,
        content_type="application/octet-stream",
    )
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return reponse


def retour_a_l_indicateur(diagnostic: Diagnostic, indicateur: Indicateur) -> str:
    """The address of the indicator in its champ's page."""
    page = reverse(
        "diagnostic_champ",
        args=[diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire, indicateur.champ.code],
    )
    return f"{page}#{indicateur.code}"


def _indicateur_ou_404(diagnostic: Diagnostic, code: str) -> Indicateur:
    indicateur = questionnaire(diagnostic.referentiel).par_code.get(code)
    if indicateur is None or ecarte(indicateur, situation_de(diagnostic.etablissement)):
        raise Http404("Cet indicateur n'est pas posé à cet établissement.")
    return indicateur
