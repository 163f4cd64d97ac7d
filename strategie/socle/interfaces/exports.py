"""Files for spreadsheets, from one list of columns, sent while they are made."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.http import StreamingHttpResponse

BOM = "\ufeff"  # without it, Excel reads UTF-8 as Windows-1252
# A spreadsheet would run a cell that begins so (CWE-1236); some take the full-width signs for the others.
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LIGNES_A_LA_FOIS = 200


@dataclass(frozen=True)
class Colonne[Ligne]:
    """Its heading, and what it says of a row (None: nothing)."""

    entete: str
    valeur: Callable[[Ligne], Any]


def sans_formule(valeur: Any) -> Any:
    """A cell that a spreadsheet shows, and never runs."""
    return f"'{valeur}" if isinstance(valeur, str) and valeur.startswith(DEBUTS_DE_FORMULE) else valeur


def lignes_csv[Ligne](colonnes: Sequence[Colonne[Ligne]], lignes: Iterable[Ligne]) -> Iterator[str]:
    """The headings, then one line a row."""
    ecrire = csv.writer(_Echo(), delimiter=";").writerow
    yield BOM + ecrire([sans_formule(colonne.entete) for colonne in colonnes])
    for ligne in lignes:
        yield ecrire([sans_formule(colonne.valeur(ligne)) for colonne in colonnes])


def reponse_csv[Ligne](nom: str, colonnes: Sequence[Colonne[Ligne]], lignes: Iterable[Ligne]) -> StreamingHttpResponse:
    """The file as an answer; `lignes` may be a generator, read as the file leaves."""
    return telechargement(nom, map("".join, batched(lignes_csv(colonnes, lignes), LIGNES_A_LA_FOIS, strict=False)))


def telechargement(nom: str, morceaux: Iterable[str]) -> StreamingHttpResponse:
    """The text of a CSV, as it is made."""
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return StreamingHttpResponse(morceaux, content_type="text/csv; charset=utf-8", headers=entetes)


class _Echo:
    """A file that gives back each line written."""

    def write(self, ligne: str) -> str:
        return ligne
