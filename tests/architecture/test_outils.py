"""The tools agree: imports, lint, formats, types, Django's own checks. Each is also shown a fault and must see it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.architecture.sources import APPLICATIONS, RACINE

# Only the browser tests need this one, and `check --deploy` rightly refuses it.
ENVIRONNEMENT = {nom: valeur for nom, valeur in os.environ.items() if nom != "DJANGO_ALLOW_ASYNC_UNSAFE"}
DJADE = ("djade", "--check", "--target-version", "6.1")


def outil(*commande: str, dans: Path = RACINE, **environnement: str) -> tuple[int, str]:
    """Runs a tool of this environment; its status and what it said."""
    programme = Path(sys.executable).parent / commande[0]
    fini = subprocess.run(
        [str(programme), *commande[1:]],
        cwd=dans,
        env=ENVIRONNEMENT | environnement,
        capture_output=True,
        text=True,
        check=False,
    )
    return fini.returncode, fini.stdout + fini.stderr


def reussit(*commande: str, **options) -> None:
    statut, dit = outil(*commande, **options)
    assert statut == 0, dit


def gabarits(racine: Path) -> list[str]:
    return [str(chemin) for chemin in sorted(racine.rglob("*")) if chemin.suffix in (".html", ".txt")]


def test_les_etages_et_les_pieces_sont_respectes():
    reussit("lint-imports", "--no-logo")


def test_un_import_interdit_est_vu_par_chaque_contrat(tmp_path):
    """A copy of the Python tree, with one forbidden import for each contract."""
    for application in APPLICATIONS:
        shutil.copytree(
            RACINE / application, tmp_path / application, ignore=lambda _, noms: [n for n in noms if n == "donnees"]
        )
    shutil.copy(RACINE / "pyproject.toml", tmp_path)
    for fichier, importe in {
        "strategie/socle/droits.py": "diagnostic.models",  # a floor above
        "diagnostic/models/campagne.py": "diagnostic.queries",  # a room above
        "diagnostic/domain/__init__.py": "strategie.socle.views.acces",  # a higher room of another floor
        "diagnostic/queries/__init__.py": "strategie.socle.domain.historique",  # a read that can write
    }.items():
        (tmp_path / fichier).write_text((tmp_path / fichier).read_text() + f"\nimport {importe}\n")
    statut, dit = outil("lint-imports", "--no-logo", "--no-cache", dans=tmp_path)
    assert statut == 1
    assert (dit.count(" BROKEN"), dit.count(" KEPT")) == (4, 0), dit


def test_ruff():
    reussit("ruff", "check", ".")
    reussit("ruff", "format", "--check", ".")


def test_ruff_voit_une_faute(tmp_path):
    (tmp_path / "faute.py").write_text("import os\nx = { 'a':1 }\n")
    configuration = ("--config", str(RACINE / "pyproject.toml"))
    assert outil("ruff", "check", *configuration, "faute.py", dans=tmp_path)[0] == 1
    assert outil("ruff", "format", "--check", *configuration, "faute.py", dans=tmp_path)[0] == 1


def test_les_gabarits_sont_mis_en_forme():
    reussit(*DJADE, *gabarits(RACINE / "templates"))


def test_djade_voit_une_faute(tmp_path):
    (tmp_path / "faute.html").write_text("{%load i18n%}\n<p>{{nom}}</p>\n")
    assert outil(*DJADE, *gabarits(tmp_path))[0] == 1


def test_les_types_de_domain_et_de_queries():
    reussit("mypy")


def test_mypy_voit_une_faute(tmp_path):
    """With the project's own configuration, on types that only the Django plugin knows."""
    faute = tmp_path / "faute.py"
    faute.write_text(
        "from strategie.socle.models import Etablissement\n\n\n"
        "def nom(uai: str) -> int:\n    return Etablissement.objects.get(uai=uai).nom\n"
    )
    statut, dit = outil("mypy", str(faute))
    assert statut == 1
    assert "[return-value]" in dit or "[no-any-return]" in dit


ADRESSE = {"PALIERS_ADRESSE": "https://paliers.exemple"}
CLE = {"PALIERS_CLE_SECRETE": "x1-" + "aZ9" * 20}
COURRIEL = {"PALIERS_COURRIEL": "smtp://compte:secret@courriel.exemple:587"}


def verifier(*options: str, **environnement: str) -> tuple[int, str]:
    """Django's checks, where warnings count as errors."""
    return outil("python", "manage.py", "check", "--fail-level", "WARNING", *options, **environnement)


def test_django_n_a_rien_a_redire():
    statut, dit = verifier()
    assert (statut, "no issues" in dit) == (0, True), dit


def test_le_deploiement_est_sans_avertissement():
    statut, dit = verifier("--deploy", **ADRESSE, **CLE, **COURRIEL)
    assert (statut, "no issues" in dit) == (0, True), dit


@pytest.mark.parametrize(
    ("environnement", "dit"),
    [
        (ADRESSE | COURRIEL, "PALIERS_CLE_SECRETE"),
        (ADRESSE | COURRIEL | {"PALIERS_CLE_SECRETE": "court"}, "50 caractères"),
        (ADRESSE | COURRIEL | {"PALIERS_CLE_SECRETE": "a" * 60}, "security.W009"),
        (ADRESSE | CLE, "mail.E001"),
        ({"PALIERS_ADRESSE": "http://paliers.exemple"} | CLE | COURRIEL, "https://"),
    ],
)
def test_un_deploiement_incomplet_est_refuse(environnement, dit):
    statut, sortie = verifier("--deploy", **environnement)
    assert statut == 1
    assert dit in sortie


@pytest.mark.django_db
def test_les_migrations_disent_les_modeles():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_un_champ_sans_migration_est_vu(monkeypatch):
    """A field widened in the model alone."""
    champ = apps.get_model("socle", "Academie")._meta.get_field("nom")
    assert isinstance(champ, models.CharField)
    monkeypatch.setattr(champ, "max_length", 61)
    with pytest.raises(SystemExit):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
