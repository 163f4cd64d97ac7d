"""The balance of a school's money: an exercice, the years to come, other choices side by side, the renewal cliff."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.scenarios import ScenarioChange, fixer_scenario
from budget.interfaces.equilibre import (
    ScenarioForm,
    cotes,
    dessin_de_ce_qui_revient,
    dessin_de_l_equilibre,
    dessin_de_la_falaise,
    dessin_des_scenarios,
)
from budget.models import LigneDeScenario
from budget.queries.equilibre import Equilibre, empreinte, lire_equilibre
from budget.queries.falaise import lire_falaise
from budget.views.acces_budget import exercice_demande
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def equilibre(request: HttpRequest, uai: str) -> HttpResponse:
    """Of the exercice of the address, this civil year when it says none."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET)
    lu = _lire(request, etablissement)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "tient": Droit.TENIR_BUDGET in etablissement.droits,
        "equilibre": lu,
        "cotes": cotes(lu),
        "dessin_equilibre": dessin_de_l_equilibre(lu),
        "dessin_scenarios": dessin_des_scenarios(lu),
        "dessin_recurrent": dessin_de_ce_qui_revient(lu),
    }
    return render(request, "budget/equilibre.html", contexte)


def _lire(request: HttpRequest, etablissement: Etablissement) -> Equilibre:
    return lire_equilibre(etablissement, exercice_demande(request), timezone.localdate().year)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scenario(request: HttpRequest, uai: str, scenario: str) -> HttpResponse:
    """Neither the plan nor the budget changes. What is sent is kept, whether another page of lines follows or not."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_BUDGET)
    if scenario not in LigneDeScenario.Scenario.values:
        raise Http404("Ce scénario n'existe pas.")
    lu = _lire(request, etablissement)
    formulaire = ScenarioForm(envoye(request), lu, scenario, request.GET.get("page", ""))
    nom = LigneDeScenario.Scenario(scenario).label
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, etablissement, lu, scenario, formulaire):
        messages.success(request, f"Le scénario «\u00a0{nom}\u00a0» est enregistré. Le budget n'a pas changé.")
        return redirect(_suite_du_scenario(uai, scenario, lu.exercice, request.POST.get("page", "")))
    contexte = {"etablissement": etablissement, "etape": "moyens", "equilibre": lu, "formulaire": formulaire}
    contexte |= {"scenario": scenario, "nom": nom}
    return render(request, "budget/scenario_modifier.html", contexte, status=formulaire.statut)


def _suite_du_scenario(uai: str, scenario: str, exercice: int, page: str) -> str:
    """The page of lines that a button asks for, else the balance."""
    if page:
        return reverse("scenario_modifier", args=[uai, scenario], query={"exercice": exercice, "page": page})
    return reverse("equilibre", args=[uai], query={"exercice": exercice})


def _fixer(
    request: HttpRequest, etablissement: Etablissement, lu: Equilibre, scenario: str, formulaire: ScenarioForm
) -> bool:
    try:
        fixer_scenario(
            etablissement=etablissement,
            exercice=lu.exercice,
            scenario=scenario,
            lu=formulaire.lu,
            montants=formulaire.montants(),
            ajouts=formulaire.saisie_des_ajouts(),
            auteur=request.user,
        )
    except ScenarioChange as change:
        formulaire.change, formulaire.refus = True, str(change)
        formulaire.lu = empreinte(_lire(request, etablissement).ecarts, scenario)
        return False
    except Empeche as refus:
        formulaire.refus = str(refus)
        return False
    return True


@require_safe
def falaise(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BUDGET)
    lue = lire_falaise(etablissement, timezone.localdate())
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "falaise": lue,
        "dessin": dessin_de_la_falaise(lue),
        "lit_l_inventaire": Droit.LIRE_INVENTAIRE in etablissement.droits,
    }
    return render(request, "budget/falaise.html", contexte)
