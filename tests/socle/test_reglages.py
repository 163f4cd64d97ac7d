"""Settings driven by environment variables that fail loudly."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

RACINE = Path(__file__).resolve().parents[2]
CLE = "une-cle-secrete-de-test-qui-passe-les-cinquante-caracteres-0123456789"
DEPLOIEMENT = {
    "PALIERS_ADRESSE": "https://paliers.exemple.fr",
    "PALIERS_CLE_SECRETE": CLE,
    "PALIERS_DERRIERE_MANDATAIRE": "1",
    "PALIERS_COURRIEL": "smtp://compte:secret@courriel.exemple.fr:587",
    "DATABASE_URL": "postgres://paliers:secret@127.0.0.1:1/paliers?sslmode=require",
}
FORME_BASE = "DATABASE_URL est illisible ; sa forme est postgres://compte:secret@hote:5432/base\n"
FORME_COURRIEL = "PALIERS_COURRIEL est illisible ; sa forme est smtp://compte:secret@hote:587\n"


def manage(donnees, *arguments, **variables):
    """Run manage.py with these variables and no other of ours; give its exit code and its two outputs."""
    nues = {
        nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("PALIERS_", "DATABASE_URL", "DJANGO_"))
    }
    fait = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=RACINE,
        env={**nues, "PALIERS_DONNEES": str(donnees), **variables},
        capture_output=True,
        text=True,
    )
    return fait.returncode, fait.stdout, fait.stderr


@pytest.mark.parametrize(
    ("variables", "phrase"),
    [
        (
            {"PALIERS_ADRESSE": "http://paliers.exemple.fr"},
            "PALIERS_ADRESSE doit commencer par https:// et nommer un hôte, pas « http://paliers.exemple.fr ».\n",
        ),
        (
            {"PALIERS_ADRESSE": "https://"},
            "PALIERS_ADRESSE doit commencer par https:// et nommer un hôte, pas « https:// ».\n",
        ),
        *(
            (
                {"PALIERS_ADRESSE": "https://paliers.exemple.fr", "PALIERS_CLE_SECRETE": cle},
                "PALIERS_CLE_SECRETE doit contenir au moins 50 caractères tirés au hasard ; par exemple : "
                'python3 -c "import secrets; print(secrets.token_urlsafe(64))"\n',
            )
            for cle in ("", "trop-courte")
        ),
        ({"DATABASE_URL": "nimporte"}, FORME_BASE),
        ({"DATABASE_URL": "mysql://compte:secret@hote/base"}, FORME_BASE),
        ({"DATABASE_URL": "postgres://compte:secret@hote:port/base"}, FORME_BASE),
        ({"PALIERS_COURRIEL": "nimporte"}, FORME_COURRIEL),
        ({"PALIERS_COURRIEL": "http://compte:secret@hote"}, FORME_COURRIEL),
        ({"PALIERS_BASE_DURABLE": "peut-être"}, "PALIERS_BASE_DURABLE vaut 1 (oui) ou 0 (non), pas « peut-être ».\n"),
        ({"PALIERS_DERRIERE_MANDATAIRE": ""}, "PALIERS_DERRIERE_MANDATAIRE vaut 1 (oui) ou 0 (non), pas «  ».\n"),
    ],
)
def test_une_valeur_illisible_est_une_erreur(tmp_path, variables, phrase):
    complet = {"DATABASE_URL": DEPLOIEMENT["DATABASE_URL"], **variables}
    if "PALIERS_BASE_DURABLE" in variables:
        del complet["DATABASE_URL"]
    assert manage(tmp_path, "check", **complet) == (1, "", phrase)


def test_un_deploiement_passe_le_controle_de_django():
    """On the tests' own server, because some checks ask the database for its version."""
    variables = {nom: valeur for nom, valeur in DEPLOIEMENT.items() if nom != "DATABASE_URL"}
    if base := os.environ.get("DATABASE_URL"):
        variables["DATABASE_URL"] = base
    controle = ("check", "--deploy", "--fail-level", "WARNING")
    code, sortie, erreurs = manage(settings.DONNEES, *controle, **variables)
    assert erreurs == ""
    assert (code, sortie) == (0, "System check identified no issues (0 silenced).\n")


def test_un_deploiement_garde_les_options_de_sa_base(tmp_path):
    programme = (
        "from django.conf import settings as s; b = s.DATABASES['default'];"
        "print(b['HOST'], b['OPTIONS']['sslmode'], 'statement_timeout' in b['OPTIONS']['options'],"
        "s.MAILERS['default']['OPTIONS']['host'], s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS)"
    )
    code, sortie, _ = manage(tmp_path, "shell", "--no-imports", "-c", programme, **DEPLOIEMENT)
    attendu = "127.0.0.1 require True courriel.exemple.fr True True ['paliers.exemple.fr']\n"
    assert (code, sortie) == (0, attendu)


def test_en_local_la_cle_est_tiree_une_fois_et_gardee_pour_soi(tmp_path):
    base = {"DATABASE_URL": DEPLOIEMENT["DATABASE_URL"]}
    programme = "from django.conf import settings; print(settings.SECRET_KEY)"
    premiere, seconde = (manage(tmp_path, "shell", "--no-imports", "-c", programme, **base)[1] for _ in range(2))
    fichier = tmp_path / "cle-secrete"
    assert premiere == seconde == fichier.read_text() + "\n"
    assert len(premiere) > 80
    assert fichier.stat().st_mode & 0o777 == 0o600


def test_django_parle_a_postgresql_par_psycopg2():
    """Django takes psycopg 3 as soon as it finds it, and its pure Python form reads up to twenty times slower."""
    assert importlib.util.find_spec("psycopg") is None
    assert connection.Database.__name__ == "psycopg2"
    assert connection.Database.__version__.startswith("2.9.13")
