"""Tables as a workbook, written row by row: its memory does not grow with them."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from budget.interfaces.colonnes import ColonneInventaire
from strategie.socle.interfaces.csv_en_sql import Genre

LIGNES_MAX = 100_000
TROP = "Un classeur s'arrête à 100\u202f000\u00a0lignes\u00a0: filtrez la liste, ou exportez-la en CSV."
LARGEURS = {Genre.NOMBRE: 9, Genre.MONTANT: 13, Genre.DATE: 12, Genre.TEXTE: 22}


@dataclass(frozen=True)
class FeuilleAEcrire:
    """`lignes`: the values of each row, in the order of `colonnes`."""

    nom: str
    colonnes: Sequence[ColonneInventaire]
    lignes: Iterable[Sequence[Any]]


def ecrire_inventaire(colonnes: Sequence[ColonneInventaire], lignes: Iterable[Sequence[Any]]) -> IO[bytes]:
    return ecrire_classeur([FeuilleAEcrire("Inventaire", colonnes, lignes)])


def ecrire_classeur(feuilles: Iterable[FeuilleAEcrire]) -> IO[bytes]:
    """A file ready to be read, gone when it is closed. Texts are texts: nothing typed by anyone is ever a formula."""
    fichier = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer that sends it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(fichier, options) as classeur:
        gras = classeur.add_format({"bold": True, "bg_color": "#e4efed", "text_wrap": True, "valign": "vcenter"})
        formats = {
            Genre.TEXTE: classeur.add_format({"num_format": "@", "quote_prefix": True}),
            Genre.DATE: classeur.add_format({"num_format": "dd/mm/yyyy"}),
            Genre.MONTANT: classeur.add_format({"num_format": "#,##0.00"}),
            Genre.NOMBRE: classeur.add_format({}),
        }
        for feuille in feuilles:
            _ecrire_feuille(classeur.add_worksheet(feuille.nom), feuille, gras, formats)
    fichier.seek(0)
    return fichier


def _ecrire_feuille(feuille: Any, dite: FeuilleAEcrire, gras: Any, formats: dict[Genre, Any]) -> None:
    for place, colonne in enumerate(dite.colonnes):
        feuille.set_column(place, place, LARGEURS[colonne.genre])
        feuille.write_string(0, place, colonne.entete, gras)
    feuille.freeze_panes(1, 1)
    rang = 0
    for rang, ligne in enumerate(dite.lignes, start=1):
        for place, (colonne, valeur) in enumerate(zip(dite.colonnes, ligne, strict=True)):
            _ecrire(feuille, rang, place, colonne.choix.get(valeur, valeur), formats[colonne.genre])
    feuille.autofilter(0, 0, max(rang, 1), len(dite.colonnes) - 1)


def _ecrire(feuille: Any, rang: int, place: int, valeur: Any, forme: Any) -> None:
    match valeur:
        case None | "":
            pass
        case datetime.date():
            feuille.write_datetime(rang, place, valeur, forme)
        case int() | Decimal():
            feuille.write_number(rang, place, valeur, forme)
        case _:
            feuille.write_string(rang, place, valeur, forme)
