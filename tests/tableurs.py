"""Spreadsheets as others write them: typed cells, other libraries, other formats. A workbook is its sheets by name."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import openpyxl

Cellule = str | float | int | bool | datetime.date | None
Feuilles = dict[str, list[list[Cellule]]]

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_MANIFESTE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_TEXTE = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def lire_xlsx(octets: bytes) -> Feuilles:
    """As a spreadsheet opens it."""
    classeur = openpyxl.load_workbook(io.BytesIO(octets))
    return {feuille.title: [list(ligne) for ligne in feuille.values] for feuille in classeur}


def en_xlsx(feuilles: Feuilles) -> bytes:
    """By openpyxl: shared strings, dates and booleans with their own types."""
    classeur = openpyxl.Workbook()
    classeur.remove(classeur.active)
    for nom, lignes in feuilles.items():
        feuille = classeur.create_sheet(nom)
        for rang, ligne in enumerate(lignes, start=1):
            for colonne, valeur in enumerate(ligne, start=1):
                cellule = feuille.cell(rang, colonne, valeur)
                if isinstance(valeur, str):
                    # What openpyxl forgets: a text that looks like an escaped character is escaped itself.
                    cellule.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", valeur)
                    cellule.data_type = "s"  # never a formula
    classeur.save(sortie := io.BytesIO())
    return sortie.getvalue()


def en_ods(feuilles: Feuilles) -> bytes:
    """As LibreOffice does: typed values, a paragraph a line, and the blank rest of the sheet as one repeated row."""
    corps = "".join(
        f"<table:table table:name={quoteattr(nom)}>"
        + "".join(f"<table:table-row>{''.join(map(_cellule_ods, ligne))}</table:table-row>" for ligne in lignes)
        + '<table:table-row table:number-rows-repeated="1048000">'
        + '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for nom, lignes in feuilles.items()
    )
    contenu = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3"'
        f' xmlns:office="{_OFFICE}" xmlns:table="{_TABLE}" xmlns:text="{_TEXTE}">'
        f"<office:body><office:spreadsheet>{corps}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive_ods(contenu)


def archive_ods(contenu: str, *, chiffre: bool = False) -> bytes:
    """`chiffre`: the manifest says, as LibreOffice's, that the content is encrypted."""
    secret = '<manifest:encryption-data manifest:checksum-type="SHA256">x</manifest:encryption-data>' if chiffre else ""
    manifeste = (
        f'<manifest:manifest xmlns:manifest="{_MANIFESTE}"><manifest:file-entry manifest:full-path="content.xml"'
        f' manifest:media-type="text/xml">{secret}</manifest:file-entry></manifest:manifest>'
    )
    return archive({"mimetype": _ODS, "content.xml": contenu.encode(), "META-INF/manifest.xml": manifeste.encode()})


def contenu_ods(feuilles: Feuilles) -> str:
    """The XML that `en_ods` packs."""
    with zipfile.ZipFile(io.BytesIO(en_ods(feuilles))) as zip_:
        return zip_.read("content.xml").decode()


def _cellule_ods(valeur: Cellule) -> str:
    match valeur:
        case None | "":
            return "<table:table-cell/>"
        case bool():
            return _typee("boolean", f'office:boolean-value="{str(valeur).lower()}"', "VRAI" if valeur else "FAUX")
        case int() | float():
            return _typee("float", f'office:value="{valeur}"', str(valeur))
        case datetime.date():
            return _typee("date", f'office:date-value="{valeur.isoformat()}"', valeur.strftime("%d/%m/%y"))
    return _typee("string", "", str(valeur))


def _typee(nature: str, valeur: str, texte: str) -> str:
    lignes = "".join(f"<text:p>{escape(ligne)}</text:p>" for ligne in texte.split("\n"))
    return f'<table:table-cell office:value-type="{nature}" {valeur}>{lignes}</table:table-cell>'


def en_csv(lignes: Iterable[Iterable[Cellule]], *, separateur: str = ";", encodage: str = "utf-8") -> bytes:
    """As spreadsheets export it; quotes where they are needed, booleans and numbers as they are shown."""
    rangees = [separateur.join(f'"{_montree(c)}"' for c in ligne) for ligne in lignes]
    return "\r\n".join(rangees).encode(encodage)


def _montree(valeur: Cellule) -> str:
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    return "" if valeur is None else str(valeur).replace('"', '""')


def archive(entrees: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", compression) as zip_:
        for nom, octets in entrees.items():
            zip_.writestr(nom, octets, zipfile.ZIP_STORED if nom == "mimetype" else compression)
    return sortie.getvalue()
