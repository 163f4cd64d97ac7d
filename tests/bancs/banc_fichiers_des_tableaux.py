"""Files of dashboards: what those of an académie of 6,000 schools cost to send, in time and in memory.

Run by hand: `python -m tests.bancs.banc_fichiers_des_tableaux [rounds] [--garder]`, on the volume of `banc_syntheses`
for an académie. Whole requests in one process, read to their last byte.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.urls import reverse  # noqa: E402

from strategie.pilotage.queries.etablissements_du_territoire import PageDEcoles, page_d_ecoles  # noqa: E402
from strategie.pilotage.views import territoires as vues  # noqa: E402
from strategie.socle.models import Academie, District, Utilisateur  # noqa: E402
from tests.bancs.banc_syntheses import remplir  # noqa: E402

DU_TABLEAU = {"dashboard, CSV": "tableau_territoire_csv", "dashboard, workbook": "tableau_territoire_xlsx"}
FICHIERS = {
    "schools, CSV": "etablissements_du_territoire_csv",
    "schools, workbook": "etablissements_du_territoire_xlsx",
    **DU_TABLEAU,
    "map, SVG": "carte_du_territoire_svg",
}
PAPIERS = {"dashboard, PDF": "tableau_territoire_pdf", "map, PDF": "carte_du_territoire_pdf"}
LISTES = {"schools, PDF": "etablissements_du_territoire_pdf", "heat table, PDF": "carte_de_chaleur_pdf"}


def memoire(ligne: str) -> float:
    """VmRSS: what this process holds; VmHWM: its peak since `oublier_la_crete`. In MB."""
    statut = Path("/proc/self/status").read_text()
    return int(statut.split(f"{ligne}:")[1].split()[0]) * 1024 / 1e6


def oublier_la_crete() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def telecharger(client: Client, adresse: str) -> dict[str, float]:
    oublier_la_crete()
    avant, debut, calcul = memoire("VmRSS"), time.perf_counter(), time.process_time()
    reponse = client.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    octets, premier = 0, 0.0
    for morceau in reponse if not reponse.streaming else reponse.streaming_content:
        premier = premier or (time.perf_counter() - debut) * 1000
        octets += len(morceau)
    duree = (time.perf_counter() - debut) * 1000
    return {"octets": octets, "premier": premier, "duree": duree, "crete": memoire("VmHWM") - avant,
            "calcul": (time.process_time() - calcul) * 1000, "reste": memoire("VmRSS") - avant}  # fmt: skip


def mesurer(client: Client, titre: str, adresse: str, tours: int) -> None:
    faits = [telecharger(client, adresse) for _ in range(tours + 1)]
    premier, duree, calcul = (
        statistics.median(fait[nom] for fait in faits[1:]) for nom in ("premier", "duree", "calcul")
    )
    cretes = " ".join(f"{fait['crete']:+.1f}" for fait in faits)
    reste = sum(fait["reste"] for fait in faits[1:])
    print(f"  {titre:<40} {faits[-1]['octets'] / 1000:7.0f} kB, first byte {premier:6.0f} ms, all {duree:6.0f} ms,"
          f" Python {calcul:.0f}; peak MB {cretes}; kept after the first {reste:+.1f}", flush=True)  # fmt: skip


def banc(tours: int) -> None:
    """What streams first: a process that has laid out paper has memory to spare."""
    academie = Academie.objects.order_by("pk")[0]
    district = District.objects.filter(academie=academie).order_by("nom")[0]
    client = Client(SERVER_NAME="localhost")
    client.force_login(Utilisateur.objects.get(email="rectorat.volume@exemple.invalid"))
    du_district, de_l_academie, de_la_nation = ("district", district.pk), ("academie", academie.pk), ("nation", 0)
    for titre, territoire, fichiers in (
        ("district", du_district, FICHIERS),
        ("académie", de_l_academie, FICHIERS),
        ("nation", de_la_nation, DU_TABLEAU),
        ("district, on paper", du_district, PAPIERS | LISTES),
        ("académie, on paper", de_l_academie, PAPIERS),
    ):
        print(f"\n{titre}")
        for nom, page in fichiers.items():
            mesurer(client, nom, reverse(page, args=territoire), tours)
    for combien in (100, vues.ECOLES_IMPRIMEES, 500):
        print(f"\nthe first {combien} schools of the académie, on paper")
        with mock.patch.object(vues, "page_d_ecoles", premieres(combien)):
            for nom, page in LISTES.items():
                mesurer(client, nom, reverse(page, args=de_l_academie), 1)


def premieres(combien: int) -> Callable[..., PageDEcoles]:
    """As if there were no other."""

    def lues(*arguments, taille: int, **options) -> PageDEcoles:
        return replace(page_d_ecoles(*arguments, taille=combien, **options), suivante=None)

    return lues


def remplir_a_part() -> None:
    """In a process of its own, which takes the memory of it away."""
    connection.close()
    if enfant := os.fork():
        _, statut = os.waitpid(enfant, 0)
        assert statut == 0
        return
    remplir("academie")
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    garder = "--garder" in sys.argv
    tours = int(next((argument for argument in sys.argv[1:] if argument != "--garder"), 5))
    bases = setup_databases(verbosity=0, interactive=False, keepdb=garder, serialized_aliases=set())
    try:
        remplir_a_part()
        banc(tours)
    finally:
        if not garder:
            teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
