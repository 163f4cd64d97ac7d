"""Tags that the school sticks on its things, and the sheets that they are printed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PREFIXE = "P-"
NUMERO = re.compile(r"^P-(\d{1,9})$", re.IGNORECASE)
PAR_FICHIER = 240  # ten sheets


@dataclass(frozen=True)
class Planche:
    """A sheet of labels as shops sell them."""

    code: str
    libelle: str
    colonnes: int
    rangees: int

    @property
    def etiquettes(self) -> int:
        return self.colonnes * self.rangees


PLANCHES = {
    planche.code: planche
    for planche in (
        Planche("24", "24 par feuille (70 × 37 mm)", 3, 8),
        Planche("21", "21 par feuille (63,5 × 38,1 mm)", 3, 7),
    )
}


def numeros_suivants(etiquettes: Iterable[str]) -> Iterator[str]:
    """« P-0001 », then on: after the highest that was ever given."""
    rang = max((int(trouve[1]) for etiquette in etiquettes if (trouve := NUMERO.match(etiquette))), default=0)
    while True:
        rang += 1
        yield f"{PREFIXE}{rang:04d}"
