"""From any Python 3 to the environment of pyproject.toml: the first thing manage.py calls.

Standard library only, and the syntax of Python 3.6, because nothing is installed yet. In a good environment
it compares two small files and returns. Otherwise it finds a Python and uv, makes `.venv`, and starts again in it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
PYTHON_DU_VENV = VENV / "bin" / "python"
EMPREINTE = VENV / "paliers-installe"
UV = "uv==0.13.9"
UV_PRIVE = RACINE / ".paliers" / "uv"
VERSION_MINIMALE = (3, 12)
PREFERENCES = ("3.13", "3.14", "3.12")  # everything pinned was tried on the first

# What the machine must have, and the line to type where it lacks it.
A_INSTALLER = {
    "python": {
        "Debian, Ubuntu": "sudo apt install python3 python3-pip   (Debian 13, Ubuntu 24.04 ou plus récents)",
        "Fedora": "sudo dnf install python3 python3-pip",
        "macOS": "brew install python@3.13",
    },
    "pip": {
        "Debian, Ubuntu": "sudo apt install python3-pip",
        "Fedora": "sudo dnf install python3-pip",
        "macOS": "brew install python@3.13",
    },
    "pdf": {
        "Debian, Ubuntu": "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig "
        "fonts-dejavu-core",
        "Fedora": "sudo dnf install pango fontconfig dejavu-sans-fonts",
        "macOS": "brew install pango",
    },
    "chromium": {
        "Debian, Ubuntu": "sudo apt install chromium",
        "Fedora": "sudo dnf install chromium",
        "macOS": "brew install --cask chromium",
    },
}
BIBLIOTHEQUES_PDF = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1")
BIBLIOTHEQUES_PDF_MACOS = ("libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libharfbuzz-subset.dylib")
NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")


def preparer(arguments):
    """Return in a good environment; elsewhere make it and start again inside, so never return."""
    groupes = _groupes(arguments)
    if sys.version_info >= VERSION_MINIMALE and _convient(groupes):
        return
    if os.name != "posix":
        abandonner("Paliers fonctionne sous Linux et macOS ; sous Windows, utilisez WSL.")
    if not (PYTHON_DU_VENV.exists() and _est_a_jour(groupes)):
        _installer(groupes)
    os.execv(str(PYTHON_DU_VENV), [str(PYTHON_DU_VENV), *arguments])  # noqa: S606


def fournir_pdf():
    """Have the native libraries of WeasyPrint on this machine, or stop."""
    _fournir("pdf", "Les bibliothèques qui font les PDF (Pango, HarfBuzz, une police)", _a_les_bibliotheques_pdf)


def fournir_chromium():
    """Have the browser of the tests on this machine, or stop."""
    _fournir("chromium", "Chromium, le navigateur des tests,", lambda: any(map(shutil.which, NAVIGATEURS)))


def dire(texte):
    """Print in UTF-8 even where an old Python and a poor locale would refuse an accent."""
    sys.stdout.flush()
    sys.stdout.buffer.write((texte + "\n").encode("utf-8"))
    sys.stdout.buffer.flush()


def abandonner(phrase, detail=""):
    """End with a sentence rather than a traceback."""
    sys.stderr.flush()
    sys.stderr.buffer.write((phrase + "\n" + (detail.strip() + "\n" if detail else "")).encode("utf-8"))
    sys.stderr.buffer.flush()
    sys.exit(1)


def _groupes(arguments):
    """The dependency groups this command needs: a server has no use for the tests' tools."""
    groupes = set() if os.environ.get("DATABASE_URL") else {"postgres"}
    return groupes | {"dev"} if arguments[1:2] == ["tester"] else groupes


def _convient(groupes):
    dans_le_venv = os.path.realpath(sys.prefix) == os.path.realpath(str(VENV))
    return _est_a_jour(groupes) if dans_le_venv and EMPREINTE.exists() else _versions_installees(groupes)


def _est_a_jour(groupes):
    installes, declaration = _lire_empreinte()
    return groupes <= installes and declaration == _declaration()


def _lire_empreinte():
    """The groups put in `.venv`, and the pyproject.toml of that day."""
    if not EMPREINTE.exists():
        return set(), ""
    premiere_ligne, _, declaration = EMPREINTE.read_text(encoding="utf-8").partition("\n")
    return set(premiere_ligne.split()), declaration


def _declaration():
    return (RACINE / "pyproject.toml").read_text(encoding="utf-8")


def _versions_installees(groupes):
    """For an environment made by `uv run` or by hand: is every pin of pyproject.toml there?"""
    import tomllib
    from importlib.metadata import PackageNotFoundError, version

    projet = tomllib.loads(_declaration())
    epingles = projet["project"]["dependencies"] + [e for g in groupes for e in projet["dependency-groups"][g]]
    try:
        return all(version(nom) == voulue for nom, voulue in (epingle.split("==") for epingle in epingles))
    except PackageNotFoundError:
        return False


def _installer(groupes):
    dire("Préparation de l'environnement Python (une seule fois)…")
    python = next(filter(_est_assez_recent, [str(PYTHON_DU_VENV), *_pythons()]), None)
    groupes = groupes | _lire_empreinte()[0]
    commande = [_trouver_uv(), "sync", "--quiet", "--project", str(RACINE), "--no-default-groups"]
    commande += [option for groupe in sorted(groupes) for option in ("--group", groupe)]
    commande += ["--python", python] if python else []  # none here: uv may bring one
    commande += [] if EMPREINTE.exists() else ["--inexact"]  # what `uv run` put there stays
    reussite, sortie = _lancer(commande, UV_PROJECT_ENVIRONMENT=str(VENV), UV_SYSTEM_CERTS="1")
    if reussite:
        EMPREINTE.write_text(" ".join(sorted(groupes)) + "\n" + _declaration(), encoding="utf-8")
    elif python is None:
        abandonner(_a_installer("python", "Il faut Python 3.12 ou plus récent, et cette machine n'en a pas."))
    else:
        abandonner(_echec_reseau(sortie, "Les paquets Python n'ont pas pu être installés."), sortie)


def _pythons():
    """Every Python in reach, the best first: on the PATH, or among pyenv's, which hides those not active."""
    noms = ["python" + version for version in PREFERENCES] + ["python3", "python", "/usr/bin/python3"]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    de_pyenv = [str(p) for version in PREFERENCES for p in sorted(pyenv.glob(version + ".*/bin/python"), reverse=True)]
    return [chemin for chemin in map(shutil.which, noms) if chemin] + de_pyenv + [sys.executable]


def _est_assez_recent(python):
    question = "import sys; sys.exit(sys.version_info < " + repr(VERSION_MINIMALE) + ")"
    return _lancer([python, "-c", question])[0]


def _trouver_uv():
    prive = UV_PRIVE / "bin" / "uv"
    for uv in (shutil.which("uv"), str(prive)):
        if uv and _lancer([uv, "--version"])[0]:  # a shim of pyenv may stand for nothing
            return uv
    _fournir("pip", "pip, qui installe les paquets Python,", lambda: any(map(_a_pip, _pythons())))
    python = next(filter(_a_pip, _pythons()))
    commande = [python, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(UV_PRIVE), UV]
    # --target leaves the system's Python alone, so PEP 668 allows it; these two options would contradict it.
    reussite, sortie = _lancer(commande, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    if not reussite:
        abandonner(_echec_reseau(sortie, "uv, qui installe les paquets Python, n'a pas pu être installé."), sortie)
    return str(prive)


def _a_pip(python):
    return _lancer([python, "-m", "pip", "--version"])[0]


def _fournir(quoi, nom, est_present):
    """Have a piece of the system: as root on Debian install it, elsewhere say the line to type and stop."""
    if est_present():
        return
    if _systeme() == "Debian, Ubuntu" and os.geteuid() == 0:
        dire("Installation par apt-get : " + nom.rstrip(",") + "…")
        sortie = _installer_par_apt(A_INSTALLER[quoi]["Debian, Ubuntu"].split()[3:])
        if est_present():
            return
        abandonner(nom + " n'a pas pu être installé par apt-get.", sortie)
    abandonner(_a_installer(quoi, nom + " manque sur cette machine."))


def _installer_par_apt(paquets):
    commande = ["apt-get", "install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", *paquets]
    reussite, sortie = _lancer(commande, DEBIAN_FRONTEND="noninteractive")
    if not reussite:  # lists of packages missing or too old
        _lancer(["apt-get", "update"])
        reussite, sortie = _lancer(commande, DEBIAN_FRONTEND="noninteractive")
    return sortie


def _a_installer(quoi, phrase):
    lignes = A_INSTALLER[quoi]
    ici = _systeme()
    choisies = ["  " + systeme + " : " + ligne for systeme, ligne in lignes.items() if ici in (systeme, None)]
    return "\n".join([phrase + " Installez, puis recommencez :", *choisies])


def _systeme():
    if sys.platform == "darwin":
        return "macOS"
    try:
        champs = dict(re.findall(r'^(ID|ID_LIKE)="?([^"\n]*)', Path("/etc/os-release").read_text(), re.MULTILINE))
    except OSError:
        return None
    familles = " ".join(champs.values()).split()
    return "Debian, Ubuntu" if {"debian", "ubuntu"} & set(familles) else "Fedora" if "fedora" in familles else None


def _a_les_bibliotheques_pdf():
    """Loading them is the only question that has the same answer for root and a user, whose PATH lacks ldconfig."""
    import ctypes

    try:
        for nom in BIBLIOTHEQUES_PDF_MACOS if sys.platform == "darwin" else BIBLIOTHEQUES_PDF:
            ctypes.CDLL(nom)
    except OSError:
        return False
    return sys.platform == "darwin" or bool(next(Path("/usr/share/fonts").glob("**/*.[ot]t[fc]"), None))


def _echec_reseau(sortie, phrase):
    signes = ("dns", "resolve", "connect", "network", "timed out", "name or service", "unreachable")
    if any(signe in sortie.lower() for signe in signes):
        return phrase + " Le dépôt des paquets est injoignable : vérifiez l'accès au réseau, puis recommencez."
    return phrase


def _lancer(commande, **variables):
    """Run quietly; return whether it succeeded and what it said."""
    try:
        fait = subprocess.run(
            commande,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, **variables),
        )
    except OSError as erreur:
        return False, str(erreur)
    return fait.returncode == 0, fait.stdout.decode("utf-8", "replace")
