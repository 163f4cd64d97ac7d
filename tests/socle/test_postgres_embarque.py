"""The embedded server, started for real by processes of their own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured

from strategie import postgres_embarque

RACINE = Path(__file__).resolve().parents[2]
PROCESSUS = """
import sys
from strategie import postgres_embarque
print(postgres_embarque.start(sys.argv[1]), flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def utilisateur(donnees, **variables):
    """A process that uses the server until the end of the block; gives the socket's folder and the process."""
    with subprocess.Popen(
        [sys.executable, "-c", PROCESSUS, donnees],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=RACINE,
        env={**os.environ, **variables},
    ) as processus:
        yield processus.stdout.readline().strip(), processus


def requete(prise, sql):
    with contextlib.closing(psycopg2.connect(host=prise, user="paliers", dbname="paliers")) as connexion:
        connexion.autocommit = True
        with connexion.cursor() as curseur:
            curseur.execute(sql)
            return curseur.fetchall() if curseur.description else None


def pid_du_serveur(donnees):
    return int((donnees / "postmaster.pid").read_text().split()[0])


def en_vie(pid):
    """A zombie that nobody has waited for is not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def attendre_la_fin(pid):
    """A server goes a little after its pid file."""
    echeance = time.monotonic() + 30
    while en_vie(pid):
        assert time.monotonic() < echeance
        time.sleep(0.05)


def test_le_dernier_qui_part_arrete_le_serveur(dossier_ouvert):
    donnees = dossier_ouvert / "postgresql"
    with utilisateur(donnees) as (prise, premier):
        assert requete(prise, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
            (False, True)
        ]
        assert requete(prise, "SELECT upper('éœ'), current_database()") == [("ÉŒ", "paliers")]
        pid = pid_du_serveur(donnees)
        with utilisateur(donnees) as (autre_prise, _):
            assert (autre_prise, pid_du_serveur(donnees)) == (prise, pid)
            premier.stdin.close()
            premier.wait()
            assert requete(autre_prise, "SELECT 1") == [(1,)]
    attendre_la_fin(pid)
    assert not (donnees / "postmaster.pid").exists()


def test_tout_est_tue_et_rien_n_est_perdu(dossier_ouvert):
    donnees = dossier_ouvert / "postgresql"
    with utilisateur(donnees) as (prise, processus):
        requete(prise, "CREATE TABLE temoin AS SELECT generate_series(1, 1000) AS n")
        pid = pid_du_serveur(donnees)
        os.kill(processus.pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
    with utilisateur(donnees) as (prise, _):
        assert requete(prise, "SELECT count(*) FROM temoin") == [(1000,)]
        assert pid_du_serveur(donnees) != pid
        nouveau = pid_du_serveur(donnees)
    attendre_la_fin(nouveau)


def test_un_pid_repris_par_un_autre_programme_ne_trompe_pas(dossier_ouvert):
    donnees = dossier_ouvert / "postgresql"
    with utilisateur(donnees):
        lignes = (donnees / "postmaster.pid").read_text().splitlines()
    (donnees / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lignes[1:], ""]))
    with utilisateur(donnees) as (prise, _):
        assert requete(prise, "SELECT 1") == [(1,)]
        assert pid_du_serveur(donnees) != os.getpid()


def test_une_initialisation_coupee_est_recommencee(dossier_ouvert):
    donnees = dossier_ouvert / "postgresql"
    coupee = dossier_ouvert / "postgresql.init"
    (coupee / "base").mkdir(parents=True)
    (coupee / "PG_VERSION").write_text("18\n")
    with utilisateur(donnees) as (prise, _):
        assert requete(prise, "SELECT 1") == [(1,)]
    assert not coupee.exists()


def test_une_commande_qui_echoue_ne_laisse_pas_de_serveur(dossier_ouvert):
    fait = subprocess.run(
        [sys.executable, "manage.py", "commande-inconnue"],
        cwd=RACINE,
        env={**os.environ, "PALIERS_DONNEES": str(dossier_ouvert), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
    )
    assert fait.returncode == 1
    assert "commande-inconnue" in fait.stderr
    assert (dossier_ouvert / "postgresql" / "PG_VERSION").exists()
    assert not (dossier_ouvert / "postgresql" / "postmaster.pid").exists()


def test_sans_les_binaires_une_phrase(dossier_ouvert, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(RACINE)])
    with pytest.raises(ImproperlyConfigured, match="Les binaires de PostgreSQL ne sont pas installés"):
        postgres_embarque.start(dossier_ouvert / "postgresql")


def test_un_dossier_de_prise_plante_par_un_autre_est_refuse(dossier_ouvert, monkeypatch):
    donnees = dossier_ouvert / "postgresql"
    with utilisateur(donnees, TMPDIR=str(dossier_ouvert)) as (prise, _):
        dossier = Path(prise)
    assert dossier.parent == dossier_ouvert
    dossier.rename(dossier_ouvert / "ailleurs")
    dossier.symlink_to(dossier_ouvert / "ailleurs")
    monkeypatch.setattr("tempfile.tempdir", str(dossier_ouvert))
    with pytest.raises(ImproperlyConfigured, match="appartient à un autre utilisateur"):
        postgres_embarque.start(donnees)


def test_deux_dossiers_temporaires_partagent_un_serveur(dossier_ouvert):
    donnees = dossier_ouvert / "postgresql"
    with (
        utilisateur(donnees, TMPDIR=str(dossier_ouvert)) as (prise, _),
        utilisateur(donnees) as (autre_prise, _),
    ):
        assert autre_prise == prise
        assert requete(autre_prise, "SELECT 1") == [(1,)]
