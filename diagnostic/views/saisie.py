"""Answering: a page a champ, saved answer by answer or all at once."""

import datetime
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.domain.plausibilite import RegleDePlausibilite
from diagnostic.domain.reponses import AUTRE_VERSION, Conflit, IndicateurInconnu, enregistrer_champ, enregistrer_reponse
from diagnostic.interfaces.page_champ import PageChamp, lire_page
from diagnostic.interfaces.saisie import ReponseForm
from diagnostic.models import Diagnostic
from diagnostic.queries.etat import contradictions_de, etat_du_diagnostic
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import autre_version, diagnostic_ou_404, exiger_de_repondre, peut_repondre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.rules import empechement_ecrire


@require_safe
def reprendre(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """Opens the first indicator without an answer, or to confirm, among those that the person answers; else the page
    that checks everything.
    """
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    champs = [champ for champ in etat_du_diagnostic(diagnostic).champs if peut_repondre(diagnostic, champ.champ.code)]
    premier = next((champ.premier_a_repondre for champ in champs if champ.premier_a_repondre), None)
    if premier is None:
        return redirect("diagnostic_verifier", uai, annee)
    reponse = redirect("diagnostic_champ", uai, annee, premier.indicateur.champ.code)
    reponse["Location"] += f"#{premier.indicateur.code}"
    return reponse


@never_cache  # going back shows what is kept now, not what the page once said
@require_http_methods(["GET", "HEAD", "POST"])
def champ(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """The champ's indicators; a POST keeps the whole page, and nothing that meets a conflict is lost."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    etat = etat_du_diagnostic(diagnostic)
    etat_champ = etat.champ(code)
    if etat_champ is None:
        raise Http404("Ce champ n'est pas dans le référentiel.")
    page = PageChamp(etat, etat_champ)
    if request.method == "POST":
        exiger_de_repondre(diagnostic, code)
        page = lire_page(request.POST, etat, etat_champ)
        if page.valide and (page := _enregistrer(request, page)).gardee:
            return redirect(page.destination(request.POST))
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "page": page.avec_faits(timezone.localdate()),
        "empechement": _empechement(diagnostic, code),
    }
    return render(request, "diagnostic/champ.html", contexte, status=page.statut if request.method == "POST" else 200)


def _enregistrer(request: HttpRequest, page: PageChamp) -> PageChamp:
    """The page once saved: it says what was not kept, and why."""
    if autre_version(request.GET, page.etat.diagnostic):
        return replace(page, refus=AUTRE_VERSION)
    try:
        conflits = enregistrer_champ(
            diagnostic=page.etat.diagnostic, saisies=page.saisies, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        return replace(page, refus=str(refus))
    if conflits:
        return page.relue(conflits)
    if page.saisies:
        messages.success(request, page.message)
    return page


@require_POST
def reponse(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """One answer, kept as it is given: JSON for the page's script."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_BROUILLON)
    if autre_version(request.GET, diagnostic):
        return JsonResponse({"message": AUTRE_VERSION}, status=422)
    indicateur = questionnaire(diagnostic.referentiel).par_code.get(code)
    if indicateur is None:
        raise Http404("Cet indicateur n'est pas dans le référentiel.")
    exiger_de_repondre(diagnostic, indicateur.champ.code)
    formulaire = ReponseForm(request.POST)
    if not formulaire.is_valid():
        return JsonResponse({"message": formulaire.premiere_erreur}, status=422)
    maintenant = timezone.now()
    try:
        resultat = enregistrer_reponse(
            diagnostic=diagnostic, saisie=formulaire.saisie(code), auteur=request.user, maintenant=maintenant
        )
    except Empeche as refus:
        return JsonResponse({"message": str(refus)}, status=422)
    except IndicateurInconnu as inconnu:
        raise Http404("Cet indicateur n'est pas posé à cet établissement.") from inconnu
    if isinstance(resultat, Conflit):
        return JsonResponse(_en_json(resultat, diagnostic), status=409)
    return JsonResponse(
        {
            "version": resultat.version,
            "message": f"Enregistré à {_heure(maintenant, diagnostic)}",
            "alertes": [_alerte(regle) for regle in contradictions_de(diagnostic, code)],
        }
    )


def _alerte(regle: RegleDePlausibilite) -> dict[str, object]:
    return {
        "regle": regle.code,
        "bloquante": regle.bloquante,
        "phrase": regle.phrase,
        "indicateurs": regle.indicateurs,
    }


def _en_json(conflit: Conflit, diagnostic: Diagnostic) -> dict[str, object]:
    actuelle = conflit.actuelle
    return {
        "version": actuelle.version,
        "valeur": actuelle.valeur,
        "libelle": actuelle.get_valeur_display() or "Sans réponse",
        "motif": actuelle.motif,
        "commentaire": actuelle.commentaire,
        "a_reconfirmer": actuelle.a_reconfirmer,
        "auteur": str(actuelle.modifiee_par),
        "heure": _heure(actuelle.modifiee_le, diagnostic),
    }


def _heure(instant: datetime.datetime, diagnostic: Diagnostic) -> str:
    """The time it is in the school's académie."""
    return date_format(timezone.localtime(instant, diagnostic.campagne.academie.zone), r"G \h i")


def _empechement(diagnostic: Diagnostic, champ: str) -> str | None:
    """Why this page is for reading only, if it is."""
    if refus := empechement_ecrire(diagnostic.etablissement):
        return refus
    if not peut_repondre(diagnostic, champ):
        return (
            "Vous pouvez lire ces réponses. Y répondent le chef d'établissement, le référent numérique, "
            "et les personnes à qui ce champ est confié."
        )
    return empechement_repondre(diagnostic, timezone.now())
