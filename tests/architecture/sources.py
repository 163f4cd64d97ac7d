"""What the source files must respect, as functions of their text, so that each can be shown to fail."""

import ast
import fnmatch
import sys
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent.parent
APPLICATIONS = ("strategie", "diagnostic", "plans", "budget")
LECTURES = {"visible_to", "allowed_to", "avec_roles"}
GESTIONNAIRES = {"objects", "_default_manager", "_base_manager"}
LIGNES_PAR_VUE = 30
# Django's writing methods are called with keywords only, or nothing; `dict.update(x)` and `open().write(x)` are not.
ECRITURES_SANS_POSITIONNEL = {"save", "asave", "create", "acreate", "update", "aupdate", "delete", "adelete"}
ECRITURES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "copy_expert", "executemany"}


def fichiers(*motifs: str) -> list[Path]:
    """Python files of the four applications whose path in the project matches one of `motifs`."""
    tous = (chemin for application in APPLICATIONS for chemin in sorted((RACINE / application).rglob("*.py")))
    return [c for c in tous if any(fnmatch.fnmatch(str(c.relative_to(RACINE)), motif) for motif in motifs)]


def hors_bibliotheque_standard(source: str, *, admis: tuple[str, ...] = ()) -> Iterator[str]:
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.Import):
            modules = [alias.name for alias in noeud.names]
        elif isinstance(noeud, ast.ImportFrom):
            modules = ["." * noeud.level + (noeud.module or "")]
        else:
            continue
        for module in modules:
            if module.partition(".")[0] not in sys.stdlib_module_names and module not in admis:
                yield f"line {noeud.lineno}: imports {module}"


def lectures_nues(source: str) -> Iterator[str]:
    """`.objects` used otherwise than through the doors that know the perimeter."""
    arbre = ast.parse(source)
    permis = {
        id(noeud.value) for noeud in ast.walk(arbre) if isinstance(noeud, ast.Attribute) and noeud.attr in LECTURES
    }
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Attribute) and noeud.attr in GESTIONNAIRES and id(noeud) not in permis:
            yield f"line {noeud.lineno}: {ast.unparse(noeud)} without {' or '.join(sorted(LECTURES))}"


def fonctions_longues(source: str) -> Iterator[str]:
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
            lignes = (noeud.end_lineno or noeud.lineno) - noeud.lineno + 1
            if lignes > LIGNES_PAR_VUE:
                yield f"line {noeud.lineno}: {noeud.name} has {lignes} lines"


def ecritures(source: str) -> Iterator[str]:
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Attribute):
            methode = noeud.func.attr
            if methode in ECRITURES or (methode in ECRITURES_SANS_POSITIONNEL and not noeud.args):
                yield f"line {noeud.lineno}: {ast.unparse(noeud.func)}("
