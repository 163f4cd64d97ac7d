"""What the law says of a board's meeting and of its votes. Pure computation; its figures are data with their source.

`donnees/regles-du-conseil-v1.json` holds them for everybody; an académie may say them otherwise (`ReglesConseil`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FICHIER = Path(__file__).parent.parent / "donnees" / "regles-du-conseil-v1.json"


@dataclass(frozen=True)
class Regles:
    """`nom`: the body that decides, or that gives its avis; `quorum` is empty where there is none."""

    nom: str
    convocation_jours: int
    urgence_jours: int
    executoire_jours: int
    executoire_budget_jours: int
    quorum: str
    source: str


@dataclass(frozen=True)
class Tenue:
    """A meeting as it was held."""

    date: datetime.date
    convoquee_le: datetime.date | None
    urgente: bool
    seconde: bool
    membres: int
    presents: int


@dataclass(frozen=True)
class Voix:
    pour: int
    contre: int
    abstentions: int = 0
    refus: int = 0

    @property
    def total(self) -> int:
        return self.pour + self.contre + self.abstentions + self.refus


def quorum(membres: int) -> int:
    """More than half of the members in office: 13 of 24, 16 of 30."""
    return membres // 2 + 1


def empechement_deliberer(regles: Regles, tenue: Tenue) -> str | None:
    """Why those who are there cannot decide."""
    if tenue.membres < 1:
        return "Dites combien de membres sont en exercice."
    if tenue.presents > tenue.membres:
        return f"Il y a {tenue.presents} présents pour {tenue.membres} membres en exercice\u00a0: vérifiez ces nombres."
    if tenue.presents < 1:
        return "Dites combien de membres étaient présents."
    if regles.quorum and not tenue.seconde and tenue.presents < quorum(tenue.membres):
        return (
            f"Le quorum n'est pas atteint\u00a0: {tenue.presents} présents, et il en faut {quorum(tenue.membres)} sur "
            f"{tenue.membres} membres en exercice. Le conseil est convoqué une seconde fois, et délibère alors quel "
            "que soit le nombre des présents."
        )
    return None


def empechement_voter(regles: Regles, tenue: Tenue, voix: Voix) -> str | None:
    """Why this vote cannot stand."""
    if refus := empechement_deliberer(regles, tenue):
        return refus
    if voix.total > tenue.presents:
        return f"Il y a {voix.total} voix pour {tenue.presents} présents\u00a0: le vote est personnel."
    return "Personne n'a voté\u00a0: donnez les voix." if not voix.pour and not voix.contre else None


def avertissements(regles: Regles, tenue: Tenue) -> Iterator[str]:
    """What does not stop the vote, but may be held against it."""
    if tenue.convoquee_le is None:
        yield "La date de la convocation n'est pas notée."
        return
    delai = regles.urgence_jours if tenue.urgente else regles.convocation_jours
    jours = (tenue.date - tenue.convoquee_le).days
    if jours < delai:
        yield (
            f"La convocation est partie {jours}\u00a0jour{'s' if jours > 1 else ''} avant la séance\u00a0: il en faut "
            f"{delai}{', même en urgence' if tenue.urgente else ''}. {regles.source}."
        )


def adoptee(voix: Voix, *, president: bool | None) -> bool | None:
    """Whether more voices are for than against; when they are equal, what the president says; None until it is said."""
    return president if voix.pour == voix.contre else voix.pour > voix.contre


def executoire_le(
    regles: Regles, *, budget: bool, transmise_le: datetime.date | None, publiee_le: datetime.date | None
) -> datetime.date | None:
    """The day when the act takes effect: some days after it was sent, else when it is published; None until then."""
    if transmise_le is not None:
        jours = regles.executoire_budget_jours if budget else regles.executoire_jours
        return transmise_le + datetime.timedelta(days=jours)
    return publiee_le


@cache
def _donnees() -> Mapping[str, Any]:
    donnees: Mapping[str, Any] = json.loads(FICHIER.read_text(encoding="utf-8"))
    return donnees


def regles_par_defaut(*, premier_degre: bool) -> Regles:
    return Regles(**_donnees()["conseil_d_ecole" if premier_degre else "ca"])


def visas_par_defaut(*, premier_degre: bool) -> tuple[str, ...]:
    return tuple(_donnees()["visas_ecole" if premier_degre else "visas"])
