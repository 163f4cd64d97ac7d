"""Files for spreadsheets, from one list of columns, sent while they are made."""

import csv
import datetime
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

BOM = "\ufeff"  # without it, Excel reads UTF-8 as Windows-1252
# A spreadsheet would run a cell that begins so (CWE-1236); some take the full-width signs for the others.
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LIGNES_A_LA_FOIS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Colonne[Ligne]:
    """Its heading, and what it says of a row (None: nothing)."""

    entete: str
    valeur: Callable[[Ligne], Any]


def sans_formule(valeur: Any) -> Any:
    """A cell that a spreadsheet shows, and never runs."""
    return f"'{valeur}" if isinstance(valeur, str) and valeur.startswith(DEBUTS_DE_FORMULE) else valeur


def en_csv(valeur: Any) -> Any:
    """As a spreadsheet of here reads it: a decimal number has a comma, and is no text that could be run."""
    return f"{valeur:f}".replace(".", ",") if isinstance(valeur, Decimal) else sans_formule(valeur)


def lignes_csv[Ligne](colonnes: Sequence[Colonne[Ligne]], lignes: Iterable[Ligne]) -> Iterator[str]:
    """The headings, then one line a row."""
    ecrire = csv.writer(_Echo(), delimiter=";").writerow
    yield BOM + ecrire([sans_formule(colonne.entete) for colonne in colonnes])
    for ligne in lignes:
        yield ecrire([en_csv(colonne.valeur(ligne)) for colonne in colonnes])


def reponse_csv[Ligne](nom: str, colonnes: Sequence[Colonne[Ligne]], lignes: Iterable[Ligne]) -> StreamingHttpResponse:
    """The file as an answer; `lignes` may be a generator, read as the file leaves."""
    return telechargement(nom, map("".join, batched(lignes_csv(colonnes, lignes), LIGNES_A_LA_FOIS, strict=False)))


def telechargement(nom: str, morceaux: Iterable[str]) -> StreamingHttpResponse:
    """The text of a CSV, as it is made."""
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return StreamingHttpResponse(morceaux, content_type="text/csv; charset=utf-8", headers=entetes)


def reponse_xlsx[Ligne](
    nom: str, feuille: str, colonnes: Sequence[Colonne[Ligne]], lignes: Iterable[Ligne]
) -> FileResponse:
    """The same rows as a workbook."""
    return FileResponse(ecrire_xlsx(feuille, colonnes, lignes), as_attachment=True, filename=nom, content_type=XLSX)


def ecrire_xlsx[Ligne](feuille: str, colonnes: Sequence[Colonne[Ligne]], lignes: Iterable[Ligne]) -> IO[bytes]:
    """Written row by row to a file that goes when it is closed: its memory does not grow. A text is never a formula."""
    fichier = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer that sends it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(fichier, options) as classeur:
        gras = classeur.add_format({"bold": True, "bg_color": "#e4efed", "text_wrap": True, "valign": "vcenter"})
        texte = classeur.add_format({"num_format": "@", "quote_prefix": True})
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        page = classeur.add_worksheet(feuille)
        page.set_column(0, len(colonnes) - 1, 22)
        page.freeze_panes(1, 0)
        for place, colonne in enumerate(colonnes):
            page.write_string(0, place, colonne.entete, gras)
        for rang, ligne in enumerate(lignes, start=1):
            for place, colonne in enumerate(colonnes):
                match colonne.valeur(ligne):
                    case None | "":
                        pass
                    case datetime.date() as date:
                        page.write_datetime(rang, place, date, jour)
                    case int() | Decimal() as nombre:
                        page.write_number(rang, place, nombre)
                    case autre:
                        page.write_string(rang, place, str(autre), texte)
    fichier.seek(0)
    return fichier


class _Echo:
    """A file that gives back each line written."""

    def write(self, ligne: str) -> str:
        return ligne
