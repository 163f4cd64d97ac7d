"""Files made from tables: the columns that the screen shows are those of the file, and its own besides."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django_tables2 import Table

BOM = "\ufeff"  # without it, Excel reads UTF-8 as Windows-1252
# A spreadsheet would run a cell that begins so: CWE-1236.
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")


def sans_formule(valeur: Any) -> Any:
    """A cell that a spreadsheet shows, and never runs."""
    return f"'{valeur}" if isinstance(valeur, str) and valeur.startswith(DEBUTS_DE_FORMULE) else valeur


def lignes_csv(tableaux: Iterable[Table]) -> Iterator[str]:
    """The rows of tables of one kind, one table after the other under a single line of headings."""
    ecrire = csv.writer(_Echo(), delimiter=";").writerow
    yield BOM
    for rang, tableau in enumerate(tableaux):
        valeurs = tableau.as_values()
        entetes = next(valeurs)
        if rang == 0:
            yield ecrire(map(sans_formule, entetes))
        for ligne in valeurs:
            yield ecrire(map(sans_formule, ligne))


def reponse_csv(nom: str, tableaux: Iterable[Table]) -> StreamingHttpResponse:
    """The file, sent while it is made: `tableaux` may be a generator."""
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return StreamingHttpResponse(lignes_csv(tableaux), content_type="text/csv; charset=utf-8", headers=entetes)


class _Echo:
    """A file that gives back each line written."""

    def write(self, ligne: str) -> str:
        return ligne
