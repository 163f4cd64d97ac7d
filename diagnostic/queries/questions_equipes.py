"""The questions put to the teams: data beside the référentiel, with a version, frozen in each survey."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "enquete-equipes-v1.json"


@cache
def questions_des_equipes() -> dict[str, Any]:
    """The whole file: version, champs, formation, and items (numero, champ, domaine, pouls, enonces by group)."""
    contenu: dict[str, Any] = json.loads(FICHIER.read_text(encoding="utf-8"))
    return contenu


def questions_figees(forme: str, propres: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a survey of this form asks, to keep with it (shape: `domain.depouillement`)."""
    fichier = deepcopy(questions_des_equipes())  # a survey's own, which changes nothing of the next one's
    return {
        "version": fichier["version"],
        "champs": fichier["champs"],
        "items": [
            {cle: item[cle] for cle in ("numero", "champ", "domaine", "enonces")}
            for item in fichier["items"]
            if forme == "longue" or item["pouls"]
        ],
        "propres": list(propres),
        "formation": fichier["formation"],
    }
