"""Opening a file of inventory, whatever it is: a text table, a workbook, what GLPI's agent says of machines.

A source gives its headings, then its rows as often as they are asked for. A text table is read as it goes, so that a
million lines take no more memory than ten; the rest is bounded by the engines of `strategie.socle.interfaces`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

from budget.interfaces.fichiers_d_inventaire import SANS_NUMERO
from budget.interfaces.fichiers_d_inventaire import connus as connus_d_inventaire
from strategie.socle.interfaces.classeurs import (
    ENTETE_AVANT,
    ENTREES_MAX,
    ERREURS_D_ARCHIVE,
    TROP_GRAND,
    Feuille,
    lire_feuilles,
)
from strategie.socle.interfaces.fichiers import TAILLE_MAX
from strategie.socle.interfaces.imports import (
    SEPARATEURS,
    FichierRefuse,
    Lignes,
    Refus,
    clef,
    ouvrir,
    ouvrir_octets,
    ouvrir_texte,
    refus,
)
from strategie.socle.interfaces.lecture_classeur import COLONNES_MAX, LIGNES_MAX
from strategie.socle.rules import decimal_en_phrase

Connus = Callable[[list[str]], int]
TROP_DE_COLONNES = f"Ce fichier est trop large : {COLONNES_MAX} colonnes au plus sont lues."
AU_DELA = f"Un classeur de plus de {decimal_en_phrase(LIGNES_MAX)}\u00a0lignes s'envoie au format .csv."
CLASSEUR_TROP_GRAND = (
    f"Ce classeur est trop grand : {decimal_en_phrase(LIGNES_MAX)} lignes et {COLONNES_MAX} colonnes au plus y sont"
    " lues. S'il a plus de lignes, enregistrez-le au format .csv, qui est lu en entier."
)
MODE_D_EMPLOI = "Mode d'emploi"
PAGE_WEB = "Ce fichier est une page web (HTML ou XML) renommée : enregistrez-le au format .csv, .xlsx ou .ods."
PAS_UN_AGENT = "ce n'est pas l'inventaire d'une machine par l'agent de GLPI."
AGENT_MAX, AGENTS_MAX = 5 * 1024**2, 50 * 1024**2


class Source(Protocol):
    """`lus`, `refuses` and `remarques` are told once the rows have been read to the end."""

    entetes: list[str]
    ligne_des_entetes: int
    feuille: str
    lus: int
    refuses: list[Refus]
    remarques: list[str]
    formules: Mapping[int, set[int]]
    nombres: Mapping[int, int]
    dates: Mapping[int, int]
    par_agent: bool

    def lignes(self) -> Iterator[tuple[int, list[str]]]: ...

    def lieu(self, ligne: int) -> str:
        """What names a row better than its number, when something does."""


def ouvrir_source(fichier: Path | bytes, connus: Connus = connus_d_inventaire) -> Source:
    """`connus`: which headings are looked for, to tell a table's from what stands above it. Raises FichierRefuse with a
    French sentence.
    """
    tete = _tete(fichier)
    debut = tete.removeprefix(b"\xef\xbb\xbf").lstrip()
    if tete.startswith(b"PK"):
        contenu = _contenu(fichier)
        agents = _json_de_l_archive(contenu)
        return SourceAgents(agents) if agents else SourceClasseur(contenu, connus)
    if debut.startswith((b"{", b"[")):
        return SourceAgents([(fichier.name if isinstance(fichier, Path) else "", _contenu(fichier))])
    if tete.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        return SourceClasseur(_contenu(fichier), connus)  # says what it is, and refuses it
    return SourceTexte(fichier, connus)


def rassembler(fichiers: Sequence[tuple[str, bytes]]) -> bytes:
    """Several files sent at once, as one: the machines of an agent, a file each."""
    if len(fichiers) == 1:
        return fichiers[0][1]
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for rang, (nom, contenu) in enumerate(fichiers, start=1):
            if not contenu.lstrip().startswith((b"{", b"[")):
                raise FichierRefuse(f"« {nom} » n'est pas un inventaire de l'agent de GLPI (JSON) : envoyez-le seul.")
            archive.writestr(f"{rang:03d}/{nom}", contenu)
    return sortie.getvalue()


def _tete(fichier: Path | bytes) -> bytes:
    if isinstance(fichier, bytes):
        return fichier[:4096]
    try:
        with fichier.open("rb") as flux:
            return flux.read(4096)
    except OSError as erreur:
        raise FichierRefuse(f"Le fichier « {fichier} » ne peut pas être lu : {erreur.strerror}.") from None


def _contenu(fichier: Path | bytes) -> bytes:
    if isinstance(fichier, bytes):
        return fichier
    with fichier.open("rb") as flux:
        return flux.read(TAILLE_MAX + 1)  # what is longer is refused by its reader


# --- A text table -------------------------------------------------------------------------------------
class SourceTexte:
    """Its encoding is looked for once; it is then read from its first line as often as it is asked."""

    feuille = ""
    par_agent = False

    def __init__(self, fichier: Path | bytes, connus: Connus = connus_d_inventaire) -> None:
        self.fichier = fichier
        self.lus, self.refuses, self.remarques = 0, list[Refus](), list[str]()
        self.formules, self.nombres, self.dates = dict[int, set[int]](), dict[int, int](), dict[int, int]()
        with ouvrir(fichier) if isinstance(fichier, Path) else ouvrir_texte(io.BytesIO(fichier), 0) as texte:
            self.encodage = texte.encoding
            self.sauter = _lignes_avant_l_entete(texte, connus)
        with self._rouvrir() as texte:
            lignes = Lignes(texte, self.sauter)
        self.entetes, self.ligne_des_entetes = lignes.entetes, lignes.avant
        if len(self.entetes) > COLONNES_MAX:
            raise FichierRefuse(TROP_DE_COLONNES)

    def _rouvrir(self) -> TextIO:
        octets = io.BytesIO(self.fichier) if isinstance(self.fichier, bytes) else ouvrir_octets(self.fichier)
        return io.TextIOWrapper(octets, encoding=self.encodage, errors="replace", newline="")

    def lignes(self) -> Iterator[tuple[int, list[str]]]:
        with self._rouvrir() as texte:
            lignes = Lignes(texte, self.sauter)
            yield from lignes.cellules()
        # A broken line is not told as it is: it may name people.
        self.lus, self.refuses = lignes.lus, [refus(casse.ligne, "", "", casse.raison) for casse in lignes.refuses]

    def lieu(self, ligne: int) -> str:
        return ""


def _lignes_avant_l_entete(texte: TextIO, connus: Connus) -> int:
    """How many lines stand above the one that has most of the headings we know."""
    meilleur, avant = 0, 0
    for rang in range(ENTETE_AVANT):
        ligne = texte.readline()
        if rang == 0 and ligne.lstrip().startswith("<"):
            raise FichierRefuse(PAGE_WEB)
        if max(map(ligne.count, SEPARATEURS)) > 100 * COLONNES_MAX:
            raise FichierRefuse(TROP_DE_COLONNES)
        if not ligne:
            break
        try:
            trouves = max(connus(next(csv.reader([ligne], delimiter=essai), [])) for essai in SEPARATEURS)
        except csv.Error:
            continue
        if trouves > max(1, meilleur):
            meilleur, avant = trouves, rang
    return avant


# --- A workbook ---------------------------------------------------------------------------------------
class SourceClasseur:
    """The sheet that has most of the headings we know, else the first that holds a table."""

    par_agent = False

    def __init__(self, contenu: bytes, connus: Connus = connus_d_inventaire) -> None:
        feuilles = [feuille for feuille in _feuilles(contenu) if feuille.lignes]
        if not feuilles:
            raise FichierRefuse("Ce classeur est vide.")
        essais = [
            (connus(cellules), -place, -rang)
            for place, feuille in enumerate(feuilles)
            for rang, (_, cellules) in enumerate(feuille.lignes[:ENTETE_AVANT])
        ]
        _, place, rang = max(essais)
        feuille = feuilles[-place]
        self.ligne_des_entetes, entetes = feuille.lignes[-rang]
        self.entetes = [entete.strip() for entete in entetes]
        self.feuille, self.nombres, self.dates = feuille.nom, feuille.nombres, feuille.dates
        self.formules: dict[int, set[int]] = defaultdict(set)
        for ligne, colonne in feuille.formules:
            if ligne > self.ligne_des_entetes:
                self.formules[ligne].add(colonne)
        # A row of formulas that nothing has worked out looks empty.
        rangees = {ligne: list[str]() for ligne in self.formules} | dict(feuille.lignes[1 - rang :])
        self.rangees = sorted(rangees.items())
        self.lus, self.refuses = len(self.rangees), list[Refus]()
        autres = [f"« {autre.nom} »" for autre in feuilles if autre is not feuille and autre.nom != MODE_D_EMPLOI]
        self.remarques = [f"Feuille lue : « {feuille.nom} » ; pas {', '.join(autres)}."] if autres else []

    def lignes(self) -> Iterator[tuple[int, list[str]]]:
        largeur = len(self.entetes)
        for numero, cellules in self.rangees:
            yield numero, cellules + [""] * (largeur - len(cellules))

    def lieu(self, ligne: int) -> str:
        return ""


def _feuilles(contenu: bytes) -> list[Feuille]:
    try:
        return lire_feuilles(contenu, reperer=True)
    except FichierRefuse as refuse:
        if str(refuse) != TROP_GRAND:
            raise
        raise FichierRefuse(CLASSEUR_TROP_GRAND) from None


# --- GLPI's agent -------------------------------------------------------------------------------------
CHASSIS = {
    "laptop": "portable", "notebook": "portable", "portable": "portable", "sub_notebook": "portable",
    "tablet": "tablette", "convertible": "hybride", "detachable": "hybride", "hand_held": "tablette",
    "desktop": "fixe", "low_profile_desktop": "fixe", "mini_tower": "fixe", "tower": "fixe", "all_in_one": "fixe",
    "mini_pc": "fixe", "stick_pc": "fixe", "space_saving": "fixe", "rack_mount_chassis": "serveur", "blade": "serveur",
}  # fmt: skip
TYPES = {"printer": "imprimante", "networkequipment": "reseau", "networking": "reseau", "monitor": "ecran"}


class SourceAgents:
    """A machine a file: its name, its numbers, its maker; never who uses it."""

    entetes = ["designation", "categorie", "marque", "modele", "numero_serie", "etiquette"]
    ligne_des_entetes, feuille, par_agent = 0, "", True

    def __init__(self, fichiers: Sequence[tuple[str, bytes]]) -> None:
        self.formules, self.nombres, self.dates = dict[int, set[int]](), dict[int, int](), dict[int, int]()
        self.rangees: list[tuple[int, list[str]]] = []
        self.refuses, self.remarques = list[Refus](), list[str]()
        self.noms: dict[int, str] = {}
        rang = 0
        for nom, contenu in fichiers:
            for machine in _machines(contenu):
                rang += 1
                self.noms[rang] = nom
                if (lue := _lire_machine(machine)) is None:
                    self.refuses.append(refus(rang, "", nom, PAS_UN_AGENT))
                else:
                    self.rangees.append((rang, lue))
        self.lus = rang
        if not self.rangees:
            raise FichierRefuse(f"Ce fichier JSON n'est pas lu : {PAS_UN_AGENT}")

    def lignes(self) -> Iterator[tuple[int, list[str]]]:
        yield from self.rangees

    def lieu(self, ligne: int) -> str:
        return self.noms.get(ligne, "")


def _json_de_l_archive(contenu: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive that holds nothing but JSON; none when it is something else, a workbook say."""
    if len(contenu) > TAILLE_MAX or contenu.count(b"PK\x01\x02") > ENTREES_MAX:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            entrees = [entree for entree in archive.infolist() if not entree.is_dir()]
            if not entrees or not all(entree.filename.lower().endswith(".json") for entree in entrees):
                return []
            trop = any(entree.file_size > AGENT_MAX for entree in entrees)
            if trop or sum(entree.file_size for entree in entrees) > AGENTS_MAX:
                raise FichierRefuse("Une fois ouverte, cette archive serait démesurée : elle n'est pas lue.")
            return [(entree.filename.rpartition("/")[2], _deplier(archive, entree)) for entree in entrees]
    except ERREURS_D_ARCHIVE:
        return []


def _deplier(archive: zipfile.ZipFile, entree: zipfile.ZipInfo) -> bytes:
    """No more than the entry says, whatever it holds."""
    with archive.open(entree) as flux:
        return flux.read(min(entree.file_size, AGENT_MAX) + 1)


def _machines(contenu: bytes) -> list[Any]:
    """What the file holds: one, or a list of them; what cannot be read counts as one that is no machine."""
    if len(contenu) > AGENT_MAX:
        return [None]
    try:
        objet = json.loads(contenu)
    except (ValueError, RecursionError):
        return [None]
    return objet if isinstance(objet, list) and objet else [objet]


def _lire_machine(machine: Any) -> list[str] | None:
    """Cells of `SourceAgents.entetes`; None for what is no inventory of a machine."""
    contenu = machine.get("content") if isinstance(machine, dict) else None
    if not isinstance(contenu, dict):
        return None
    bios, materiel, reseau = (_partie(contenu, nom) for nom in ("bios", "hardware", "network_device"))
    if not (bios or materiel or reseau):
        return None
    modele = _mot(reseau.get("model")) or _mot(bios.get("smodel")) or _mot(bios.get("mmodel"))
    # A telephone or a tablet is often called after its owner: their model says enough.
    nom = _mot(reseau.get("name")) or (_mot(materiel.get("name")) if "chassis_type" in materiel else "")
    genre = clef(_mot(machine.get("itemtype")) or _mot(reseau.get("type")))
    categorie = TYPES.get(genre) or CHASSIS.get(clef(_mot(materiel.get("chassis_type")))) or genre
    return [
        nom,
        categorie,
        _mot(reseau.get("manufacturer")) or _mot(bios.get("smanufacturer")) or _mot(bios.get("mmanufacturer")),
        modele,
        _numero(reseau.get("serial")) or _numero(bios.get("ssn")),
        _numero(bios.get("assettag")),
    ]


def _partie(contenu: Mapping[str, Any], nom: str) -> Mapping[str, Any]:
    partie = contenu.get(nom)
    return partie if isinstance(partie, dict) else {}


def _mot(valeur: Any) -> str:
    return valeur.strip() if isinstance(valeur, str) else ""


def _numero(valeur: Any) -> str:
    mot = _mot(valeur)
    return "" if clef(mot) in SANS_NUMERO else mot
