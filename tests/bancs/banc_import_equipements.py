"""An inventory that comes in, against a bare COPY of the same rows and against django-import-export in bulk mode.

Run by hand: `python -m tests.bancs.banc_import_equipements [rows] [rounds] [rows of the long file]`. Everything happens
in a database made for it. django-import-export is no dependency of ours: `pip install --no-deps --target DIR
django-import-export tablib diff-match-patch`, then BANC_IMPORT_EXPORT=DIR; without it, that comparison is left out.
"""

import csv
import datetime
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.conf import settings

if dossier_import_export := os.environ.get("BANC_IMPORT_EXPORT"):
    sys.path.append(dossier_import_export)
    settings.INSTALLED_APPS += ["import_export"]
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from budget.domain.equipements import Tenant  # noqa: E402
from budget.domain.import_equipements import Resultat, importer_equipements  # noqa: E402
from budget.interfaces.lecture_d_inventaire import LectureInventaire, reconnaitre  # noqa: E402
from budget.interfaces.sources_d_inventaire import ouvrir_source  # noqa: E402
from budget.models import Equipement, Salle  # noqa: E402
from tests.bancs.banc_annuaire import memoire_de_pointe, oublier_la_pointe  # noqa: E402
from tests.personnages import Monde, creer_monde  # noqa: E402

ENTETES = ["Désignation", "Catégorie", "Marque", "Modèle", "Numéro de série", "Étiquette", "Salle", "Propriétaire",
           "Acheté le", "Prix unitaire", "Garanti jusqu'au", "Note"]  # fmt: skip
CHAMPS = ["designation", "categorie", "marque", "modele", "numero_serie", "etiquette", "salle", "proprietaire",
          "achete_le", "prix", "garanti_jusqu_au", "note"]  # fmt: skip
SORTES = [("Tablette 10 pouces", "Tablette", "tablette"), ("Portable élève", "Ordinateur portable", "portable"),
          ("Vidéoprojecteur", "Vidéoprojecteur", "videoprojecteur")]  # fmt: skip


def fabriquer(fichier: Path, rangees: int, note: str, *, codes: bool = False) -> Path:
    """`rangees` lines of twelve columns; `codes` as the database keeps them, for those who read nothing else."""
    with fichier.open("w", newline="", encoding="utf-8") as ecrit:
        sortie = csv.writer(ecrit, delimiter="," if codes else ";")
        sortie.writerow(CHAMPS if codes else ENTETES)
        for rang in range(rangees):
            nom, mot, code = SORTES[rang % 3]
            achat = datetime.date(2021, 9, 1) + datetime.timedelta(days=rang % 1500)
            garantie = achat + datetime.timedelta(days=1095)
            prix = 100 + rang % 400 * 1.25
            sortie.writerow([
                f"{nom} {rang % 40}", code if codes else mot, f"Marque {rang % 12}", f"Modèle {rang % 70}",
                f"SN{rang:09}", f"E{rang:07}", f"Salle {rang % 60}", "departement" if codes else "Département",
                achat.isoformat() if codes else achat.strftime("%d/%m/%Y"),
                f"{prix:.2f}" if codes else f"{prix:.2f}".replace(".", ","),
                garantie.isoformat() if codes else garantie.strftime("%d/%m/%Y"), note,
            ])  # fmt: skip
    return fichier


def importer(monde: Monde, fichier: Path) -> Resultat:
    source = ouvrir_source(fichier)
    maintenant = timezone.now()
    return importer_equipements(
        etablissement=monde.college,
        lecture=LectureInventaire(source, reconnaitre(source), maintenant.date()),
        tenant=Tenant(monde.referent),
        maintenant=maintenant,
    )


def importer_autrement(fichier: Path, *, regle: bool) -> Callable[[Monde], Any]:
    """django-import-export in bulk mode; `regle`: with all that its documentation adds for speed. No cell is checked
    beyond its type, and no change is told.
    """
    import tablib
    from import_export import fields, resources
    from import_export.instance_loaders import CachedInstanceLoader, ModelInstanceLoader
    from import_export.widgets import CachedForeignKeyWidget, ForeignKeyWidget

    class Ressource(resources.ModelResource):
        salle = fields.Field("salle", "salle", (CachedForeignKeyWidget if regle else ForeignKeyWidget)(Salle, "nom"))

        class Meta:
            model = Equipement
            fields = CHAMPS
            import_id_fields = ["numero_serie"]
            instance_loader_class = CachedInstanceLoader if regle else ModelInstanceLoader
            use_bulk, use_transactions, batch_size = True, True, 1_000
            skip_diff = skip_html_diff = regle

        def before_save_instance(self, instance: Equipement, row: Any, **options: Any) -> None:
            instance.etablissement_id, instance.academie_id = ici

    def faire(monde: Monde) -> Any:
        nonlocal ici
        ici = monde.college.pk, monde.academie.pk
        with fichier.open(encoding="utf-8", newline="") as flux:
            donnees = tablib.Dataset().load(flux, format="csv")
        return Ressource().import_data(donnees, dry_run=False, raise_errors=True).totals

    ici: tuple[int, int] = (0, 0)
    return faire


def vider() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE budget_equipement, budget_equipementevent CASCADE")


def copie_nue(dossier: Path) -> float:
    """COPY of the rows that are there, into the emptied table."""
    champs = ", ".join(champ.column for champ in Equipement._meta.concrete_fields if not champ.generated)
    fichier = dossier / "rangees.csv"
    with connection.cursor() as cursor:
        with fichier.open("w") as flux:
            cursor.copy_expert(f"COPY budget_equipement ({champs}) TO STDOUT WITH (FORMAT csv)", flux)
        vider()
        debut = time.perf_counter()
        with fichier.open() as flux:
            cursor.copy_expert(f"COPY budget_equipement ({champs}) FROM STDIN WITH (FORMAT csv)", flux)
    return time.perf_counter() - debut


def chronometrer(faire: Callable[[], Any]) -> float:
    debut = time.perf_counter()
    faire()
    return time.perf_counter() - debut


def comparer(monde: Monde, dossier: Path, rangees: int, tours: int) -> None:
    """All in turn in each round, medians of the rounds."""
    fichier = fabriquer(dossier / "a.csv", rangees, "Un mot")
    change = fabriquer(dossier / "b.csv", rangees, "Deux mots")
    ailleurs = {}
    if dossier_import_export:
        codes = fabriquer(dossier / "c.csv", rangees, "Un mot", codes=True)
        codes_changes = fabriquer(dossier / "d.csv", rangees, "Deux mots", codes=True)
        ailleurs = {
            "bulk mode: created": importer_autrement(codes, regle=False),
            "bulk mode, tuned: created": importer_autrement(codes, regle=True),
            "bulk mode, tuned: all changed": importer_autrement(codes_changes, regle=True),
        }
    importer(monde, fichier)  # rooms are there, code is warm
    temps: dict[str, list[float]] = {}

    def noter(nom: str, duree: float) -> None:
        temps.setdefault(nom, []).append(duree)

    for tour in range(tours):
        vider()
        noter("ours: created", chronometrer(lambda: importer(monde, fichier)))
        noter("ours: again", chronometrer(lambda: importer(monde, fichier)))
        noter("ours: all changed", chronometrer(lambda: importer(monde, change)))
        noter("bare COPY", copie_nue(dossier))
        for nom, autrement in ailleurs.items():
            if nom.endswith("created"):
                vider()
            noter(f"django-import-export, {nom}", chronometrer(partial(autrement, monde)))
            assert Equipement.objects.filter(salle__isnull=False).count() == rangees
        if not tour:
            vider()
            premier, second = importer(monde, fichier), importer(monde, change)
            print(f"checked: {premier.crees} created, then {second.modifies} changed, of {rangees}")
    medianes = {nom: statistics.median(durees) for nom, durees in temps.items()}
    nue = medianes["bare COPY"]
    for nom, mediane in medianes.items():
        print(f"{nom}: {mediane:.2f} s, {mediane / nue:.2f} x COPY, {rangees / mediane:,.0f} rows/s")
    for nom in ailleurs:
        rapport = medianes[f"django-import-export, {nom}"] / medianes[f"ours: {nom.rpartition(': ')[2]}"]
        print(f"{rapport:.1f} x faster than django-import-export, {nom}")


def mesurer_la_memoire(monde: Monde, dossier: Path, rangees: int) -> None:
    """Peak memory of this process for longer and longer files: flat, or not."""
    for combien in (rangees // 10, rangees // 3, rangees):
        fichier = fabriquer(dossier / "long.csv", combien, "Un mot")
        vider()
        oublier_la_pointe()
        avant = memoire_de_pointe()
        duree = chronometrer(partial(importer, monde, fichier))
        pointe = memoire_de_pointe()
        assert Equipement.objects.count() == combien
        print(f"{combien:,} rows: {duree:.0f} s, peak {pointe:.0f} MB, +{pointe - avant:.1f} MB over {avant:.0f}")


def main(rangees: int = 10_000, tours: int = 5, longue: int = 1_000_000) -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        monde = creer_monde()
        with tempfile.TemporaryDirectory() as dossier:
            if longue:  # first: the other's rows would leave room for ours
                mesurer_la_memoire(monde, Path(dossier), longue)
            comparer(monde, Path(dossier), rangees, tours)
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
