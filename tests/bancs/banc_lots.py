"""Files made in number: 200 real ones with a worker killed in the middle; memory a file; one worker against two.

Run by hand: `python -m tests.bancs.banc_lots [files] [files of each pace]`, in a database made for it; 0 files leaves
the first part out. Two workers are compared with one twice: on real files, which want a core each, and on files that
sleep for a second, which tell what the queue and the locks cost whatever else the machine does.
"""

import hashlib
import io
import os
import resource
import statistics
import sys
import time
import zipfile
from collections import Counter
from subprocess import Popen

import django

django.setup()

import pikepdf  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from strategie.pilotage.interfaces.lots import zip_du_lot  # noqa: E402
from strategie.pilotage.interfaces.taches_des_lots import mettre_en_file  # noqa: E402
from strategie.pilotage.models import Dossier, DossierDuLot, LotDeDossiers  # noqa: E402
from strategie.pilotage.queries.lots import Territoire, dossiers_du_lot  # noqa: E402
from strategie.socle.domain.calendrier import annee_scolaire  # noqa: E402
from strategie.socle.droits import Role  # noqa: E402
from strategie.socle.models import Affectation, District, Etablissement  # noqa: E402
from tests.dossier import charger  # noqa: E402
from tests.personnages import Monde, creer_monde, un_etablissement  # noqa: E402
from tests.pilotage.lots import diagnostic_signe, un_lot  # noqa: E402
from tests.pilotage.ouvrier import un_ouvrier  # noqa: E402
from tests.plans.plans import un_axe_adosse, une_action_publiee  # noqa: E402

ACTIONS = 6  # a school
ECHAUFFEMENT = 30  # files before memory is measured


def un_district(monde: Monde, referentiel, nom: str, nombre: int) -> Territoire:
    district = District.objects.create(academie=monde.academie, nom=nom)
    for _ in range(nombre):
        uai = f"{Etablissement.objects.count():07}A"
        ecole = un_etablissement(uai, f"Collège {nom} {uai}", monde.college.departement, district=district)
        Affectation.objects.create(utilisateur=monde.chef, role=Role.CHEF, etablissement=ecole)
        diagnostic_signe(ecole, referentiel, monde.chef)
        un_plan(ecole)
    return Territoire(monde.academie, district=district)


def un_plan(ecole: Etablissement) -> None:
    """Of this year, so that it is in the file."""
    annee = annee_scolaire(timezone.localdate())
    axe = un_axe_adosse(ecole, "Fiabiliser le réseau", annee_scolaire=annee)
    for rang in range(ACTIONS):
        dates = {"annee_scolaire": annee, "annee_fin": annee, "maintenant": timezone.now()}
        une_action_publiee(ecole, f"Installer la borne {rang} de {ecole.nom}", axes=[axe], **dates)


def finis(lot: LotDeDossiers) -> int:
    return lot.dossiers.filter(fini_le__isnull=False).count()


def memoire(ouvrier: Popen) -> float:
    """Resident, in MB."""
    with open(f"/proc/{ouvrier.pid}/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


def jusqu_a(lot: LotDeDossiers, combien: int, ouvriers: list[Popen]) -> list[tuple[int, float]]:
    """Files made and memory of the first worker, twice a second."""
    releves = []
    while (faits := finis(lot)) < combien:
        if all(ouvrier.poll() is not None for ouvrier in ouvriers):
            raise SystemExit(f"The workers have ended at {faits} files.")
        releves.append((faits, memoire(ouvriers[0])) if ouvriers[0].poll() is None else (faits, 0.0))
        time.sleep(0.5)
    return [(faits, mo) for faits, mo in releves if mo]


def tue_au_milieu(monde: Monde, territoire: Territoire, nombre: int) -> LotDeDossiers:
    lot = un_lot(monde, territoire)
    mettre_en_file(lot.pk)
    debut = time.perf_counter()
    premier = un_ouvrier()
    jusqu_a(lot, nombre // 4, [premier])
    premier.kill()
    premier.wait()
    repris = time.perf_counter()
    second = un_ouvrier()
    jusqu_a(lot, finis(lot) + 1, [second])
    print(f"killed at {finis(lot) - 1} files; the next worker's first file {time.perf_counter() - repris:.0f} s later")
    depart = finis(lot)
    releves = [(faits, mo) for faits, mo in jusqu_a(lot, nombre, [second]) if faits - depart >= ECHAUFFEMENT]
    second.wait(60)
    pente, _ = statistics.linear_regression(*zip(*releves, strict=True))
    print(
        f"{nombre} files in {time.perf_counter() - debut:.0f} s; the worker's memory after {ECHAUFFEMENT} of them: "
        f"{pente:+.3f} MB a file, {releves[0][1]:.0f} to {releves[-1][1]:.0f} MB over {nombre - releves[0][0]}"
    )
    return lot


def verifier(lot: LotDeDossiers, nombre: int) -> None:
    lignes = list(DossierDuLot.objects.filter(lot=lot))
    assert (len(lignes), [ligne.erreur for ligne in lignes if ligne.erreur]) == (nombre, [])
    par_ecole = Counter(Dossier.objects.filter(lots__lot=lot).values_list("etablissement", flat=True))
    assert len(par_ecole) == nombre
    assert set(par_ecole.values()) == {1}
    assert Dossier.objects.filter(etablissement__in=par_ecole).count() == nombre
    pages, octets = 0, 0
    for dossier in Dossier.objects.filter(lots__lot=lot).iterator(chunk_size=10):
        pdf = bytes(dossier.pdf)
        assert hashlib.sha256(pdf).hexdigest() == dossier.sha256_pdf
        with pikepdf.open(io.BytesIO(pdf)) as ouvert:
            assert (len(ouvert.pages), ouvert.check_pdf_syntax()) == (dossier.pages, [])
        pages, octets = pages + dossier.pages, octets + len(pdf)
    print(f"all {nombre} open and check: {pages / nombre:.1f} pages, {octets / nombre / 1000:.0f} kB each; none twice")


def archive(monde: Monde, lot: LotDeDossiers) -> None:
    """Written to a file as a browser would, read back afterwards."""
    chemin = os.path.join(os.environ["PALIERS_DONNEES"], "lot.zip")
    avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    debut = time.perf_counter()
    with open(chemin, "wb") as fichier:
        for morceau in zip_du_lot(lot, list(dossiers_du_lot(lot, monde.rectorat))):
            fichier.write(morceau)
    duree, plus = time.perf_counter() - debut, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - avant) / 1024
    with zipfile.ZipFile(chemin) as lue:
        assert lue.testzip() is None
        print(
            f"zip: {len(lue.namelist())} entries, {os.path.getsize(chemin) / 1e6:.1f} MB, {duree:.1f} s, +{plus:.0f} MB"
        )


def cadence(monde: Monde, territoire: Territoire, nombre: int, ouvriers: int, secondes: float | None) -> float:
    """Files a minute, from the first made to the last. An exercice of its own makes files of its own."""
    lot = un_lot(monde, territoire, exercice=2000 + LotDeDossiers.objects.count())
    mettre_en_file(lot.pk)
    actifs = [un_ouvrier(secondes) for _ in range(ouvriers)]
    jusqu_a(lot, nombre, actifs)
    for ouvrier in actifs:
        ouvrier.wait(60)
    # The first file of each worker waits for its imports.
    instants = sorted(lot.dossiers.values_list("fini_le", flat=True))[ouvriers:]
    return 60 * (len(instants) - 1) / (instants[-1] - instants[0]).total_seconds()


def main() -> None:
    nombre, paire = (int(argument) for argument in [*sys.argv[1:], "200", "40"][:2])
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde, referentiel = creer_monde(), charger()
        Etablissement.objects.update(etat=Etablissement.Etat.FERME)
        if nombre:
            grand = un_district(monde, referentiel, "Grand", nombre)
            print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
            lot = tue_au_milieu(monde, grand, nombre)
            verifier(lot, nombre)
            archive(monde, lot)
        petit = un_district(monde, referentiel, "Petit", paire)
        for quoi, secondes in (("files that sleep for a second", 1.0), ("real files", None)):
            seul, deux = (cadence(monde, petit, paire, ouvriers, secondes) for ouvriers in (1, 2))
            charge = os.getloadavg()[0]
            print(f"{quoi}: one worker {seul:.1f} a minute, two {deux:.1f}, {deux / seul:.2f} ×; load {charge:.1f}")
    finally:
        connection.close()
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
