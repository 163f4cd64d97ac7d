"""W7: importing 60,000 schools, against a bare COPY of the same rows into the same indexed table.

Run by hand: `python -m tests.bancs.banc_annuaire [rows] [rounds]`. Everything happens in a database made for it.
"""

import csv
import datetime
import gzip
import itertools
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from strategie.socle.domain.annuaire import importer_annuaire  # noqa: E402
from strategie.socle.interfaces.annuaire import LectureAnnuaire  # noqa: E402
from strategie.socle.interfaces.imports import ouvrir  # noqa: E402
from strategie.socle.models import Etablissement  # noqa: E402
from strategie.socle.rules import lettre_uai  # noqa: E402

ANNUAIRE = settings.BASE_DIR.parent / "shared" / "data" / "annuaire"
SOURCES = {
    "merged list, 12 columns, gzip": (ANNUAIRE / "DERIVED_national_union_shared-sources.csv.gz", "effectifs"),
    "register, 69 columns": (ANNUAIRE / "annuaire_academie-toulouse_2022-12.csv", "Nombre_d_eleves"),
}
JOUR = datetime.date(2026, 9, 1)


def lignes_sans_fin(source: Path) -> Iterator[list[str]]:
    """The header, then the lines of `source` again and again."""
    with ouvrir(source) as lu:
        yield next(csv.reader(lu, delimiter=";"))
    while True:
        with ouvrir(source) as lu:
            yield from itertools.islice(csv.reader(lu, delimiter=";"), 1, None)


def fabriquer(source: Path, cible: Path, rangees: int, effectifs: str, effectif: str | None = None) -> None:
    """`rangees` lines of `source`, each with a UAI of its own."""
    with (gzip.open if source.suffix == ".gz" else open)(cible, "wt", newline="") as ecrit:
        lignes = lignes_sans_fin(source)
        sortie = csv.writer(ecrit, delimiter=";")
        sortie.writerow(entete := next(lignes))
        place = entete.index(effectifs)
        for numero, ligne in enumerate(itertools.islice(lignes, rangees), start=1):
            ligne[0] = f"{numero:07}{lettre_uai(str(numero))}"
            ligne[place] = effectif or ligne[place]
            sortie.writerow(ligne)


def importer(chemin: Path) -> tuple[float, str]:
    debut = time.perf_counter()
    with ouvrir(chemin) as texte:
        comptes = importer_annuaire(LectureAnnuaire(texte), jour=JOUR)
    return time.perf_counter() - debut, f"{comptes.crees} / {comptes.modifies} / {comptes.inchanges}"


def vider() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE socle_etablissement, socle_etablissementevent CASCADE")


def copie_nue(dossier: Path) -> float:
    """COPY of the rows that are there, into the emptied table."""
    champs = ", ".join(champ.column for champ in Etablissement._meta.concrete_fields if not champ.generated)
    fichier = dossier / "rangees.csv"
    with connection.cursor() as cursor:
        with fichier.open("w") as flux:
            cursor.copy_expert(f"COPY socle_etablissement ({champs}) TO STDOUT WITH (FORMAT csv)", flux)
        vider()
        debut = time.perf_counter()
        with fichier.open() as flux:
            cursor.copy_expert(f"COPY socle_etablissement ({champs}) FROM STDIN WITH (FORMAT csv)", flux)
    return time.perf_counter() - debut


def memoire_de_pointe() -> float:
    """The most this process held since `oublier_la_pointe`, in MB (Linux)."""
    statut = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", statut)[1]) / 1024


def oublier_la_pointe() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def mesurer(nom: str, dossier: Path, rangees: int, tours: int) -> None:
    source, effectifs = SOURCES[nom]
    fichier, change = dossier / f"a{source.suffix}", dossier / f"b{source.suffix}"
    fabriquer(source, fichier, rangees, effectifs)
    fabriquer(source, change, rangees, effectifs, effectif="7")
    temps: dict[str, list[float]] = {"bare COPY": [], "created": [], "again": [], "changed": []}
    oublier_la_pointe()
    avant = memoire_de_pointe()
    for _ in range(tours):
        vider()
        for mesure, chemin in (("created", fichier), ("again", fichier), ("changed", change)):
            duree, comptes = importer(chemin)
            temps[mesure].append(duree)
            if len(temps[mesure]) == 1:
                print(f"{nom}: {mesure}: {comptes} (created / modified / unchanged)")
        temps["bare COPY"].append(copie_nue(dossier))
    nue = statistics.median(temps["bare COPY"])
    for mesure, durees in temps.items():
        mediane = statistics.median(durees)
        print(f"{nom}: {mesure}: {mediane:.2f} s, {mediane / nue:.2f} x COPY, {rangees / mediane:,.0f} rows/s")
    print(f"{nom}: memory +{memoire_de_pointe() - avant:.0f} MB over {avant:.0f} MB")


def main(rangees: int = 60_000, tours: int = 5) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as dossier:
            for nom in SOURCES:
                mesurer(nom, Path(dossier), rangees, tours)
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
