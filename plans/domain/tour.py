"""The page turned: every action that was to end is carried over, done, given up or taken away, in one act."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from plans.domain.corbeille import promettre_la_purge
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Action, Axe, Suivi
from plans.queries.tour import actions_a_decider, situations
from plans.rules.tour import (
    ABANDONNER,
    CHANGEE,
    PAGE_CHANGEE,
    REALISER,
    REPORTER,
    RETIRER,
    Decision,
    defauts_des_decisions,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import date_en_phrase

ETATS = {REALISER: Action.Etat.REALISEE, ABANDONNER: Action.Etat.ABANDONNEE}


class PageChangee(Empeche):
    """Somebody else has changed these actions since the page was shown: nothing is written."""

    def __init__(self, lignes: Mapping[int, str]) -> None:
        super().__init__(PAGE_CHANGEE)
        self.lignes = lignes


class DecisionsRefusees(Empeche):
    """`lignes`: a sentence by action."""

    def __init__(self, lignes: Mapping[int, str]) -> None:
        super().__init__("Rien n'est enregistré\u00a0: corrigez les lignes signalées.")
        self.lignes = lignes


@dataclass(frozen=True)
class PageTournee:
    reportees: int
    realisees: int
    abandonnees: int
    retirees: int
    axes_clos: int


def tourner_la_page(
    *,
    etablissement: Etablissement,
    annee: str,
    decisions: Sequence[Decision],
    axes_a_clore: Collection[int],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> PageTournee:
    """All the actions that were to end by `annee`, or none: one decision is missing, stale or impossible, nothing is
    written. Sent twice, it is done once. Raises PageChangee and DecisionsRefusees.
    """
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    par_action = {decision.action: decision for decision in decisions}
    with acte("tourner_la_page", auteur):
        verrouiller_le_plan(etablissement)
        if not _deja_fait(etablissement, par_action):
            tenues = list(actions_a_decider(etablissement, annee).select_for_update(no_key=True).order_by("pk"))
            _verifier(tenues, par_action, annee, jour)
            for action in tenues:
                _appliquer(action, par_action[action.pk], auteur, maintenant, jour)
            if any(decision.suite == RETIRER for decision in par_action.values()):
                promettre_la_purge(etablissement.pk, maintenant)
        clos = Axe.objects.vivants().filter(etablissement=etablissement, pk__in=axes_a_clore)
        clos.filter(clos_le__isnull=True).update(clos_le=maintenant, version=F("version") + 1)
    return _compter(par_action.values(), len(axes_a_clore))


def _verifier(tenues: Sequence[Action], decisions: Mapping[int, Decision], annee: str, jour: datetime.date) -> None:
    versions = {action.pk: action.version for action in tenues}
    perimees = {
        cle: CHANGEE for cle, version in versions.items() if cle not in decisions or decisions[cle].version != version
    }
    if perimees or decisions.keys() - versions.keys():
        raise PageChangee(perimees)
    if defauts := defauts_des_decisions(situations(tenues, annee), decisions, annee, jour):
        raise DecisionsRefusees(defauts)


def _deja_fait(etablissement: Etablissement, decisions: Mapping[int, Decision]) -> bool:
    """Each action is as this very page would leave it, one version later: the form came twice."""
    actions = Action.objects.filter(etablissement=etablissement, pk__in=decisions).in_bulk()
    return bool(decisions) and all(
        cle in actions and actions[cle].version == decision.version + 1 and _est_appliquee(actions[cle], decision)
        for cle, decision in decisions.items()
    )


def _est_appliquee(action: Action, decision: Decision) -> bool:
    if decision.suite == RETIRER:
        return action.supprime_le is not None
    if decision.suite == REPORTER:
        return (action.annee_fin, action.trimestre_fin) == (decision.annee_fin, decision.trimestre_fin)
    return action.etat == ETATS.get(decision.suite)


def _appliquer(
    action: Action,
    decision: Decision,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    jour: datetime.date,
) -> None:
    """One write, and one line more in the trail."""
    valeurs, note = _valeurs(action, decision, auteur, maintenant)
    Suivi.objects.create(
        action=action,
        etat_avant=action.etat,
        etat=ETATS.get(decision.suite, Action.Etat(action.etat)),
        note=note,
        note_par=auteur,
        note_le=maintenant,
    )
    Action.objects.filter(pk=action.pk).update(
        version=F("version") + 1, modifiee_le=maintenant, derniere_nouvelle=jour, **valeurs
    )


def _valeurs(
    action: Action, decision: Decision, auteur: Utilisateur, maintenant: datetime.datetime
) -> tuple[dict[str, object], str]:
    """What is written of the action, and what its trail says."""
    if decision.suite == RETIRER:
        return {"supprime_le": maintenant, "supprime_par": auteur}, "Mise à la corbeille au passage d'année."
    if decision.suite == REPORTER:
        fin: dict[str, object] = {
            "annee_fin": decision.annee_fin,
            "trimestre_fin": decision.trimestre_fin,
            "echeance": None,
        }
        return fin, " ".join(filter(None, [_report(action, decision), decision.raison]))
    raison = decision.raison if decision.suite == ABANDONNER else ""
    return {"etat": ETATS[decision.suite], "raison": raison}, decision.raison


def _report(action: Action, decision: Decision) -> str:
    avant = moment_de_fin(action.annee_fin, action.trimestre_fin)
    apres = moment_de_fin(decision.annee_fin, decision.trimestre_fin)
    precise = f" (échéance du {date_en_phrase(action.echeance)} retirée)" if action.echeance else ""
    return f"Reportée\u00a0: fin {avant}, désormais {apres}{precise}."


def moment_de_fin(annee: str, trimestre: int | None) -> str:
    """« 2026-2027, trimestre 2 »."""
    return f"{annee}, trimestre\u00a0{trimestre}" if trimestre else annee


def _compter(decisions: Collection[Decision], axes_clos: int) -> PageTournee:
    suites = [decision.suite for decision in decisions]
    return PageTournee(
        reportees=suites.count(REPORTER),
        realisees=suites.count(REALISER),
        abandonnees=suites.count(ABANDONNER),
        retirees=suites.count(RETIRER),
        axes_clos=axes_clos,
    )
