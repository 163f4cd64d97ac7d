"""The hours of a district's trainers: how many, engaged, asked, left; fixed by its animateur or by the rectorat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from budget.domain.formateurs import CapaciteChangee, fixer_capacite
from budget.interfaces.formateurs import CapaciteForm, annees_des_formateurs
from budget.queries.formateurs import lire_heures
from budget.queries.plan_formation import trois_annees
from plans.views.acces_district import district_ou_404
from plans.views.demande import envoye
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import District


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def heures(request: HttpRequest, cle: int) -> HttpResponse:
    """The last school year, this one and the next, with the trainings behind each figure."""
    district = district_ou_404(request, cle, Droit.PILOTER_FORMATION)
    lues = lire_heures(district, trois_annees(annee_precedente(annee_scolaire(timezone.localdate()))))
    annees = annees_des_formateurs(lues, envoye(request), request.POST.get("annee", ""))
    envoyee = next((annee.formulaire for annee in annees if annee.formulaire.is_bound), None)
    if envoyee and envoyee.is_valid() and _fixer(request, district, envoyee):
        messages.success(request, f"Les heures de formateurs de {envoyee.annee} sont enregistrées.")
        return redirect("heures_formateurs", cle)
    contexte = {"district": district, "annees": annees}
    return render(request, "budget/formateurs.html", contexte, status=422 if request.method == "POST" else 200)


def _fixer(request: HttpRequest, district: District, formulaire: CapaciteForm) -> bool:
    lu = formulaire.cleaned_data
    try:
        fixer_capacite(
            district=district,
            annee=formulaire.annee,
            heures=lu["heures"],
            version=lu["version"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except CapaciteChangee as change:
        formulaire.repartir(change.actuelle)
    except Empeche as refus:
        formulaire.add_error("heures", str(refus))
    return not formulaire.errors
