"""Files that people send: their type is read in their content, never believed from their name."""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

import puremagic
from django.core.exceptions import ValidationError

TAILLE_MAX = 10 * 1024 * 1024
SIMPLES = ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/heic")
BUREAUTIQUE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OPEN_DOCUMENT = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
)
REFUS = "Ce fichier n'est pas d'un type admis : PDF, image, document bureautique sans macro ou texte."
CONTROLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def type_du_contenu(contenu: bytes) -> str:
    """The MIME type of an admitted file, from its bytes. Raises ValidationError with a French sentence."""
    if not contenu:
        raise ValidationError("Ce fichier est vide.")
    if len(contenu) > TAILLE_MAX:
        raise ValidationError("Ce fichier dépasse 10 Mo.")
    for reconnaitre in (_type_simple, _type_bureautique, _type_texte):
        if type_mime := reconnaitre(contenu):
            return type_mime
    raise ValidationError(REFUS)


def _type_simple(contenu: bytes) -> str | None:
    try:
        meilleur = puremagic.magic_string(contenu[:4096])[0].mime_type
    except puremagic.PureError:
        return None
    return meilleur if meilleur in SIMPLES else None


def _type_bureautique(contenu: bytes) -> str | None:
    """An office document is a zip: told by its entries. Macros and encrypted files are not admitted."""
    if not contenu.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            noms = set(archive.namelist())
            if any(nom.endswith("vbaProject.bin") or nom.startswith("Basic/") for nom in noms):
                return None
            if "mimetype" in noms and archive.getinfo("mimetype").file_size < 100:
                declare = archive.read("mimetype").decode("ascii", "replace").strip()
                return declare if declare in OPEN_DOCUMENT else None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return None
    return next((type_mime for entree, type_mime in BUREAUTIQUE.items() if entree in noms), None)


def _type_texte(contenu: bytes) -> str | None:
    """Plain text only: readable as UTF-8 or Windows-1252, without control characters, and no markup."""
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            texte = contenu.decode("cp1252")
        except UnicodeDecodeError:
            return None
    if CONTROLES.search(texte) or texte.lstrip().startswith(("<", "#!")):
        return None
    return "text/plain"


def nom_sur(nom: str) -> str:
    """The name to show and to offer at download: no folder, no control or direction character, 150 at most."""
    propre = "".join(c for c in unicodedata.normalize("NFC", nom) if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    chemin = PurePosixPath(propre.replace("\\", "/"))
    racine, extension = (chemin.stem or "fichier")[:130], chemin.suffix[:20]
    return f"{racine}{extension}".strip(". ") or "fichier"
