"""Reads one workbook in a process of its own: `python -I lecture_classeur.py [--reperer] < classeur > feuilles.json`.

calamine makes room for every cell between the first and the last: five kilobytes whose last cell is XFD1048576
ask for 512 GB, and end the process that reads them. Here that process is this one, and it has few means.

`--reperer` also tells where formulas and merged cells stand, which calamine does not say of every format.
"""

import datetime
import io
import json
import posixpath
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

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


def feuilles(contenu: bytes) -> list[tuple[str, list[list[str]], dict[int, int], dict[int, int]]]:
    """Name and rows of each sheet, hidden ones too, and how many cells of each column are numbers, then dates; rows
    are numbered as on screen.
    """
    classeur = python_calamine.load_workbook(io.BytesIO(contenu))
    if len(classeur.sheet_names) > FEUILLES_MAX:
        raise TropGrand
    lues, caracteres = [], 0
    for nom in classeur.sheet_names:
        feuille = classeur.get_sheet_by_name(nom)
        derniere_ligne, derniere_colonne = feuille.end or (0, 0)
        if derniere_ligne >= LIGNES_MAX or derniere_colonne >= COLONNES_MAX:
            raise TropGrand
        rangees = feuille.to_python(skip_empty_area=False)
        types = Counter((place, type(cellule)) for rangee in rangees for place, cellule in enumerate(rangee))
        nombres = {place: combien for (place, sorte), combien in types.items() if sorte is float}
        dates = {place: types[place, datetime.date] + types[place, datetime.datetime] for place, _ in types}
        lignes = [[en_texte(cellule) for cellule in rangee] for rangee in rangees]
        caracteres += sum(len(cellule) for ligne in lignes for cellule in ligne)
        if caracteres > CARACTERES_MAX:
            raise TropGrand
        lues.append((nom, lignes, nombres, dates))
    return lues


# --- What a cell does not say -------------------------------------------------------------------------


class Reperage:
    """Formulas and merged cells of a sheet: the row as a spreadsheet numbers it, the column from 0."""

    def __init__(self) -> None:
        self.formules: list[tuple[int, int]] = []
        self.fusions: list[tuple[int, int, int, int]] = []

    def to_json(self) -> dict[str, Any]:
        return {"formules": self.formules, "fusions": self.fusions}


def reperages(contenu: bytes) -> dict[str, Reperage]:
    """By name of sheet."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        noms = set(archive.namelist())
        if "xl/workbook.xml" not in noms:
            return _reperer_ods(archive)
        return {nom: _reperer_xlsx(archive, partie) for nom, partie in _parties_xlsx(archive).items() if partie in noms}


def _parcourir(archive: zipfile.ZipFile, partie: str, debut: Callable[[str, dict[str, str]], None]) -> None:
    """Calls `debut` for each element, without its namespace; a document that declares entities is not read."""

    def refuser_entite(*declaration: object) -> None:
        raise ValueError("entity")

    def element(nom: str, attributs: dict[str, str]) -> None:
        debut(nom.rpartition(" ")[2], {cle.rpartition(" ")[2]: valeur for cle, valeur in attributs.items()})

    lecteur = expat.ParserCreate(namespace_separator=" ")
    lecteur.EntityDeclHandler = refuser_entite
    lecteur.StartElementHandler = element
    try:
        with archive.open(partie) as flux:
            lecteur.ParseFile(flux)
    except expat.ExpatError as erreur:
        raise ValueError(str(erreur)) from None


def _parties_xlsx(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet."""
    cibles: dict[str, str] = {}
    ids: dict[str, str] = {}

    def relation(nom: str, attributs: dict[str, str]) -> None:
        if nom == "Relationship":
            cibles[attributs.get("Id", "")] = posixpath.join("/xl", attributs.get("Target", "")).lstrip("/")

    def feuille(nom: str, attributs: dict[str, str]) -> None:
        if nom == "sheet":
            ids[attributs.get("name", "")] = attributs.get("id", "")

    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        _parcourir(archive, "xl/_rels/workbook.xml.rels", relation)
    _parcourir(archive, "xl/workbook.xml", feuille)
    return {nom: cibles.get(cle, "") for nom, cle in ids.items()}


def _reperer_xlsx(archive: zipfile.ZipFile, partie: str) -> Reperage:
    repere, cellule = Reperage(), ""

    def element(nom: str, attributs: dict[str, str]) -> None:
        nonlocal cellule
        if nom == "c":
            cellule = attributs.get("r", "")
        elif nom == "f" and cellule:
            repere.formules.append(_place(cellule))
        elif nom == "mergeCell":
            debut, _, fin = attributs.get("ref", "").partition(":")
            repere.fusions.append((*_place(debut), *_place(fin or debut)))

    _parcourir(archive, partie, element)
    return repere


def _place(reference: str) -> tuple[int, int]:
    """« B12 » is row 12, column 1."""
    forme = re.fullmatch("([A-Z]{1,3})([0-9]{1,7})", reference)
    if forme is None:
        raise ValueError(reference)
    colonne = 0
    for lettre in forme[1]:
        colonne = colonne * 26 + ord(lettre) - ord("A") + 1
    return int(forme[2]), colonne - 1


def _reperer_ods(archive: zipfile.ZipFile) -> dict[str, Reperage]:
    """Rows and columns are counted: an OpenDocument writes none of their numbers."""
    trouves: dict[str, Reperage] = {}
    repere, ligne, suivante, colonne = Reperage(), 0, 1, 0

    def element(nom: str, attributs: dict[str, str]) -> None:
        nonlocal repere, ligne, suivante, colonne
        if nom == "table":
            repere = trouves.setdefault(attributs.get("name", ""), Reperage())
            ligne, suivante = 0, 1
        elif nom == "table-row":
            ligne, colonne = suivante, 0
            suivante += _nombre(attributs, "number-rows-repeated")
        elif nom in ("table-cell", "covered-table-cell"):
            if "formula" in attributs:
                repere.formules.append((ligne, colonne))
            hauteur, largeur = _nombre(attributs, "number-rows-spanned"), _nombre(attributs, "number-columns-spanned")
            if hauteur > 1 or largeur > 1:
                repere.fusions.append((ligne, colonne, ligne + hauteur - 1, colonne + largeur - 1))
            colonne += _nombre(attributs, "number-columns-repeated")

    _parcourir(archive, "content.xml", element)
    return trouves


def _nombre(attributs: dict[str, str], nom: str) -> int:
    valeur = attributs.get(nom, "1")
    return int(valeur) if re.fullmatch("[0-9]{1,9}", valeur) else 1


# --- The process --------------------------------------------------------------------------------------


def lire(contenu: bytes, *, reperer: bool = False) -> dict[str, Any]:
    """`feuilles`, or the word of what prevents reading them."""
    try:
        lu: dict[str, Any] = {"feuilles": feuilles(contenu)}
        if reperer:
            lu["reperages"] = {nom: repere.to_json() for nom, repere in reperages(contenu).items()}
    except TropGrand:
        return {"refus": "trop_grand"}
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError):
        return {"refus": "abime"}
    return lu


def se_limiter() -> None:
    import resource  # not on every system, and of use in this process alone

    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES, SECONDES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    se_limiter()
    json.dump(lire(sys.stdin.buffer.read(), reperer="--reperer" in sys.argv), sys.stdout)
