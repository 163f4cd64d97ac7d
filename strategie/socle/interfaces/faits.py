"""Facts that floors above know of a school, offered beside a question: shown with their source, never answered for it.

A published version of the référentiel never changes: what is offered goes by the code of its indicators, and is filled
when the application starts. The floor that asks knows none of those that answer.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Fait:
    """« L'inventaire dit » (`qui`), a sentence with its exact figures, the day, and the page where it is read."""

    qui: str
    phrase: str
    le: datetime.date
    adresse: str


# Of the indicators whose codes are given: a school's facts, each after the code of the indicator that it is about.
Offreur = Callable[[Etablissement, Collection[str], datetime.date], Iterable[tuple[str, Fait]]]
OFFREURS: list[Offreur] = []


def faits_offerts(
    etablissement: Etablissement, codes: Collection[str], jour: datetime.date
) -> Mapping[str, list[Fait]]:
    """By code; `etablissement` comes with the `droits` of the person who reads."""
    offerts: dict[str, list[Fait]] = defaultdict(list)
    for offreur in OFFREURS:
        for code, fait in offreur(etablissement, codes, jour):
            offerts[code].append(fait)
    return offerts
