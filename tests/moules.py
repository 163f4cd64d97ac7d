"""What many tests start from: made once by each worker, then given to every test, which finds the same rows, keys and
history included, and objects of its own.

Making a dossier through the domain takes 140 ms of processor; pouring it, 17.
"""

import io
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pgtrigger
from django.db import connection, transaction

from strategie.pilotage.models import FaitChange

# One line a table, with a digest of its rows; what triggers note again while rows are poured is left to them.
EMPREINTES = """
SELECT string_agg(format(
    'SELECT %%L, md5(string_agg(ligne::text, chr(10) ORDER BY ligne::text)) FROM %%I ligne', tablename, tablename
), ' UNION ALL ') FROM pg_tables WHERE schemaname = current_schema() AND tablename <> %s
"""


@dataclass(frozen=True)
class Moule:
    """The rows that making something wrote, in COPY's own format, and the something."""

    lignes: dict[str, bytes]
    declencheurs: tuple[str, ...]
    objet: bytes

    def couler(self, **deja: Any) -> Any:
        """The same again; `deja` holds what it was made from, under the names that `mouler` was given."""
        # The history that triggers would write is among the rows.
        with transaction.atomic(), pgtrigger.ignore(*self.declencheurs), connection.cursor() as curseur:
            curseur.execute("SELECT 1")  # tells the session what to ignore, which COPY does not
            for table, lignes in self.lignes.items():
                curseur.copy_expert(f'COPY "{table}" FROM STDIN (FORMAT binary)', io.BytesIO(lignes))
        return Lecteur(io.BytesIO(self.objet), deja).load()


def mouler(faire: Callable[..., Any], **deja: Any) -> tuple[Moule, Any]:
    """Make it, in the caller's transaction, and keep what was written; it may write in empty tables only."""
    avant = empreintes()
    objet = faire(**deja)
    touchees = [table for table, empreinte in empreintes().items() if empreinte != avant[table]]
    deja_pleines = [table for table in touchees if avant[table]]
    assert not deja_pleines, f"{deja_pleines} held rows before"
    lignes = {table: lire(table) for table in touchees}
    declencheurs = [f"{m._meta.label}:{d.name}" for m, d in pgtrigger.registered() if m._meta.db_table in lignes]
    return Moule(lignes, tuple(declencheurs), ecrire(objet, deja)), objet


def empreintes() -> dict[str, str | None]:
    with connection.cursor() as curseur:
        curseur.execute(EMPREINTES, [FaitChange._meta.db_table])
        curseur.execute(curseur.fetchone()[0])
        return dict(curseur.fetchall())


def lire(table: str) -> bytes:
    lignes = io.BytesIO()
    with connection.cursor() as curseur:
        curseur.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT binary)', lignes)
    return lignes.getvalue()


def ecrire(objet: Any, deja: dict[str, Any]) -> bytes:
    sortie = io.BytesIO()
    Ecrivain(sortie, deja).dump(objet)
    return sortie.getvalue()


class Ecrivain(pickle.Pickler):
    """Writes « monde.college » where the school of that world stands, so that `Lecteur` puts the new one there."""

    def __init__(self, sortie: io.BytesIO, deja: dict[str, Any]) -> None:
        super().__init__(sortie)
        self.chemins = {id(objet): chemin for chemin, objet in parties(deja)}

    def persistent_id(self, objet: Any) -> str | None:
        return self.chemins.get(id(objet))


class Lecteur(pickle.Unpickler):
    def __init__(self, entree: io.BytesIO, deja: dict[str, Any]) -> None:
        super().__init__(entree)
        self.deja = SimpleNamespace(**deja)

    def persistent_load(self, chemin: str) -> Any:
        return attrgetter(chemin)(self.deja)


def parties(deja: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for nom, objet in deja.items():
        yield nom, objet
        if is_dataclass(objet):
            yield from ((f"{nom}.{champ.name}", getattr(objet, champ.name)) for champ in fields(objet))
