"""The figures of a school's equipment, on screen and in files."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from budget.interfaces.chiffres import COLONNES, PageDesChiffres, ecrire_classeur
from budget.queries.chiffres import parc_de
from budget.views.acces import inventaire_ou_404
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def chiffres(request: HttpRequest, uai: str) -> HttpResponse:
    page = _page(request, uai)
    etablissement = page.parc.etablissement
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "page": page,
        "parc": page.parc,
        "fixe_des_durees": Droit.FIXER_DUREES in etablissement.droits,
    }
    return render(request, "budget/chiffres.html", contexte)


@require_safe
def prevision_csv(request: HttpRequest, uai: str) -> HttpResponseBase:
    return reponse_csv(f"renouvellement-{uai}.csv", COLONNES, _page(request, uai).echeances)


@require_safe
def prevision_xlsx(request: HttpRequest, uai: str) -> HttpResponse:
    entetes = {"Content-Disposition": f'attachment; filename="renouvellement-{uai}.xlsx"'}
    return HttpResponse(ecrire_classeur(_page(request, uai)), content_type=TYPE_XLSX, headers=entetes)


def _page(request: HttpRequest, uai: str) -> PageDesChiffres:
    return PageDesChiffres(parc_de(inventaire_ou_404(request, uai), timezone.localdate()))
