"""The animateur's second look, beside what the school signed."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.regards import enregistrer_regards
from diagnostic.interfaces.regards import PageRegard, lire_regard
from diagnostic.models import Diagnostic
from diagnostic.queries.regards import Regards, copie_a_regarder, regards_sur
from diagnostic.rules import empechement_rouvrir, empechement_second_regard
from diagnostic.views.acces import diagnostic_ou_404
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit


@require_safe
def regard(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """Both voices, champ by champ: the same page for the school and for those who follow it."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_DIAGNOSTIC)
    droits = diagnostic.etablissement.droits
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "regards": _regards_ou_404(diagnostic),
        "regarde": Droit.SECOND_REGARD in droits,
        "peut_rouvrir": Droit.SIGNER in droits and not empechement_rouvrir(diagnostic, timezone.now()),
    }
    return render(request, "diagnostic/regard.html", contexte)


@never_cache  # going back shows what is kept now, not what the page once said
@require_http_methods(["GET", "HEAD", "POST"])
def champ(request: HttpRequest, uai: str, annee: str, code: str) -> HttpResponse:
    """A champ's indicators; a POST keeps the whole page, and nothing that meets a conflict is lost."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.SECOND_REGARD)
    regards = _regards_ou_404(diagnostic)
    champ_regarde = regards.champ(code)
    if champ_regarde is None:
        raise Http404("Ce champ n'est pas dans le diagnostic signé.")
    page = PageRegard(regards, champ_regarde)
    if request.method == "POST":
        page = _enregistrer(request, lire_regard(request.POST, regards, champ_regarde))
        if page.gardee:
            return redirect(page.destination(request.POST))
    contexte = {"etablissement": diagnostic.etablissement, "etape": "diagnostic", "page": page}
    statut = page.statut if request.method == "POST" else 200
    return render(request, "diagnostic/regard_champ.html", contexte, status=statut)


def _enregistrer(request: HttpRequest, page: PageRegard) -> PageRegard:
    """The page once saved: it says what was not kept, and why."""
    if not page.valide:
        return page
    diagnostic = page.regards.diagnostic
    try:
        conflits = enregistrer_regards(
            diagnostic=diagnostic,
            copie=page.copie,
            saisies=page.saisies,
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        return replace(page, refus=str(refus))
    if conflits:
        return page.relue(_regards_ou_404(diagnostic), conflits)
    messages.success(request, "Votre second regard est enregistré.")
    return page


def _regards_ou_404(diagnostic: Diagnostic) -> Regards:
    copie = copie_a_regarder(diagnostic)
    if copie is None:
        raise Http404(empechement_second_regard(copie))
    return regards_sur(diagnostic, copie)
