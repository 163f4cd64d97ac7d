"""The rooms: who reads how, who writes, what stays pure. Imports between rooms are import-linter's (pyproject.toml)."""

import fnmatch
import importlib.util
from pathlib import Path

import pytest

from tests.architecture.sources import (
    RACINE,
    ecritures,
    fichiers,
    fonctions_longues,
    hors_bibliotheque_standard,
    lectures_nues,
)

MODULES_PURS = [
    "strategie/amorce.py",  # runs before any package is installed
    "strategie/socle/domain/calendrier.py",
    "strategie/socle/domain/fusion.py",
    "budget/domain/argent.py",
    "budget/domain/cycle.py",
    "budget/domain/etats_d_usage.py",
    "budget/domain/pannes.py",
    "diagnostic/domain/cotation.py",
    "diagnostic/domain/contenu.py",
    "diagnostic/domain/conditions.py",
    "diagnostic/domain/anonymat.py",
    "diagnostic/domain/bulletins.py",
    "diagnostic/domain/codes.py",
    "diagnostic/domain/designations.py",
    "diagnostic/domain/statistiques.py",
    "plans/domain/fraicheur.py",
    "strategie/pilotage/domain/changements.py",
    "strategie/pilotage/domain/conseil.py",
]
# Outside `domain/`, each write that stays says why.
ECRITURES_ADMISES = {
    "strategie/socle/models/comptes.py": "Django asks managers of accounts for create_user",
}
NIVEAU_HAUT = {
    *("manage.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"),
    *("strategie", "diagnostic", "plans", "budget", "templates", "static", "tests"),
    *(".ci", ".gitignore", ".python-version", ".pre-commit-config.yaml"),
}


def fautes(verification, chemins: list[Path]) -> list[str]:
    return [f"{chemin.relative_to(RACINE)} {faute}" for chemin in chemins for faute in verification(chemin.read_text())]


def test_les_vues_partent_du_perimetre():
    assert fautes(lectures_nues, fichiers("*/views/*.py")) == []


def test_les_vues_sont_courtes():
    assert fautes(fonctions_longues, fichiers("*/views/*.py")) == []


def test_seul_domain_ecrit():
    ailleurs = [
        chemin
        for chemin in fichiers("*.py")
        if not {"domain", "migrations"} & set(chemin.parts) and str(chemin.relative_to(RACINE)) not in ECRITURES_ADMISES
    ]
    assert fautes(ecritures, ailleurs) == []


def test_les_exceptions_servent_encore():
    assert [chemin for chemin in ECRITURES_ADMISES if not list(ecritures((RACINE / chemin).read_text()))] == []


@pytest.mark.parametrize("module", MODULES_PURS)
def test_les_modules_purs_ne_connaissent_que_la_bibliotheque_standard(module):
    assert list(hors_bibliotheque_standard((RACINE / module).read_text())) == []


def absents(*modules: str) -> list[str]:
    return [module for module in modules if importlib.util.find_spec(module) is None]


def test_psycopg_3_reste_dehors():
    """Django prefers it as soon as it is importable, and its pure Python form reads up to 20 times slower."""
    assert absents("psycopg", "psycopg2") == ["psycopg"]


def en_trop(racine: Path, attendus: set[str]) -> set[str]:
    """Names at the top of the project that are neither expected nor ignored by git."""
    ignores = [ligne.strip("/\n") for ligne in (racine / ".gitignore").read_text().splitlines()]
    presents = {chemin.name for chemin in racine.iterdir() if chemin.name != ".git"}
    return {nom for nom in presents - attendus if not any(fnmatch.fnmatch(nom, motif) for motif in ignores)}


def test_le_haut_du_depot_ne_s_encombre_pas():
    assert en_trop(RACINE, NIVEAU_HAUT) == set()
    assert {nom for nom in NIVEAU_HAUT if not (RACINE / nom).exists()} == set()


# --- Each check can fail ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        "Etablissement.objects.all()",
        "Etablissement.objects.filter(uai=uai)",
        "get_object_or_404(Etablissement.objects, uai=uai)",
        "liste = Etablissement._default_manager.all()",
    ],
)
def test_une_lecture_nue_est_vue(source):
    assert len(list(lectures_nues(source))) == 1


def test_une_lecture_par_le_perimetre_est_admise():
    assert list(lectures_nues("Etablissement.objects.visible_to(user).filter(uai=uai)\nrequest.objects_list")) == []


def test_une_vue_longue_est_vue():
    corps = "\n".join(["    x = 1"] * 30)
    assert list(fonctions_longues(f"def vue(request):\n{corps}")) == ["line 1: vue has 31 lines"]
    assert list(fonctions_longues("def vue(request):\n" + corps[:-10])) == []


@pytest.mark.parametrize(
    "source",
    [
        "objet.save()",
        "objet.save(update_fields=['nom'])",
        "Modele.objects.create(nom='x')",
        "Modele.objects.filter(pk=1).update(nom='x')",
        "objet.delete()",
        "Modele.objects.bulk_create(objets)",
        "Modele.objects.get_or_create(nom='x')",
        "form.save()",
        "curseur.copy_expert('COPY t FROM STDIN', f)",
    ],
)
def test_une_ecriture_est_vue(source):
    assert len(list(ecritures(source))) == 1


def test_ce_qui_ressemble_a_une_ecriture_est_admis():
    assert list(ecritures("contexte.update({'a': 1})\nempreinte.update(octets)\nstockage.delete(nom)")) == []


@pytest.mark.parametrize("source", ["import django", "from django.db import models", "from . import cotation"])
def test_un_module_pur_qui_importe_autre_chose_est_vu(source):
    assert len(list(hors_bibliotheque_standard(f"import re\n{source}"))) == 1


def test_un_nom_de_trop_en_haut_est_vu(tmp_path):
    for nom in ("README.md", "utils.py", ".venv", "note.pyc"):
        (tmp_path / nom).touch()
    (tmp_path / ".gitignore").write_text("/.venv/\n*.pyc\n")
    assert en_trop(tmp_path, {"README.md", ".gitignore"}) == {"utils.py"}
