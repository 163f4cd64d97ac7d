"""A school's lines at random, added up four ways: by PostgreSQL, by Python, from the CSV and the workbook read back.

Run by hand: `python -m tests.bancs.banc_budget [lines]`. Everything happens in a database made for it. The suite does
the same with 2,000 lines (`tests/budget/test_exports_budget.py`).
"""

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl

MONTANTS = {"prevu": "Prévu", "engage": "Engagé", "paye": "Payé"}
Sommes = dict[str, Decimal]


def remplir(ecole: int, auteur: int, annee: int, lignes: int) -> None:
    """Lines written by the database itself, amounts of any size to the cent."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO budget_lignebudget (version, etablissement_id, exercice, annee_scolaire, intitule, section,
                levier, service, activite, compte, payeur, prevu, engage, paye, note, origine, reference, cle,
                cree_par_id, cree_le)
            SELECT 1, %(ecole)s, %(annee)s, %(servie)s, 'Ligne ' || n,
                (ARRAY['investissement', 'fonctionnement'])[1 + n %% 2],
                (ARRAY['formation', 'equipement', 'budget'])[1 + n %% 3],
                (ARRAY['AP', 'ALO', ''])[1 + n %% 3], '0BUS', '06181', 'eple',
                round((power(10, 1 + 8 * random()))::numeric, 2), round((power(10, 9 * random()))::numeric, 2),
                round((random() * 100)::numeric, 2), '', 'tableur', 'R' || n, gen_random_uuid(), %(auteur)s, now()
            FROM generate_series(1, %(lignes)s) AS n""",
            {"ecole": ecole, "annee": annee, "servie": f"{annee}-{annee + 1}", "auteur": auteur, "lignes": lignes},
        )


def additionner(rangees: Iterable[dict[str, Decimal]]) -> Sommes:
    sommes = dict.fromkeys(MONTANTS, Decimal("0.00"))
    for rangee in rangees:
        for champ in MONTANTS:
            sommes[champ] += rangee[champ]
    return sommes


def en_sql(ecole: int) -> Sommes:
    from django.db.models import Sum

    from budget.models import LigneBudget

    siennes = LigneBudget.objects.vivants().filter(etablissement=ecole)
    return dict(siennes.aggregate(**{champ: Sum(champ) for champ in MONTANTS}))


def lues(ecole: int) -> Iterator:
    """As the summary of the page reads them, one at a time."""
    from budget.models import LigneBudget
    from budget.queries.budget import CHAMPS_D_UNE_LIGNE, LigneLue

    siennes = LigneBudget.objects.vivants().filter(etablissement=ecole).values_list(*CHAMPS_D_UNE_LIGNE)
    return (LigneLue(*valeurs) for valeurs in siennes.iterator(chunk_size=5_000))


def en_python(ecole: int) -> Sommes:
    return additionner({champ: getattr(ligne, champ) for champ in MONTANTS} for ligne in lues(ecole))


def par_le_csv(ecole: int, dossier: Path) -> Sommes:
    from budget.domain.argent import lire_montant
    from budget.interfaces.exports_du_budget import colonnes_csv
    from strategie.socle.interfaces.exports import lignes_csv

    fichier = dossier / "budget.csv"
    with fichier.open("w", newline="", encoding="utf-8") as sortie:
        sortie.writelines(lignes_csv(colonnes_csv(), lues(ecole)))
    with fichier.open(newline="", encoding="utf-8-sig") as entree:
        lignes = csv.DictReader(entree, delimiter=";")
        return additionner(
            {champ: lire_montant(ligne[entete]) for champ, entete in MONTANTS.items()} for ligne in lignes
        )


def par_le_classeur(ecole: int, dossier: Path) -> Sommes:
    from budget.interfaces.classeur_inventaire import ecrire_classeur
    from budget.interfaces.exports_du_budget import feuille_des_lignes

    with ecrire_classeur([feuille_des_lignes(lues(ecole))]) as fichier:
        feuille = openpyxl.load_workbook(fichier, read_only=True).worksheets[0]
        entetes, *_ = feuille.iter_rows(max_row=1, values_only=True)
        places = {champ: entetes.index(entete) for champ, entete in MONTANTS.items()}
        return additionner(
            {champ: Decimal(str(rangee[place])).quantize(Decimal("0.01")) for champ, place in places.items()}
            for rangee in feuille.iter_rows(min_row=2, values_only=True)
        )


def quatre_sommes(ecole: int, dossier: Path, dire: Callable[[str], None] = print) -> list[Sommes]:
    sommes = []
    for nom, faire in (
        ("SQL", lambda: en_sql(ecole)),
        ("Python", lambda: en_python(ecole)),
        ("CSV, written then read back", lambda: par_le_csv(ecole, dossier)),
        ("XLSX, written then read back", lambda: par_le_classeur(ecole, dossier)),
    ):
        debut = time.perf_counter()
        sommes.append(faire())
        dire(f"{nom}: {sommes[-1]} in {time.perf_counter() - debut:.1f} s")
    return sommes


def main(lignes: int = 1_000_000) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from tests.personnages import creer_monde

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        monde = creer_monde()
        with connection.cursor() as cursor:  # their history is not what is measured
            cursor.execute("SET statement_timeout = 0; ALTER TABLE budget_lignebudget DISABLE TRIGGER USER")
        remplir(monde.college.pk, monde.chef.pk, timezone.localdate().year, lignes)
        with tempfile.TemporaryDirectory() as dossier:
            sommes = quatre_sommes(monde.college.pk, Path(dossier), lambda dite: print(dite, flush=True))
        assert all(une == sommes[0] for une in sommes), "they do not agree"
        print(f"{lignes:,} lines: the four agree to the cent")
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
