"""Tables that people send back through a page: XLSX, ODS or CSV in, clean rows and every refusal out. Saves nothing.

Nothing is believed before it is looked at: the content, then the directory of the archive, then calamine, which
reads in a process that has little memory and little time (`lecture_classeur`).
"""

import csv
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import islice
from lzma import LZMAError
from typing import Any

from strategie.socle.interfaces import lecture_classeur
from strategie.socle.interfaces.fichiers import TAILLE_MAX
from strategie.socle.interfaces.imports import (
    RATIO_DES,
    RATIO_MAX,
    SEPARATEURS,
    FichierRefuse,
    Format,
    LigneRefusee,
    Refus,
    ValeurRefusee,
    clef,
    reconnaitre_encodage,
    refus,
)
from strategie.socle.interfaces.lecture_classeur import COLONNES_MAX, LIGNES_MAX

ENTREES_MAX = 1_000
ENTREE_MAX, TOTAL_MAX = 100 * 1024**2, 200 * 1024**2
ENTETE_AVANT = 30  # titles and notes may stand above the header, not a whole page of them
ATTENTE = 30

ENREGISTREZ = "enregistrez-le au format .xlsx ou .ods"
TROP_GRAND = f"Ce fichier est trop grand : {LIGNES_MAX} lignes et {COLONNES_MAX} colonnes au plus sont lues."
ABIME = "Ce classeur est abîmé ou trop grand : ouvrez-le dans un tableur, puis enregistrez-le de nouveau."
CHIFFRE = f"Ce classeur est protégé par un mot de passe : retirez le mot de passe, puis {ENREGISTREZ}."
ANCIEN = f"L'ancien format .xls n'est pas lu : {ENREGISTREZ}."
REFUS_DE_LECTURE = {"trop_grand": TROP_GRAND, "abime": ABIME}
REFUS_D_ARCHIVE = {
    "entrees": f"Cette archive a plus de {ENTREES_MAX} entrées : ce n'est pas un classeur.",
    "chiffree": CHIFFRE,
    "abimee": ABIME,
    "demesuree": "Une fois ouvert, ce classeur serait démesuré : il n'est pas lu.",
}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of every encrypted Office file
OLE_CHIFFRE = "EncryptedPackage".encode("utf-16-le")
ENTREE_DE_REPERTOIRE = b"PK\x01\x02"
MIMETYPE, MANIFESTE, PETITE = "mimetype", "META-INF/manifest.xml", 100_000
ERREURS_D_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, ValueError, struct.error, NotImplementedError,
)  # fmt: skip
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Feuille:
    """A sheet: its rows that are not empty, each with the number that a spreadsheet shows.

    Where they were looked for, formulas and merged cells (first and last corner): row as shown, column from 0.
    `nombres`: how many cells of a column are numbers, to whom a workbook gives no leading zero; `dates`: how many are
    dates, whose day and month a workbook never takes for each other.
    """

    nom: str
    lignes: list[tuple[int, list[str]]]
    formules: tuple[tuple[int, int], ...] = ()
    fusions: tuple[tuple[int, int, int, int], ...] = ()
    nombres: Mapping[int, int] = field(default_factory=dict, compare=False)
    dates: Mapping[int, int] = field(default_factory=dict, compare=False)


@dataclass
class Tableau:
    """The rows of a sheet, read by a `Format`; the refused ones are kept aside, every bad cell of them."""

    feuille: str
    lignes: list[Any] = field(default_factory=list)
    refuses: list[Refus] = field(default_factory=list)


# --- Opening the file ---------------------------------------------------------------------------------


def lire_feuilles(contenu: bytes, *, reperer: bool = False) -> list[Feuille]:
    """The sheets of a workbook, or the only one of a CSV. Raises FichierRefuse with a French sentence.

    `reperer` also tells where formulas and merged cells stand.
    """
    if not contenu.strip():
        raise FichierRefuse("Ce fichier est vide.")
    if len(contenu) > TAILLE_MAX:
        raise FichierRefuse(f"Ce fichier dépasse {TAILLE_MAX // 1024**2} Mo.")
    if contenu.startswith(b"PK"):
        controler_archive(contenu)
        return _lire_classeur(contenu, reperer)
    if contenu.startswith(OLE):
        raise FichierRefuse(CHIFFRE if OLE_CHIFFRE in contenu else ANCIEN)
    if contenu.startswith(b"%PDF"):
        raise FichierRefuse("Ce fichier est un PDF : c'est le classeur rempli qui est attendu.")
    return [_lire_csv(contenu)]


def controler_archive(contenu: bytes) -> None:
    """Judges a workbook by the directory of its archive, before anything is unpacked."""
    try:
        entrees = repertoire(contenu)
        petites = {entree.filename for entree in entrees if entree.file_size <= PETITE}
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            mimetype, manifeste = (archive.read(nom) if nom in petites else b"" for nom in (MIMETYPE, MANIFESTE))
    except ArchiveSuspecte as suspecte:
        raise FichierRefuse(REFUS_D_ARCHIVE[suspecte.args[0]]) from None
    except ERREURS_D_ARCHIVE:
        raise FichierRefuse(ABIME) from None
    if b"encryption-data" in manifeste:  # what an OpenDocument under a password says of itself
        raise FichierRefuse(CHIFFRE)
    noms = {entree.filename for entree in entrees}
    if any(nom.endswith("vbaProject.bin") or nom.startswith("Basic/") for nom in noms):
        raise FichierRefuse(f"Ce classeur contient des macros : {ENREGISTREZ}, sans macro.")
    if "xl/workbook.xml" not in noms and mimetype.strip() != ODS:
        raise FichierRefuse(f"Ce fichier n'est pas un classeur .xlsx ou .ods : {ENREGISTREZ}.")


class ArchiveSuspecte(Exception):
    """Its word says why an office document is not opened: entrees, chiffree, abimee, demesuree."""


def repertoire(contenu: bytes) -> list[zipfile.ZipInfo]:
    """The entries of an office document, none of them unpacked. Raises ArchiveSuspecte."""
    if contenu.count(ENTREE_DE_REPERTOIRE) > ENTREES_MAX:  # counted first: the directory itself may be the trap
        raise ArchiveSuspecte("entrees")
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            entrees = archive.infolist()
    except ERREURS_D_ARCHIVE:
        raise ArchiveSuspecte("abimee") from None
    if any(entree.flag_bits & 1 for entree in entrees):
        raise ArchiveSuspecte("chiffree")
    if sum(entree.file_size for entree in entrees) > TOTAL_MAX or any(map(_piegee, entrees)):
        raise ArchiveSuspecte("demesuree")
    return entrees


def _piegee(entree: zipfile.ZipInfo) -> bool:
    gonfle = entree.file_size > RATIO_DES and entree.file_size > RATIO_MAX * max(1, entree.compress_size)
    return gonfle or entree.file_size > ENTREE_MAX


def _lire_classeur(contenu: bytes, reperer: bool) -> list[Feuille]:
    commande = [sys.executable, "-I", lecture_classeur.__file__, *(["--reperer"] if reperer else [])]
    try:
        lecture = subprocess.run(commande, input=contenu, capture_output=True, timeout=ATTENTE)
    except subprocess.TimeoutExpired:
        raise FichierRefuse(ABIME) from None
    if lecture.returncode:
        raise FichierRefuse(ABIME)
    lu = json.loads(lecture.stdout)
    if mot := lu.get("refus"):
        raise FichierRefuse(REFUS_DE_LECTURE[mot])
    reperes = lu.get("reperages", {})
    return [
        Feuille(
            nom,
            _sans_vides(enumerate(lignes, start=1)),
            *(tuple(map(tuple, reperes.get(nom, {}).get(sorte, ()))) for sorte in ("formules", "fusions")),
            *({int(place): combien for place, combien in types.items()} for types in (nombres, dates)),
        )
        for nom, lignes, nombres, dates in lu["feuilles"]
    ]


def _sans_vides(lignes: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    return [(numero, cellules) for numero, cellules in lignes if any(cellule.strip() for cellule in cellules)]


# --- A text table -------------------------------------------------------------------------------------


def _lire_csv(contenu: bytes) -> Feuille:
    """The separator is the one that cuts most lines into most cells; notes above the header are no table."""
    texte = contenu.decode(reconnaitre_encodage(io.BytesIO(contenu), TAILLE_MAX), "replace")
    if texte.lstrip().startswith("<"):
        raise FichierRefuse(f"Ce fichier est une page web (HTML ou XML) renommée : {ENREGISTREZ}.")
    separateurs, avant = SEPARATEURS, 0
    if annonce := re.match(r"sep=([^\"\r\n])\r?\n", texte):  # Excel's own line
        separateurs, avant, texte = annonce[1], 1, texte[annonce.end() :]
    try:
        separateur = max(separateurs, key=lambda essai: _largeur(texte, essai))
        lignes = _sans_vides((avant + numero, cellules) for numero, cellules in _lignes_csv(texte, separateur))
    except csv.Error:
        raise FichierRefuse("Ce fichier CSV est cassé : un guillemet ouvert n'est jamais refermé.") from None
    if len(lignes) > LIGNES_MAX or any(len(cellules) > COLONNES_MAX for _, cellules in lignes):
        raise FichierRefuse(TROP_GRAND)
    return Feuille("", lignes)


def _lignes_csv(texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line, as an editor shows it."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    numero = 1
    for cellules in lecteur:
        yield numero, cellules
        numero = lecteur.line_num + 1


def _largeur(texte: str, separateur: str) -> int:
    try:
        largeurs = Counter(len(cellules) for _, cellules in islice(_lignes_csv(texte, separateur), 200))
    except csv.Error:
        return 0
    return max(largeurs, key=lambda largeur: (largeurs[largeur], largeur), default=0)


# --- Reading the table --------------------------------------------------------------------------------


def lire_tableau(feuilles: list[Feuille], forme: Format) -> Tableau:
    """The one sheet that has the format's columns, wherever its header stands, and all that is wrong with its rows.

    Cells reach `Colonne.lire` as they are, blanks included; `composer` also gets the row's number, as « ligne »,
    and may answer None for a row that says nothing.
    """
    trouvees = [(feuille, rang) for feuille in feuilles if (rang := _rang_de_l_entete(feuille, forme)) is not None]
    if not trouvees:
        noms = ", ".join(f"« {colonne.nom} »" for colonne in forme.colonnes if colonne.obligatoire)
        raise FichierRefuse(f"Aucune feuille n'a les colonnes attendues : {noms}.")
    if len(trouvees) > 1:
        noms = ", ".join(f"« {feuille.nom} »" for feuille, _ in trouvees)
        raise FichierRefuse(f"Plusieurs feuilles ont les colonnes attendues ({noms}) : n'en gardez qu'une.")
    feuille, rang = trouvees[0]
    return _lire_lignes(feuille, rang, forme)


def lire_feuille(feuille: Feuille, forme: Format) -> Tableau:
    """A sheet that holds the format's columns and no other: nothing of it is passed over in silence.

    A column that has another name, that is there twice or that nobody expects is refused by name, as is whatever
    stands beside the table, a formula, or cells merged in it.
    """
    rang = _rang_le_plus_proche(feuille, forme)
    if rang is None:
        noms = ", ".join(f"« {colonne.nom} »" for colonne in forme.colonnes if colonne.obligatoire)
        raise FichierRefuse(f"La feuille « {feuille.nom} » n'a pas les colonnes attendues : {noms}.")
    numero, entetes = feuille.lignes[rang]
    refuses = _fautes_de_l_entete(numero, entetes, forme)
    tableau = Tableau(feuille.nom) if refuses else _lire_lignes(feuille, rang, forme)
    tableau.refuses += [*refuses, *_fautes_hors_cellules(feuille, rang, entetes)]
    tableau.refuses = [replace(refuse, feuille=feuille.nom) for refuse in sorted(tableau.refuses, key=_ligne)]
    return tableau


def _ligne(refuse: Refus) -> int:
    return refuse.ligne


def _rang_le_plus_proche(feuille: Feuille, forme: Format) -> int | None:
    """The row that has most of the headings."""
    comptes = [
        len(forme.places([clef(cellule) for cellule in cellules])) for _, cellules in feuille.lignes[:ENTETE_AVANT]
    ]
    return comptes.index(max(comptes)) if any(comptes) else None


def _fautes_de_l_entete(numero: int, entetes: list[str], forme: Format) -> list[Refus]:
    cles = [clef(entete) for entete in entetes]
    places = forme.places(cles)
    libres = {colonne.nom: colonne for colonne in forme.colonnes if colonne.champ not in places}
    fautes = []
    for place, entete in enumerate(entetes):
        if cles[place] and place not in places.values():
            proche = get_close_matches(clef(entete), map(clef, libres), n=1)
            nom = next((nom for nom in libres if clef(nom) in proche), "")
            if cles.index(cles[place]) < place:
                raison = "deux colonnes portent ce nom : gardez-en une."
            elif nom:
                raison = f"cette colonne n'est pas attendue : son nom était-il « {nom} » ?"
                del libres[nom]
            else:
                raison = "cette colonne n'est pas attendue : retirez-la, ou notez ce qu'elle dit dans une autre."
            fautes.append(refus(numero, entete.strip(), "", raison))
    absentes = [colonne.nom for colonne in libres.values() if colonne.obligatoire]
    return [*fautes, *(refus(numero, nom, "", "cette colonne manque.") for nom in absentes)]


def _fautes_hors_cellules(feuille: Feuille, rang: int, entetes: list[str]) -> Iterator[Refus]:
    """What the cells of the table do not say by themselves."""
    premiere = feuille.lignes[rang][0]
    nommees = {place for place, entete in enumerate(entetes) if entete.strip()}
    for numero, cellules in feuille.lignes[rang + 1 :]:
        for place, cellule in enumerate(cellules):
            if cellule.strip() and place not in nommees:
                yield refus(
                    numero, lettres(place), cellule, "cette case est hors du tableau : sa colonne n'a pas de nom."
                )
    for ligne, place in feuille.formules:
        if ligne >= premiere:
            raison = f"la case {lettres(place)}{ligne} contient une formule : mettez à la place ce qu'elle affiche."
            yield refus(ligne, _entete(entetes, place), "", raison)
    for haut, gauche, bas, droite in feuille.fusions:
        if bas >= premiere:
            raison = (
                f"les cases {lettres(gauche)}{haut} à {lettres(droite)}{bas} sont fusionnées : défusionnez-les, et "
                "remplissez chacune."
            )
            yield refus(haut, _entete(entetes, gauche), "", raison)


def _entete(entetes: list[str], place: int) -> str:
    return (entetes[place].strip() if place < len(entetes) else "") or lettres(place)


def lettres(place: int) -> str:
    """The letters of a column counted from 0: A, then Z, then AA."""
    nom = ""
    while place >= 0:
        nom, place = chr(ord("A") + place % 26) + nom, place // 26 - 1
    return nom


def _rang_de_l_entete(feuille: Feuille, forme: Format) -> int | None:
    for rang, (_, cellules) in enumerate(feuille.lignes[:ENTETE_AVANT]):
        if not forme.absentes(forme.places([clef(cellule) for cellule in cellules])):
            return rang
    return None


def _lire_lignes(feuille: Feuille, rang: int, forme: Format) -> Tableau:
    numero, entetes = feuille.lignes[rang]
    cles = [clef(entete) for entete in entetes]
    places = forme.places(cles)
    if doubles := sorted(entetes[place] for place in places.values() if cles.count(cles[place]) > 1):
        raise FichierRefuse(f"Deux colonnes portent le même nom : {', '.join(doubles)}.", ligne=numero)
    tableau = Tableau(feuille.nom)
    noms = {colonne.champ: colonne.nom for colonne in forme.colonnes}
    noms |= {champ: entetes[place].strip() for champ, place in places.items()}
    vues: dict[Any, int] = {}
    for numero, cellules in feuille.lignes[rang + 1 :]:
        brutes = {champ: cellules[place] if place < len(cellules) else "" for champ, place in places.items()}
        valeurs, fautes = _lire_cellules(brutes, forme)
        cle = valeurs.get(forme.cle)
        if cle and vues.setdefault(cle, numero) != numero:
            fautes.append((forme.cle, f"déjà à la ligne {vues[cle]} : gardez une seule de ces lignes."))
        if not fautes:
            try:
                tableau.lignes.append(forme.composer({"ligne": numero} | valeurs))
            except ValeurRefusee as refusee:
                fautes = [(refusee.champ or forme.cle, str(refusee))]
            except LigneRefusee as refusee:
                fautes = refusee.fautes
        tableau.refuses += [refus(numero, noms[champ], brutes.get(champ, ""), raison) for champ, raison in fautes]
    tableau.lignes = [ligne for ligne in tableau.lignes if ligne is not None]
    return tableau


def _lire_cellules(brutes: dict[str, str], forme: Format) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the cells say, and every one that cannot be read."""
    valeurs: dict[str, Any] = {}
    fautes = []
    for colonne in forme.colonnes:
        if colonne.champ in brutes:
            try:
                valeurs[colonne.champ] = colonne.lire(brutes[colonne.champ])
            except ValeurRefusee as refusee:
                fautes.append((colonne.champ, str(refusee)))
    return valeurs, fautes
