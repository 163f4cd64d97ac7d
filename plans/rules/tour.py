"""The year's turn: when it comes, and what may be decided of each action that was to end."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.rules.actions import (
    NOTE_MAX,
    derniere_annee_possible,
    empechement_changer_etat,
)
from plans.rules.besoins import est_une_annee

REPORTER, REALISER, ABANDONNER, RETIRER = "reporter", "realiser", "abandonner", "retirer"
JUIN = 6
PAGE_CHANGEE = (
    "Le plan a changé pendant que vous décidiez\u00a0: rien n'est enregistré. Vérifiez les lignes signalées, puis "
    "continuez."
)
A_DECIDER = "Dites ce que devient cette action."
CHANGEE = "Cette action a changé entre-temps\u00a0: vérifiez ce que vous en décidez."


def annee_qui_finit(jour: datetime.date) -> str:
    """The school year that ends, or has ended, in this civil year: from January on, people look at its summer."""
    return f"{jour.year - 1}-{jour.year}"


def est_le_moment(jour: datetime.date) -> bool:
    """From June on, and until the civil year ends, the plan says that its page is to be turned."""
    return jour.month >= JUIN


@dataclass(frozen=True)
class Decision:
    """What becomes of an action; `version`: the one that the page showed."""

    action: int
    version: int
    suite: str
    annee_fin: str = ""
    trimestre_fin: int | None = None
    raison: str = ""


@dataclass(frozen=True)
class Situation:
    """What decides whether a decision holds: the action's state, its sub-actions that go on after the year, and the
    others that are to be decided with it.
    """

    etat: str
    brouillon: bool
    continuent: Sequence[str]
    sous_actions: Sequence[int]


def suites_possibles(situation: Situation) -> tuple[str, ...]:
    """A draft was promised to nobody: it is carried over, or put in the bin."""
    return (REPORTER, RETIRER) if situation.brouillon else (REPORTER, REALISER, ABANDONNER)


def defauts_des_decisions(
    situations: Mapping[int, Situation], decisions: Mapping[int, Decision], annee: str, jour: datetime.date
) -> dict[int, str]:
    """A sentence by action; `annee`: the school year that ends."""
    defauts = {
        cle: _defaut(situation, decisions.get(cle), decisions, annee, jour) for cle, situation in situations.items()
    }
    return {cle: defaut for cle, defaut in defauts.items() if defaut}


def _defaut(
    situation: Situation,
    decision: Decision | None,
    decisions: Mapping[int, Decision],
    annee: str,
    jour: datetime.date,
) -> str | None:
    if decision is None or decision.suite not in suites_possibles(situation):
        return A_DECIDER
    if len(decision.raison) > NOTE_MAX:
        return f"La raison dépasse {NOTE_MAX}\u00a0caractères\u00a0: raccourcissez-la."
    if decision.suite == REPORTER:
        return _defaut_du_report(decision, annee, jour)
    if decision.suite == ABANDONNER and (
        refus := empechement_changer_etat(situation.etat, "abandonnee", decision.raison)
    ):
        return refus
    return _defaut_des_sous_actions(situation, decisions)


def _defaut_du_report(decision: Decision, annee: str, jour: datetime.date) -> str | None:
    derniere = derniere_annee_possible(jour)
    if not est_une_annee(decision.annee_fin) or not annee < decision.annee_fin <= derniere:
        return f"Une action se reporte à une année scolaire après {annee}, jusqu'à {derniere}."
    if decision.trimestre_fin not in (None, 1, 2, 3):
        return "Un trimestre va de 1 à 3."
    return None


def _defaut_des_sous_actions(situation: Situation, decisions: Mapping[int, Decision]) -> str | None:
    """An action does not end before what it is made of."""
    if situation.continuent:
        noms = ", ".join(f"«\u00a0{nom}\u00a0»" for nom in situation.continuent)
        return f"Elle a une suite après cette année ({noms})\u00a0: reportez-la aussi."
    if any(decisions[cle].suite == REPORTER for cle in situation.sous_actions if cle in decisions):
        return "Une de ses sous-actions est reportée\u00a0: reportez-la aussi."
    return None
