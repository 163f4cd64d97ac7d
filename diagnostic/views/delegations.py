"""Who answers what: champs confided to colleagues."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diagnostic.domain.delegations import confier_champs
from diagnostic.interfaces.delegations import RepartitionForm, phrase_du_fait, phrase_entre_temps, prevenir
from diagnostic.models import Diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.queries.repartition import delegations_de, equipe_du_jour, lignes, parts
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import diagnostic_ou_404
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit


@never_cache  # going back shows who answers what now
@require_http_methods(["GET", "HEAD", "POST"])
def confier(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """The champs against the colleagues; every member reads it, the head changes it."""
    droit = Droit.CONFIER if request.method == "POST" else Droit.LIRE_BROUILLON
    diagnostic = diagnostic_ou_404(request, uai, annee, droit)
    formulaire = RepartitionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid() and _confier(request, diagnostic, formulaire):
        return redirect("diagnostic_confier", uai, annee)
    contexte = _tableau(diagnostic, formulaire) | {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "diagnostic": diagnostic,
        "formulaire": formulaire,
    }
    return render(request, "diagnostic/confier.html", contexte, status=422 if formulaire.errors else 200)


def _confier(request: HttpRequest, diagnostic: Diagnostic, formulaire: RepartitionForm) -> bool:
    try:
        changements = confier_champs(
            diagnostic=diagnostic,
            repartition=formulaire.repartition,
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    prevenir(changements.ajouts, request.user, request.build_absolute_uri("/"))
    libelles = {champ.code: champ.libelle for champ, _ in questionnaire(diagnostic.referentiel).champs}
    messages.success(request, phrase_du_fait(changements, request.user, libelles))
    if entre_temps := phrase_entre_temps(changements, libelles):
        messages.warning(request, entre_temps)
    return True


def _tableau(diagnostic: Diagnostic, formulaire: RepartitionForm) -> dict[str, Any]:
    """What is confided now; a form that was refused keeps its ticks and the state that it started from."""
    maintenant = timezone.now()
    delegations = list(delegations_de(diagnostic))
    equipe = equipe_du_jour(diagnostic.etablissement, diagnostic.campagne.jour_local(maintenant))
    actuelles = parts(delegations)
    empechement = empechement_repondre(diagnostic, maintenant)
    dits = formulaire.cleaned_data if formulaire.is_bound and not empechement else {}
    return {
        "lignes": lignes(etat_du_diagnostic(diagnostic), equipe, delegations, dits.get("confie", actuelles)),
        "vue": sorted(dits.get("vue", actuelles)),
        "seul": sum(collegue.peut_repondre for collegue in equipe.values()) < 2,
        "empechement": empechement,
        "peut_confier": Droit.CONFIER in diagnostic.etablissement.droits and not empechement,
    }
