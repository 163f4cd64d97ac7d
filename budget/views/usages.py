"""How lots serve: thirty seconds a term, and what is decided of those that do not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.usages import DejaDeclare, UsageDeclare, decider_usage, declarer_usage
from budget.interfaces.usages import (
    DecisionForm,
    UsageForm,
    fin_du_terme,
    lot_suivant,
    page_des_usages,
    phrase_de_la_declaration,
    suite_de_la_decision,
    terme_en_mots,
    termes_en_mots,
)
from budget.models import DecisionUsage, Lot
from budget.queries.usages import decisions_de, declaration_du_terme, terme_du_jour, termes_du_lot, usages_des_lots
from budget.views.acces import inventaire_ou_404
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def usages(request: HttpRequest, uai: str) -> HttpResponse:
    """All lots of the term: what waits for a decision, what waits for its declaration, what is declared."""
    etablissement = inventaire_ou_404(request, uai)
    terme = terme_du_jour(timezone.localdate())
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "page": page_des_usages(terme, usages_des_lots(etablissement, terme)),
        "peut_ecrire": Droit.TENIR_INVENTAIRE in etablissement.droits,
    }
    return render(request, "budget/usages.html", contexte)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declarer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """One lot, for the term that it is; then the next one that waits."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    lot = get_object_or_404(etablissement.lots.vivants(), pk=cle)
    lot.etablissement = etablissement
    terme = terme_du_jour(timezone.localdate())
    tenue = declaration_du_terme(lot, terme)
    formulaire = UsageForm(envoye(request), lot=lot, tenue=tenue)
    if request.method == "POST" and formulaire.is_valid() and (faite := _declarer(request, lot, formulaire)):
        messages.success(request, phrase_de_la_declaration(faite))
        suivant = lot_suivant(usages_des_lots(etablissement, terme), lot) if tenue is None else None
        return redirect("usage_declarer", uai, suivant.pk) if suivant else redirect("usages", uai)
    contexte = {"etablissement": etablissement, "etape": "moyens", "lot": lot, "formulaire": formulaire}
    contexte |= {"tenue": tenue, "terme": terme_en_mots(terme), "fin": fin_du_terme(terme)}
    return render(request, "budget/usage_declarer.html", contexte, status=formulaire.statut)


def _declarer(request: HttpRequest, lot: Lot, formulaire: UsageForm) -> UsageDeclare | None:
    try:
        return declarer_usage(
            lot=lot,
            saisie=formulaire.saisie(),
            version=formulaire.cleaned_data["version"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except DejaDeclare as refus:
        formulaire.signaler(refus)
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What is to be decided of a lot, and why; decided, what comes next."""
    etablissement = inventaire_ou_404(request, uai)
    if request.method == "POST":
        etablissement = etablissement_ou_404(request, uai, Droit.TENIR_INVENTAIRE)
    tenue = get_object_or_404(decisions_de(etablissement), pk=cle)
    tenue.lot.etablissement = etablissement
    formulaire = DecisionForm(envoye(request))
    if request.method == "POST" and formulaire.is_valid() and _decider(request, tenue, formulaire):
        messages.success(request, "La décision est enregistrée.")
        return redirect("decision_usage", uai, cle)
    contexte = _contexte_de_la_decision(etablissement, tenue) | {"formulaire": formulaire}
    return render(request, "budget/decision_usage.html", contexte, status=422 if formulaire.errors else 200)


def _contexte_de_la_decision(etablissement: Etablissement, tenue: DecisionUsage) -> dict[str, object]:
    modifie_le_plan = Droit.MODIFIER_PLAN in etablissement.droits
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "decision": tenue,
        "termes": termes_en_mots(termes_du_lot(tenue.lot)),
        "suite": suite_de_la_decision(tenue, etablissement.uai, modifie_le_plan=modifie_le_plan),
        "peut_decider": Droit.TENIR_INVENTAIRE in etablissement.droits,
    }


def _decider(request: HttpRequest, tenue: DecisionUsage, formulaire: DecisionForm) -> bool:
    try:
        decider_usage(
            decision=tenue,
            choix=formulaire.cleaned_data["choix"],
            motif=formulaire.cleaned_data["motif"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    return True
