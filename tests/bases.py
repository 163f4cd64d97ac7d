"""The tests' databases: one is migrated for each state of the models, and every worker's is cloned from it.

Migrating takes 20 s of processor; cloning, 0.2 s.
"""

import fcntl
import hashlib
import re
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

# What decides, in each application, how a migrated database is.
SOURCES = ("models.py", "models/*.py", "operations.py", "migrations/*.py")
D_UN_ETAT = re.compile("test_.*_[0-9a-f]{12}")


def cloner_un_modele() -> None:
    """Have Django clone its test database. The name says of which state, so that --reuse-db never meets another."""
    etat = etat_des_modeles()
    modele = f"test_modele_{etat}"
    with (settings.DONNEES / "modele.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if modele not in les_bases():
            jeter_les_bases()
            migrer_dans("test_modele_inacheve")
            executer(f"ALTER DATABASE test_modele_inacheve RENAME TO {modele}")
    essai = connection.settings_dict["TEST"]
    essai |= {"NAME": f"{connection.creation._get_test_db_name()}_{etat}", "TEMPLATE": modele, "MIGRATE": False}


def etat_des_modeles() -> str:
    dossiers = [Path(application.path) for application in apps.get_app_configs()]
    fichiers = [settings.BASE_DIR / "strategie/settings.py"]
    fichiers += [fichier for dossier in dossiers for motif in SOURCES for fichier in sorted(dossier.glob(motif))]
    return hashlib.sha256(b"".join(fichier.read_bytes() for fichier in fichiers)).hexdigest()[:12]


def migrer_dans(base: str) -> None:
    executer(f"DROP DATABASE IF EXISTS {base}")
    executer(f"CREATE DATABASE {base}")
    connection.close()
    connection.settings_dict["NAME"], ordinaire = base, connection.settings_dict["NAME"]
    try:
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ordinaire


def jeter_les_bases() -> None:
    """Those of other states, but for one that is still in use."""
    for base in filter(D_UN_ETAT.fullmatch, les_bases()):
        with suppress(OperationalError):
            executer(f'DROP DATABASE "{base}"')


def les_bases() -> set[str]:
    with connection._nodb_cursor() as curseur:
        curseur.execute("SELECT datname FROM pg_database")
        return {nom for (nom,) in curseur}


def executer(sql: str) -> None:
    with connection._nodb_cursor() as curseur:
        curseur.execute(sql)
