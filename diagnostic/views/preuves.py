"""Proofs of an answer: list, add, take away, download."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.preuves import ajouter_preuve, retirer_preuve
from diagnostic.interfaces.formulaires import PreuveForm
from diagnostic.models import Diagnostic, Indicateur
from diagnostic.queries.questionnaire import ecarte, questionnaire, situation_de
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import diagnostic_ou_404
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit


@require_http_methods(["GET", "HEAD", "POST"])
def preuves(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """The proofs of one indicator, and the form that adds one."""
    droit = Droit.REPONDRE if request.method == "POST" else Droit.LIRE_BROUILLON
    diagnostic = diagnostic_ou_404(request, uai, annee, droit)
    indicateur = _indicateur_ou_404(diagnostic, code)
    formulaire = PreuveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid() and _ajouter(request, diagnostic, indicateur, formulaire):
        messages.success(request, "La preuve est ajoutée.")
        return redirect("diagnostic_preuves", uai, annee, code)
    empechement = empechement_repondre(diagnostic, timezone.now())
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "diagnostic": diagnostic,
        "indicateur": indicateur,
        "preuves": diagnostic.preuves.filter(indicateur=indicateur).select_related("deposee_par"),
        "formulaire": formulaire,
        "empechement": empechement,
        "peut_repondre": Droit.REPONDRE in diagnostic.etablissement.droits and not empechement,
        "retour": retour_a_l_indicateur(diagnostic, indicateur),
    }
    return render(request, "diagnostic/preuves.html", contexte, status=422 if formulaire.errors else 200)


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


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, annee: str, cle: str) -> HttpResponse:
    """Asks first, then takes the proof away."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.REPONDRE)
    preuve = get_object_or_404(diagnostic.preuves.select_related("indicateur__champ"), cle=cle)
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
