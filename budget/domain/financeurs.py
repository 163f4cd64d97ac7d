"""Who may pay: data, after DOMAIN.md 7.4, in our own words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FICHIER = Path(__file__).parent.parent / "donnees" / "financeurs-v1.json"


@dataclass(frozen=True)
class Financeur:
    """`partie`: on whose side it is (collectivite, etat, eple, prive); `degres`: the schools that it concerns."""

    code: str
    nom: str
    partie: str
    degres: tuple[str, ...]
    note: str


FINANCEURS: Mapping[str, Financeur] = {
    ligne["code"]: Financeur(**(ligne | {"degres": tuple(ligne["degres"])}))
    for ligne in json.loads(FICHIER.read_text(encoding="utf-8"))
}


def financeurs_pour(*, premier_degre: bool) -> list[Financeur]:
    """Those that a school may choose, in the order of the list."""
    return [financeur for financeur in FINANCEURS.values() if ("1" if premier_degre else "2") in financeur.degres]
