"""Reads one workbook in a process of its own: `python -I lecture_classeur.py < classeur > feuilles.json`.

calamine makes room for every cell between the first and the last: five kilobytes whose last cell is XFD1048576
ask for 512 GB, and end the process that reads them. Here that process is this one, and it has few means.
"""

import datetime
import io
import json
import sys
from typing import Any

import python_calamine

MEMOIRE = 512 * 1024**2
SECONDES = 10
FEUILLES_MAX, LIGNES_MAX, COLONNES_MAX = 50, 5_000, 100
CARACTERES_MAX = 10_000_000


class TropGrand(Exception):
    """More than any form of ours can hold."""


def en_texte(valeur: Any) -> str:
    """A cell as a French reader would type it: « 1 », « 3,5 », « VRAI », « 02/01/2026 »."""
    match valeur:
        case bool():
            return "VRAI" if valeur else "FAUX"
        case float():
            return str(int(valeur)) if valeur.is_integer() else str(valeur).replace(".", ",")
        case datetime.datetime():
            return valeur.strftime("%d/%m/%Y %H:%M")
        case datetime.date():
            return valeur.strftime("%d/%m/%Y")
    return str(valeur)


def feuilles(contenu: bytes) -> list[tuple[str, list[list[str]]]]:
    """Name and rows of each sheet, hidden ones too; rows are numbered as on screen."""
    classeur = python_calamine.load_workbook(io.BytesIO(contenu))
    if len(classeur.sheet_names) > FEUILLES_MAX:
        raise TropGrand
    lues, caracteres = [], 0
    for nom in classeur.sheet_names:
        feuille = classeur.get_sheet_by_name(nom)
        derniere_ligne, derniere_colonne = feuille.end or (0, 0)
        if derniere_ligne >= LIGNES_MAX or derniere_colonne >= COLONNES_MAX:
            raise TropGrand
        lignes = [[en_texte(cellule) for cellule in ligne] for ligne in feuille.to_python(skip_empty_area=False)]
        caracteres += sum(len(cellule) for ligne in lignes for cellule in ligne)
        if caracteres > CARACTERES_MAX:
            raise TropGrand
        lues.append((nom, lignes))
    return lues


def lire(contenu: bytes) -> dict[str, Any]:
    """`feuilles`, or the word of what prevents reading them."""
    try:
        return {"feuilles": feuilles(contenu)}
    except TropGrand:
        return {"refus": "trop_grand"}
    except (python_calamine.CalamineError, OSError, ValueError):
        return {"refus": "abime"}


def se_limiter() -> None:
    import resource  # not on every system, and of use in this process alone

    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES, SECONDES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    se_limiter()
    json.dump(lire(sys.stdin.buffer.read()), sys.stdout)
