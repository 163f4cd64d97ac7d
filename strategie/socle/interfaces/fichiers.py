"""Files that people send: their type is read in their content, never believed from their name."""

import io
import re
import struct
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
EXTENSIONS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tiff", ".tif"),
    "image/heic": (".heic", ".heif"),
    BUREAUTIQUE["word/document.xml"]: (".docx",),
    BUREAUTIQUE["xl/workbook.xml"]: (".xlsx",),
    BUREAUTIQUE["ppt/presentation.xml"]: (".pptx", ".ppsx"),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.oasis.opendocument.presentation": (".odp",),
    "text/plain": (".txt", ".csv", ".md"),
}
REFUS = "Ce fichier n'est pas d'un type admis\u00a0: PDF, image, document bureautique sans macro ou texte."
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
            if "mimetype" in noms and _lisible_tel_quel(archive.getinfo("mimetype")):
                declare = archive.read("mimetype").decode("ascii", "replace").strip()
                return declare if declare in OPEN_DOCUMENT else None
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, struct.error):  # damaged on purpose or not
        return None
    return next((type_mime for entree, type_mime in BUREAUTIQUE.items() if entree in noms), None)


def _lisible_tel_quel(entree: zipfile.ZipInfo) -> bool:
    """As OpenDocument wants its first entry: short and not compressed, hence nothing to unpack."""
    return entree.compress_type == zipfile.ZIP_STORED and entree.file_size < 100


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


def nom_du_type(nom: str, type_mime: str) -> str:
    """The safe name, ended as the content is: a text that came as « note.bat » must not run where it is opened."""
    propre, extensions = nom_sur(nom), EXTENSIONS[type_mime]
    return propre if propre.lower().endswith(extensions) else f"{propre}{extensions[0]}"
