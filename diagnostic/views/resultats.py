"""What was signed: on screen, as a PDF, as JSON."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from diagnostic.models import CopieSignee
from diagnostic.queries.copies import copies_de, derniere_copie, resultats_signes
from diagnostic.rules import empechement_rouvrir
from diagnostic.views.acces import diagnostic_ou_404
from strategie.socle.droits import Droit


@require_safe
def resultats(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """Profile, paliers, scores and what is missing, from the copy in force."""
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_DIAGNOSTIC)
    copie = derniere_copie(diagnostic.etablissement, annee)
    if copie is None:
        raise Http404("Ce diagnostic n'a pas encore été signé.")
    copie.diagnostic = diagnostic
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "diagnostic": diagnostic,
        "resultats": resultats_signes(copie),
        "versions": copies_de(diagnostic.etablissement).filter(diagnostic=diagnostic),
        "peut_signer": Droit.SIGNER in diagnostic.etablissement.droits,
        "lit_le_brouillon": Droit.LIRE_BROUILLON in diagnostic.etablissement.droits,
        "empechement_rouvrir": empechement_rouvrir(diagnostic, timezone.now()),
    }
    return render(request, "diagnostic/resultats.html", contexte)


@require_safe
def pdf(request: HttpRequest, uai: str, annee: str, version: int) -> HttpResponse:
    copie = _copie(request, uai, annee, version)
    return _telecharger(bytes(copie.pdf), "application/pdf", f"diagnostic-{uai}-{annee}-v{version}.pdf")


@require_safe
def contenu(request: HttpRequest, uai: str, annee: str, version: int) -> HttpResponse:
    copie = _copie(request, uai, annee, version)
    return _telecharger(
        copie.contenu.encode(), "application/json; charset=utf-8", f"diagnostic-{uai}-{annee}-v{version}.json"
    )


def _copie(request: HttpRequest, uai: str, annee: str, version: int) -> CopieSignee:
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.LIRE_DIAGNOSTIC)
    copie = diagnostic.copies.filter(version=version).first()
    if copie is None:
        raise Http404("Cette version n'a pas été signée.")
    return copie


def _telecharger(octets: bytes, type_contenu: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type=type_contenu)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
