"""`manage.py demarrer`, started for real on a free port with a data folder of its own."""

import contextlib
import http.client
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

RACINE = Path(__file__).resolve().parents[2]
INJOIGNABLE = "postgres://paliers:secret@127.0.0.1:1/paliers"
ATTENTE = 90  # seconds; a few are enough on a machine with nothing else to do
COUPER = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'paliers' AND pid <> pg_backend_pid()"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def libre(port):
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


@pytest.fixture
def port():
    """Below those that the system lends to any connection: nobody takes it before the server does."""
    return next(filter(libre, itertools.count(20_000 + os.getpid() % 10_000)))


def demarrer(donnees, port, **variables):
    return subprocess.Popen(
        [sys.executable, "manage.py", "demarrer", "--port", str(port), "--sans-demonstration"],
        cwd=RACINE,
        env={**os.environ, "PALIERS_DONNEES": str(donnees), "DATABASE_URL": "", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def attendre_l_annonce(serveur):
    lignes = []
    for ligne in serveur.stdout:
        lignes.append(ligne.rstrip())
        if ligne.startswith("Ctrl-C"):
            return lignes
    raise AssertionError("\n".join(lignes))


def statut(port, adresse):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=ATTENTE)) as connexion:
        connexion.request("GET", adresse)
        return connexion.getresponse().status


def processus_de(donnees):
    """The living processes started for this data folder, by command line."""
    trouves = {}
    for dossier in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"PALIERS_DONNEES={donnees}".encode() in (dossier / "environ").read_bytes().split(b"\0"):
                trouves[int(dossier.name)] = (dossier / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return trouves


def requete(donnees, sql):
    """Run a statement as the application does, without holding the server."""
    prise = (donnees / "postgresql" / "postmaster.pid").read_text().splitlines()[4]
    with contextlib.closing(psycopg2.connect(host=prise, user="paliers", dbname="paliers")) as connexion:
        connexion.autocommit = True
        with connexion.cursor() as curseur:
            curseur.execute(sql)
            return curseur.fetchall() if curseur.description else None


def attendre_que(condition):
    echeance = time.monotonic() + ATTENTE
    while not condition():
        assert time.monotonic() < echeance
        time.sleep(0.1)


def test_demarre_sert_s_arrete_et_retrouve_ses_donnees(dossier_ouvert, port):
    with demarrer(dossier_ouvert, port) as serveur:
        assert attendre_l_annonce(serveur) == [
            "Base de données…",
            "Référentiel…",
            "Serveur…",
            "",
            f"Paliers répond à l’adresse http://127.0.0.1:{port}/",
            f"Les courriels s’écrivent dans {dossier_ouvert}/courriels",
            "Ctrl-C pour arrêter.",
        ]
        assert [statut(port, "/connexion/"), statut(port, "/")] == [200, 200]
        roles = " ".join(processus_de(dossier_ouvert).values())
        assert all(role in roles for role in ("gunicorn", "db_worker", "tenir_les_syntheses", "bin/postgres"))
        requete(dossier_ouvert, "CREATE TABLE temoin AS SELECT 42 AS n")
        requete(dossier_ouvert, COUPER)  # as a restart of PostgreSQL does: each connection is opened again
        requete(dossier_ouvert, "INSERT INTO pilotage_faitchange (etablissement_id) VALUES (0)")
        attendre_que(lambda: requete(dossier_ouvert, "SELECT count(*) FROM pilotage_faitchange") == [(0,)])
        serveur.send_signal(signal.SIGINT)
        assert serveur.stdout.read() == "Paliers est arrêté.\n"
        assert serveur.wait(ATTENTE) == 0
    attendre_que(lambda: not processus_de(dossier_ouvert))

    with demarrer(dossier_ouvert, port) as serveur:
        attendre_l_annonce(serveur)
        assert requete(dossier_ouvert, "SELECT n FROM temoin") == [(42,)]
        ouvrier = next(pid for pid, commande in processus_de(dossier_ouvert).items() if "db_worker" in commande)
        os.kill(ouvrier, signal.SIGKILL)
        assert serveur.stdout.read() == (
            "Arrêt inattendu : le travail en arrière-plan s’est terminé (code -9). Paliers s’arrête.\n"
        )
        assert serveur.wait(ATTENTE) == 1
    attendre_que(lambda: not processus_de(dossier_ouvert))


def test_un_arret_pendant_la_preparation_ne_laisse_rien(dossier_ouvert, port):
    with demarrer(dossier_ouvert, port) as serveur:
        assert serveur.stdout.readline() == "Base de données…\n"
        time.sleep(0.5)  # in the middle of the migrations
        serveur.send_signal(signal.SIGTERM)
        assert serveur.stdout.read().endswith("Paliers est arrêté.\n")
        assert serveur.wait(ATTENTE) == 0
    attendre_que(lambda: not processus_de(dossier_ouvert))


def test_un_port_pris_une_phrase(dossier_ouvert):
    with (
        socket.create_server(("127.0.0.1", 0)) as prise,
        demarrer(dossier_ouvert, pris := prise.getsockname()[1], DATABASE_URL=INJOIGNABLE) as serveur,
    ):
        assert serveur.stdout.read() == (
            f"Le port {pris} est déjà pris, peut-être par un autre Paliers. "
            f"Arrêtez-le, ou choisissez-en un autre : manage.py demarrer --port {pris % 65535 + 1}\n"
        )
        assert serveur.wait(ATTENTE) == 1
    attendre_que(lambda: not processus_de(dossier_ouvert))


def test_une_base_injoignable_une_phrase(dossier_ouvert, port):
    with demarrer(dossier_ouvert, port, DATABASE_URL=INJOIGNABLE) as serveur:
        sortie = serveur.stdout.read()
        assert serveur.wait(ATTENTE) == 1
    assert "La base de données désignée par DATABASE_URL n’a pas pu être ouverte." in sortie
    assert "Traceback" not in sortie
