"""The plan of training over three school years: on screen, on paper, in a workbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget.interfaces.plan_formation import contexte_du_plan, ecrire_plan_xlsx, rendre_plan_pdf
from budget.queries.plan_formation import PlanDeFormation, lire_plan_formation, trois_annees
from budget.queries.reglages_formation import reglages_de
from budget.views.acces_formation import formations_lisibles_ou_404, lecteur_de
from plans.views.demande import annee_demandee
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from strategie.socle.models import Etablissement

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def plan(request: HttpRequest, uai: str) -> HttpResponse:
    """From the school year of the address (`?annee=`), or this one."""
    etablissement, premiere = formations_lisibles_ou_404(request, uai), annee_demandee(request)
    contexte = contexte_du_plan(_plan(etablissement, premiere), reglages_de(etablissement.academie))
    contexte |= {"etablissement": etablissement, "etape": "moyens", "lecteur": lecteur_de(etablissement)}
    contexte |= {"annee": premiere, "avant": annee_precedente(premiere), "apres": annee_suivante(premiere)}
    return render(request, "budget/plan_formation.html", contexte)


@require_safe
def pdf(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement, premiere = formations_lisibles_ou_404(request, uai), annee_demandee(request)
    octets = b""
    if request.method != "HEAD":
        octets = rendre_plan_pdf(_plan(etablissement, premiere), reglages_de(etablissement.academie), etablissement)
    return _telecharger(octets, "application/pdf", f"plan-de-formation-{uai}-{premiere}.pdf")


@require_safe
def xlsx(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement, premiere = formations_lisibles_ou_404(request, uai), annee_demandee(request)
    octets = b""
    if request.method != "HEAD":
        octets = ecrire_plan_xlsx(_plan(etablissement, premiere), reglages_de(etablissement.academie), etablissement)
    return _telecharger(octets, TYPE_XLSX, f"plan-de-formation-{uai}-{premiere}.xlsx")


def _plan(etablissement: Etablissement, premiere: str) -> PlanDeFormation:
    brouillons = lecteur_de(etablissement).lit_le_plan
    return lire_plan_formation(etablissement, trois_annees(premiere), brouillons=brouillons)


def _telecharger(octets: bytes, type_contenu: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type=type_contenu)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
