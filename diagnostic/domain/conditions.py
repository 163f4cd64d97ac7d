"""Which indicators a school is asked, and the code of the rule that sets one aside. Pure Python.

| Code | The indicator is not asked |
|---|---|
| R01 | when its portée names none of the school's kinds (an EREA is both collège and lycée) |
| R02 | when it supposes an internat, and the register says that the school has none |
| R03 | when it supposes éducation prioritaire, and the school is not in it |

What the register does not say is asked: « sans objet » remains possible, with its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Regle(StrEnum):
    """A rule's code; its sentence is in REGLES."""

    PORTEE = "R01"
    INTERNAT = "R02"
    EDUCATION_PRIORITAIRE = "R03"


REGLES = {
    Regle.PORTEE: "s'adresse à une autre sorte d'établissement",
    Regle.INTERNAT: "suppose un internat",
    Regle.EDUCATION_PRIORITAIRE: "suppose l'éducation prioritaire",
}


@dataclass(frozen=True)
class Situation:
    """What the rules need to know of a school; `internat` is None where the register does not say."""

    portees: frozenset[str]
    internat: bool | None
    education_prioritaire: bool


def regle_ecartant(
    portee: Iterable[str], *, si_internat: bool, si_education_prioritaire: bool, situation: Situation
) -> Regle | None:
    """The first rule that sets the indicator aside for a school in this situation; None when it is asked."""
    if situation.portees.isdisjoint(portee):
        return Regle.PORTEE
    if si_internat and situation.internat is False:
        return Regle.INTERNAT
    if si_education_prioritaire and not situation.education_prioritaire:
        return Regle.EDUCATION_PRIORITAIRE
    return None


def non_concerne(regle: str) -> str:
    """« non concerné (règle R02) »: as screens, files and signed copies write it."""
    return f"non concerné (règle {regle})"
