"""What the page of the bin shows."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from plans.interfaces.historique import MOTS
from plans.queries.corbeille import SORTES, EnCorbeille
from strategie.socle.droits import Droit


@dataclass(frozen=True)
class LigneCorbeille:
    """`jours`: whole days before it may be destroyed."""

    objet: EnCorbeille
    nom: str
    jours: int


def sortes_lisibles(droits: Collection[Droit]) -> list[str]:
    """The kinds of things whose past this reader may read."""
    return [sorte for sorte in SORTES if MOTS[sorte].droit in droits]


def lignes_de_la_corbeille(lus: Iterable[tuple[Any, ...]], maintenant: datetime.datetime) -> list[LigneCorbeille]:
    objets = (EnCorbeille(*lu) for lu in lus)
    return [LigneCorbeille(objet, MOTS[objet.sorte].nom, objet.jours_restants(maintenant)) for objet in objets]
