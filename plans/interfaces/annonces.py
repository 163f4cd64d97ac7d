"""What floors above say of a plan on its own pages: a sentence, and where it leads."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from plans.queries.plan import Plan
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Annonce:
    """`etiquette`: in two or three words, when it calls for a look."""

    texte: str
    etiquette: str = ""
    adresse: str = ""
    lien: str = ""


# Of a school with the reader's `droits`, of its plan as it was read, on a day; one query or two, no more.
ANNONCES: list[Callable[[Etablissement, Plan, datetime.date], Annonce | None]] = []


def annonces_du_plan(etablissement: Etablissement, plan: Plan, jour: datetime.date) -> list[Annonce]:
    return [annonce for dire in ANNONCES if (annonce := dire(etablissement, plan, jour))]
