"""Experiments: what an action tries on a small perimeter, evaluates, then decides."""

from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.experimentations import (
    decider_experimentation,
    evaluer_experimentation,
    lire_experimentation,
    modifier_experimentation,
    ouvrir_experimentation,
    retirer_experimentation,
)
from plans.interfaces.experimentations import (
    DecisionForm,
    EvaluationForm,
    ExperimentationModifieeForm,
    NouvelleExperimentationForm,
    etat_de,
)
from plans.interfaces.indicateurs import AvecVersion, signaler_le_refus
from plans.models import Experimentation
from plans.queries.experimentations import actions_sans_experimentation, experimentations_lisibles
from plans.queries.indicateurs import Lecteur
from plans.rules.experimentations import (
    empechement_changer_experimentation,
    empechement_decider,
    empechement_evaluer,
)
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


def experimentation_ou_404(etablissement: Etablissement, cle: int) -> Experimentation:
    experimentation = get_object_or_404(experimentations_lisibles(etablissement), pk=cle)
    experimentation.action.etablissement = etablissement
    return experimentation


@require_safe
def experimentations(request: HttpRequest, uai: str) -> HttpResponse:
    """What waits for a decision first, then what is decided."""
    etablissement, jour = etablissement_ou_404(request, uai, Droit.LIRE_PLAN), timezone.localdate()
    lignes = [(e, etat_de(e, jour)) for e in experimentations_lisibles(etablissement)]
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "groupes": [
            ("en-cours", "En cours", [ligne for ligne in lignes if not ligne[0].decision]),
            ("decidees", "Décidées", [ligne for ligne in lignes if ligne[0].decision]),
        ],
        "nombre": len(lignes),
        "peut_modifier": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/experimentations.html", contexte)


@require_safe
def experimentation(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement, jour = etablissement_ou_404(request, uai, Droit.LIRE_PLAN), timezone.localdate()
    lue = experimentation_ou_404(etablissement, cle)
    lecteur = Lecteur(etablissement, jour, etablissement.droits)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "experimentation": lue,
        "etat": etat_de(lue, jour),
        "lectures": lecteur.des_actions([lue.action_id])[lue.action_id],
        "peut_modifier": Droit.MODIFIER_PLAN in etablissement.droits and not lue.decision,
        "empechement_evaluer": empechement_evaluer(lue, jour),
        "empechement_decider": empechement_decider(lue),
    }
    return render(request, "plans/experimentation.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: HttpRequest, uai: str) -> HttpResponse:
    """On one of the actions that have none; `?action=` chooses it."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    actions = actions_sans_experimentation(etablissement)
    choisie = {"action": request.GET.get("action", "")}
    formulaire = NouvelleExperimentationForm(envoye(request), actions=actions, initial=choisie)
    if request.method == "POST" and formulaire.is_valid():
        action = next(action for action in actions if action.pk == formulaire.cleaned_data["action"])
        try:
            ouverte = ouvrir_experimentation(
                action=action, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now()
            )
            messages.success(request, "L'expérimentation est ouverte.")
            return redirect("experimentation", uai, ouverte.pk)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "actions": actions}
    statut = 422 if request.method == "POST" else 200
    return render(request, "plans/experimentation_ouvrir.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its question, its perimeter and its dates, as long as nothing is decided."""
    tenue = _a_ecrire(request, uai, cle)
    formulaire = ExperimentationModifieeForm(
        envoye(request), initial={"version": tenue.version, **asdict(lire_experimentation(tenue))}
    )
    return _ecrire(
        *(request, "plans/experimentation_modifier.html", tenue, formulaire),
        empechement=empechement_changer_experimentation(tenue),
        acte=lambda dit: modifier_experimentation(**dit, saisie=formulaire.saisie()),
        fait="L'expérimentation est enregistrée.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def evaluer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Files what was observed; only then is there something to decide."""
    tenue = _a_ecrire(request, uai, cle)
    initial = {"version": tenue.version, "evaluation": tenue.evaluation}
    formulaire = EvaluationForm(envoye(request), initial=initial)
    return _ecrire(
        *(request, "plans/experimentation_evaluer.html", tenue, formulaire),
        empechement=empechement_evaluer(tenue, timezone.localdate()),
        acte=lambda dit: evaluer_experimentation(**dit, evaluation=formulaire.cleaned_data["evaluation"]),
        fait="L'évaluation est déposée\u00a0: la décision peut se prendre.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decider(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Once; what lacks is named at its field."""
    tenue = _a_ecrire(request, uai, cle)
    formulaire = DecisionForm(envoye(request), initial={"version": tenue.version})
    return _ecrire(
        *(request, "plans/experimentation_decider.html", tenue, formulaire),
        empechement=empechement_decider(tenue),
        acte=lambda dit: decider_experimentation(**dit, saisie=formulaire.saisie()),
        fait="La décision est enregistrée\u00a0: l'expérimentation ne change plus.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first."""
    tenue = _a_ecrire(request, uai, cle)
    empechement = empechement_changer_experimentation(tenue)
    if request.method == "POST":
        try:
            retirer_experimentation(experimentation=tenue, auteur=request.user, maintenant=timezone.now())
            messages.success(request, "L'expérimentation est à la corbeille pour trente jours.")
            return redirect("experimentations", uai)
        except Empeche as refus:
            empechement = str(refus)
    contexte = {"etablissement": tenue.action.etablissement, "etape": "moyens", "experimentation": tenue}
    statut = 422 if request.method == "POST" else 200
    return render(request, "plans/experimentation_retirer.html", contexte | {"empechement": empechement}, status=statut)


def _a_ecrire(request: HttpRequest, uai: str, cle: int) -> Experimentation:
    return experimentation_ou_404(etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN), cle)


def _ecrire(
    request: HttpRequest,
    gabarit: str,
    tenue: Experimentation,
    formulaire: AvecVersion,
    *,
    empechement: str | None,
    acte: Callable[[dict[str, object]], object],
    fait: str,
) -> HttpResponse:
    """What changing, evaluating and deciding share; `acte` is given what they all take."""
    if request.method == "POST" and formulaire.is_valid():
        dit = {"experimentation": tenue, "version": formulaire.cleaned_data["version"]}
        try:
            acte(dit | {"auteur": request.user, "maintenant": timezone.now()})
            messages.success(request, fait)
            return redirect("experimentation", tenue.action.etablissement.uai, tenue.pk)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    contexte = {"etablissement": tenue.action.etablissement, "etape": "moyens", "experimentation": tenue}
    contexte |= {"formulaire": formulaire, "empechement": empechement}
    return render(request, gabarit, contexte, status=formulaire.statut)
