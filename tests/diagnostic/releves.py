"""What somebody sees who has the whole database in hand, and the server's disk: every row of every table, the WAL."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

type Releve = dict[str, dict[str, str]]  # table → place of the row (ctid) → its text, with xmin and xmax
JETON = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+|(name="cle" value=")[^"]+')


def relever_la_base(*, lignes_systeme: bool = True) -> Releve:
    """Every row of every table; `lignes_systeme` adds where each row is and which transactions touched it."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = sorted(nom for (nom,) in curseur.fetchall())
        releve: Releve = {}
        for table in tables:
            systeme = "xmin || ' ' || xmax" if lignes_systeme else "''"
            curseur.execute(f'SELECT ctid::text, {systeme} || t::text FROM "{table}" t')  # noqa: S608 - our tables
            releve[table] = dict(curseur.fetchall())
    return releve


def differences(avant: Releve, apres: Releve) -> dict[str, tuple[set[str], set[str]]]:
    """Table → (rows gone or as they were, rows come or as they are)."""
    return {
        table: (
            set(avant[table].items()) - set(apres[table].items()),
            set(apres[table].items()) - set(avant[table].items()),
        )
        for table in avant
        if avant[table] != apres[table]
    }


def sans_jetons(html: bytes) -> str:
    """A page without what is drawn at random for each request."""
    return JETON.sub(lambda trouve: trouve[1] or trouve[2], html.decode())


def colonnes(table: str) -> dict[str, str]:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table]
        )
        return dict(curseur.fetchall())


# --- The server's disk --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EnregistrementWal:
    """`description`: kind, lengths; `octets`: what the record holds."""

    transaction: str
    description: list[object]
    octets: bytes


class Disque:
    """The write-ahead log, read by a superuser and from its files; tests that need it are skipped without one."""

    def __init__(self) -> None:
        reglages = connection.settings_dict
        try:
            self.lien = psycopg2.connect(
                host=reglages["HOST"], user="postgres", dbname=reglages["NAME"], connect_timeout=5
            )
        except psycopg2.Error as erreur:
            pytest.skip(f"no superuser on this server: {erreur}")
        self.lien.autocommit = True
        self.dossier = Path(self._un("SHOW data_directory")) / "pg_wal"

    def position(self) -> str:
        return self._un("SELECT pg_current_wal_insert_lsn()::text")

    def enregistrements(self, debut: str, fin: str) -> list[EnregistrementWal]:
        """What was logged about this database between two positions, in order."""
        self._un("SELECT pg_switch_wal()::text")  # all of it is written
        try:
            self._tout("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
        except psycopg2.Error as erreur:
            pytest.skip(f"the log cannot be read: {erreur}")
        lignes = self._tout(
            "SELECT xid::text, coalesce(block_data, '') || coalesce(block_fpi_data, ''), resource_manager, record_type,"
            " record_length, main_data_length, block_data_length, block_fpi_length"
            " FROM pg_get_wal_block_info(%s, %s, true)"
            " WHERE reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " ORDER BY start_lsn, block_id",
            debut,
            fin,
        )
        return [EnregistrementWal(xid, description, bytes(octets)) for xid, octets, *description in lignes]

    def octets_bruts(self, debut: str, fin: str) -> bytes:
        """The segments as they are on the disk, that hold what was logged between two positions, and more."""
        segments = {self._un("SELECT pg_walfile_name(%s::pg_lsn)", lsn) for lsn in (debut, fin)}
        try:
            return b"".join((self.dossier / segment).read_bytes() for segment in sorted(segments))
        except OSError as erreur:
            pytest.skip(f"the files of the log cannot be read: {erreur}")

    def _tout(self, demande: str, *parametres: object) -> list[list[Any]]:
        with self.lien.cursor() as curseur:
            curseur.execute(demande, parametres)
            return [list(ligne) for ligne in curseur] if curseur.description else []

    def _un(self, demande: str, *parametres: object) -> str:
        return self._tout(demande, *parametres)[0][0]


@contextmanager
def le_disque() -> Iterator[Disque]:
    disque = Disque()
    try:
        yield disque
    finally:
        disque._tout("DROP EXTENSION IF EXISTS pg_walinspect")
        disque.lien.close()


def cherche(aiguilles: Iterable[bytes], foin: bytes) -> list[bytes]:
    return [aiguille for aiguille in aiguilles if aiguille in foin]
