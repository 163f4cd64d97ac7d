"""The CSV of `exports`, byte for byte, its lines written by PostgreSQL: for tables that grow to a million rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce
from django.http import StreamingHttpResponse

from strategie.socle.interfaces.exports import BOM, DEBUTS_DE_FORMULE, sans_formule, telechargement

LIGNES_A_LA_FOIS = 1_000
# As regular expressions; « - » stands first, where it is no range.
DEBUT = f"[{''.join(sorted(DEBUTS_DE_FORMULE, key='-'.__ne__))}]"
A_CITER = '[;"\r\n]'


class Genre(Enum):
    """How a value is written: a text is quoted and disarmed, an amount has a comma, a date is 2026-09-01."""

    TEXTE = "texte"
    NOMBRE = "nombre"
    MONTANT = "montant"
    DATE = "date"


GABARITS = {Genre.TEXTE: "%(expressions)s", Genre.MONTANT: "replace(%(expressions)s::text, '.', ',')"}


@dataclass(frozen=True)
class ColonneEnBase:
    """Its heading, where its value is as `values_list` takes it, what it is, and the words of its codes."""

    entete: str
    chemin: str
    genre: Genre = Genre.TEXTE
    choix: Mapping[str, str] = field(default_factory=dict)

    @property
    def a_soigner(self) -> bool:
        """Anything may be in it."""
        return self.genre == Genre.TEXTE and not self.choix

    def ordinaire(self) -> Any:
        """The cell, when it holds nothing to quote or to disarm."""
        if self.choix:
            mots = (When(**{self.chemin: code}, then=Value(_ligne([mot]))) for code, mot in self.choix.items())
            return Case(*mots, default=Value(""))
        return Coalesce(_Texte(F(self.chemin), template=GABARITS.get(self.genre, "%(expressions)s::text")), Value(""))

    def soignee(self) -> Any:
        return Coalesce(_Soigne(F(self.chemin)), Value("")) if self.a_soigner else self.ordinaire()


def lignes_en_sql(colonnes: Sequence[ColonneEnBase], lignes: QuerySet[Any]) -> Iterator[str]:
    """The headings at once, then the rows, some at a time: memory does not grow with them."""
    yield f"{BOM}{_ligne([colonne.entete for colonne in colonnes])}\r\n"
    # Few rows hold anything to quote: one look at all their texts costs less than a look at each.
    rien = _RienASoigner(*(F(colonne.chemin) for colonne in colonnes if colonne.a_soigner))
    ordinaire = _Ligne(*(colonne.ordinaire() for colonne in colonnes))
    soignee = _Ligne(*(colonne.soignee() for colonne in colonnes))
    ecrites = lignes.annotate(ligne=Case(When(rien, then=ordinaire), default=soignee)).values_list("ligne", flat=True)
    with transaction.atomic(), connection.cursor() as reglage, connection.chunked_cursor() as curseur:
        # All the rows are wanted: the plan that is quick to its first ones would take longer in all.
        reglage.execute("SELECT set_config('cursor_tuple_fraction', '1', true)")
        curseur.execute(*ecrites.query.sql_with_params())
        while paquet := curseur.fetchmany(LIGNES_A_LA_FOIS):
            yield "".join([ecrite for (ecrite,) in paquet])


def reponse_csv_en_sql(nom: str, colonnes: Sequence[ColonneEnBase], lignes: QuerySet[Any]) -> StreamingHttpResponse:
    return telechargement(nom, lignes_en_sql(colonnes, lignes))


def _ligne(cellules: Sequence[str]) -> str:
    """As `exports.lignes_csv` writes it, without its end."""
    sortie = io.StringIO()
    csv.writer(sortie, delimiter=";", lineterminator="").writerow([sans_formule(cellule) for cellule in cellules])
    return sortie.getvalue()


class _Texte(Func):
    arity = 1
    output_field = TextField()


class _Soigne(_Texte):
    """Disarmed as `sans_formule` does, then quoted where `csv.writer` quotes."""

    template = f"""CASE WHEN %(expressions)s ~ '^{DEBUT}' THEN
            CASE WHEN %(expressions)s ~ '{A_CITER}' THEN '"''' || replace(%(expressions)s, '"', '""') || '"'
                ELSE '''' || %(expressions)s END
        WHEN %(expressions)s ~ '{A_CITER}' THEN '"' || replace(%(expressions)s, '"', '""') || '"'
        ELSE %(expressions)s END"""


class _RienASoigner(Func):
    template = f"concat_ws('|', %(expressions)s) !~ '(^|[|]){DEBUT}|{A_CITER}'"
    output_field = BooleanField()


class _Ligne(Func):
    template = r"concat_ws(';', %(expressions)s) || E'\r\n'"
    output_field = TextField()
