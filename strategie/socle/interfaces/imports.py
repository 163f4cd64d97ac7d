"""The engine of every import: from a text table to clean rows and precise refusals. Saves nothing.

An importer declares a `Format` (its columns, how each cell is read) and a `CommandeImport`. The file is read
twice: once to know its encoding and to refuse what is no table, once row by row, so that memory stays flat.
"""

import csv
import datetime
import gzip
import io
import json
import re
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from django.core.management.base import BaseCommand, CommandParser

PLAFOND = 200 * 1024**2
RATIO_MAX = 200
RATIO_DES = 1024**2  # below one megabyte, a high ratio is only a dull file
LIGNE_MAX = 1024**2
VALEUR_MAX = 200
SEPARATEURS = ";,\t|"
REFUS_AFFICHES = 50

# The marks left by a wrong decoding: UTF-8 read as Windows (« Ã© »), bytes that no longer mean anything, and the
# accents of DOS and of the old Macintosh read as Windows (« Coll‚ge »).
ABIME = re.compile("[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\ufffd|[‚ƒ„†‡ˆ‰Š‹Ž˜™](?<=[a-z].)(?=[a-z])")


@dataclass(frozen=True)
class Refus:
    """A line left out, and what was expected. Line 0 is the file itself; `feuille` is for workbooks of several."""

    ligne: int
    colonne: str
    valeur: str
    raison: str
    feuille: str = ""

    def __str__(self) -> str:
        lieu = ", ".join(
            partie
            for partie in (
                f"feuille {self.feuille}" if self.feuille else "",
                f"ligne {self.ligne}" if self.ligne else "",
                f"colonne {self.colonne}" if self.colonne else "",
                f"« {self.valeur} »" if self.valeur else "",
            )
            if partie
        )
        return affichable(f"{lieu} : {self.raison}" if lieu else self.raison)


def affichable(texte: str) -> str:
    """What came from a file, made harmless for a terminal."""
    return "".join(lettre if lettre.isprintable() else "·" for lettre in texte)


def refus(ligne: int, colonne: str, valeur: str, raison: str) -> Refus:
    abrege = valeur if len(valeur) <= VALEUR_MAX else valeur[: VALEUR_MAX - 1] + "…"
    return Refus(ligne, colonne, abrege, raison)


class FichierRefuse(Exception):
    """The whole file is refused: nothing is read, nothing is written."""

    def __init__(self, raison: str, *, ligne: int = 0, valeur: str = "") -> None:
        super().__init__(raison)
        self.refus = refus(ligne, "", valeur, raison)


class ValeurRefusee(Exception):
    """A cell cannot be read. The message says what was expected; `champ` names another column than the cell's."""

    def __init__(self, raison: str, champ: str = "") -> None:
        super().__init__(raison)
        self.champ = champ


class LigneRefusee(Exception):
    """Several cells of a row are wrong: (champ, raison) for each."""

    def __init__(self, fautes: Sequence[tuple[str, str]]) -> None:
        super().__init__(fautes)
        self.fautes = list(fautes)


@dataclass
class Bilan:
    """What an import did. When the file could be read, `lus` is the sum of `crees`, `modifies`, `inchanges` and of
    `lignes_refusees`, each of which may have several refusals; `fermes` comes besides."""

    lus: int = 0
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    fermes: int = 0
    refuses: list[Refus] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)

    @property
    def ecrits(self) -> int:
        return self.crees + self.modifies + self.fermes

    @property
    def lignes_refusees(self) -> int:
        return len({(refuse.feuille, refuse.ligne) for refuse in self.refuses})

    def to_json(self) -> str:
        cles = [cle.name for cle in fields(self) if cle.name != "remarques"]
        objet = asdict(self)
        for refuse in objet["refuses"]:
            if not refuse["feuille"]:
                del refuse["feuille"]
        return json.dumps({cle: objet[cle] for cle in cles})

    def en_francais(self) -> str:
        comptes = (
            ("lue", "lues", self.lus),
            ("création", "créations", self.crees),
            ("modification", "modifications", self.modifies),
            ("inchangée", "inchangées", self.inchanges),
            ("fermeture", "fermetures", self.fermes),
            ("refusée", "refusées", self.lignes_refusees),
        )
        lignes = [
            "Lignes : " + " · ".join(f"{nombre} {plusieurs if nombre > 1 else un}" for un, plusieurs, nombre in comptes)
        ]
        lignes += self.remarques
        lignes += [f"Refusé : {refuse}" for refuse in self.refuses[:REFUS_AFFICHES]]
        if (autres := len(self.refuses) - REFUS_AFFICHES) > 0:
            lignes.append(f"… et {autres} autre{'s' if autres > 1 else ''}.")
        return "\n".join(lignes)


# --- Reading a cell -----------------------------------------------------------------------------------


def clef(texte: str) -> str:
    """« Type établissement », « Type_etablissement » and « type_etablissement » are one: `type_etablissement`."""
    nu = "".join(lettre for lettre in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(lettre))
    return re.sub(r"[^a-z0-9]+", "_", nu.lower()).strip("_")


def texte(maximum: int) -> Callable[[str], str]:
    def lire(valeur: str) -> str:
        if len(valeur) > maximum:
            raise ValeurRefusee(f"{maximum} caractères au plus sont attendus ; la valeur en compte {len(valeur)}.")
        if "\0" in valeur:
            raise ValeurRefusee("la valeur contient un caractère nul.")
        if not valeur.isascii() and ABIME.search(valeur):
            raise ValeurRefusee("les accents sont abîmés : l'encodage de cette valeur n'est pas celui du fichier.")
        return valeur

    return lire


def entier(valeur: str) -> int | None:
    """A whole number that PostgreSQL can hold, spaces between thousands allowed."""
    nombre = re.sub(r"[ \u00a0\u202f]", "", valeur)
    if not nombre:
        return None
    if not re.fullmatch("[0-9]{1,10}", nombre) or int(nombre) > 2**31 - 1:
        raise ValeurRefusee("un nombre entier, positif ou nul, est attendu.")
    return int(nombre)


def decimal(minimum: float, maximum: float) -> Callable[[str], float | None]:
    def lire(valeur: str) -> float | None:
        if not valeur:
            return None
        if not re.fullmatch(r"[-+]?[0-9]{1,20}([.,][0-9]{1,30})?([eE][-+]?[0-9]{1,2})?", valeur):
            raise ValeurRefusee("un nombre décimal est attendu.")
        nombre = float(valeur.replace(",", "."))
        if not minimum <= nombre <= maximum:
            raise ValeurRefusee(f"un nombre compris entre {minimum:g} et {maximum:g} est attendu.")
        return nombre

    return lire


def jour(valeur: str) -> datetime.date | None:
    """AAAA-MM-JJ, a time after it being left out, or JJ/MM/AAAA."""
    if not valeur:
        return None
    if iso := re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])", valeur):
        annee, mois, quantieme = iso.groups()
    elif francais := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", valeur):
        quantieme, mois, annee = francais.groups()
    else:
        raise ValeurRefusee("une date AAAA-MM-JJ ou JJ/MM/AAAA est attendue.")
    try:
        return datetime.date(int(annee), int(mois), int(quantieme))
    except ValueError:
        raise ValeurRefusee("cette date n'existe pas.") from None


def parmi(choix: Mapping[str, Any], attendu: str) -> Callable[[str], Any]:
    """A value of a short list, whatever its case, accents and spaces; `choix` is keyed by `clef`."""

    def lire(valeur: str) -> Any:
        try:
            return choix[clef(valeur)]
        except KeyError:
            raise ValeurRefusee(f"{attendu} est attendu.") from None

    connues: dict[str, Any] = {}

    def lire_une_fois(valeur: str) -> Any:
        if valeur not in connues:
            connues[valeur] = lire(valeur)
        return connues[valeur]

    return lire_une_fois


# --- Opening the file ---------------------------------------------------------------------------------


def ouvrir(chemin: Path) -> TextIO:
    """The file as text, gzip or not, in the encoding it was found to have. The caller closes it.

    A byte that means nothing in that encoding becomes U+FFFD, so that `texte` refuses the cell it stands in.
    """
    try:
        if not chemin.is_file():
            raise FichierRefuse(f"Le fichier « {chemin} » n'existe pas.")
        return ouvrir_texte(ouvrir_octets(chemin), chemin.stat().st_size)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise FichierRefuse("L'archive gzip est incomplète ou abîmée.") from None
    except OSError as erreur:
        raise FichierRefuse(f"Le fichier « {chemin} » ne peut pas être lu : {erreur.strerror}.") from None


def ouvrir_texte(octets: BinaryIO, taille: int) -> TextIO:
    """The same of a file that is open already; closed at once when it is refused."""
    try:
        encodage = reconnaitre_encodage(octets, plafond(octets, taille))
        octets.seek(0)
        return io.TextIOWrapper(octets, encoding=encodage, errors="replace", newline="")
    except BaseException:
        octets.close()
        raise


def ouvrir_octets(chemin: Path) -> BinaryIO:
    with chemin.open("rb") as brut:
        comprime = brut.read(2) == b"\x1f\x8b"
    return gzip.open(chemin, "rb") if comprime else chemin.open("rb")


def plafond(octets: BinaryIO, taille: int) -> int:
    """How many bytes we are ready to read: a small archive that inflates a lot is a trap."""
    if isinstance(octets, gzip.GzipFile):
        return min(PLAFOND, max(RATIO_DES, RATIO_MAX * taille))
    return PLAFOND


def reconnaitre_encodage(octets: BinaryIO, maximum: int) -> str:
    """UTF-8, UTF-16 or CP1252. Where two are mixed, the one of most lines: the cells of the others are refused."""
    tete = octets.read(4096)
    octets.seek(0)
    encodage = encodage_annonce(tete)
    total = utf8 = autre = 0
    while ligne := octets.readline(LIGNE_MAX + 1):
        total += len(ligne)
        if total > maximum:
            raise FichierRefuse(
                f"Le fichier, une fois décompressé, est trop gros : {maximum // 1024**2} Mo au plus sont lus."
            )
        if len(ligne) > LIGNE_MAX:
            raise FichierRefuse("Une ligne dépasse un mégaoctet : ce fichier n'est pas un tableau CSV.")
        if encodage or ligne.isascii():
            continue
        try:
            ligne.decode()
            utf8 += 1
        except UnicodeDecodeError:
            autre += 1
    return encodage or ("cp1252" if autre > utf8 else "utf-8")


def encodage_annonce(tete: bytes) -> str | None:
    """What the first bytes say; refuses what is no text."""
    if not tete.strip():
        raise FichierRefuse("Le fichier est vide.")
    if tete.startswith(b"PK\x03\x04"):
        raise FichierRefuse("Ce fichier est un classeur ou une archive : enregistrez-le au format CSV.")
    if tete.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if tete.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if tete[1::2].count(0) * 3 > len(tete):
        return "utf-16-le"
    if tete[::2].count(0) * 3 > len(tete):
        return "utf-16-be"
    if len(re.findall(rb"[\x00-\x08\x0e-\x1f]", tete)) > max(2, len(tete) // 100):
        raise FichierRefuse("Ce fichier n'est pas un fichier texte.")
    return None


# --- Reading the table --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Colonne:
    """A column we read: our name, the headers it goes by (by order of preference), how a cell is read, and how the
    header is written in full."""

    champ: str
    intitules: str
    lire: Callable[[str], Any]
    obligatoire: bool = False
    libelle: str = ""

    @property
    def nom(self) -> str:
        return self.libelle or self.intitules.split()[0].capitalize()


@dataclass(frozen=True)
class Format:
    """A kind of file. `composer` turns the cells that were read into a row, or refuses them together; `cle` is
    the column that says what a line is about, so that a refused line is not taken for an absent one."""

    nom: str
    cle: str
    colonnes: tuple[Colonne, ...]
    composer: Callable[[dict[str, Any]], Any]

    def places(self, entetes: list[str]) -> dict[str, int]:
        """Where each of our columns stands in this file."""
        trouvees = {}
        for colonne in self.colonnes:
            places = [entetes.index(intitule) for intitule in colonne.intitules.split() if intitule in entetes]
            if places:
                trouvees[colonne.champ] = places[0]
        return trouvees

    def absentes(self, places: Mapping[str, int]) -> list[Colonne]:
        return [colonne for colonne in self.colonnes if colonne.obligatoire and colonne.champ not in places]


class Lignes:
    """The rows of a text table as they are written, each with the number of its line; broken ones are kept aside in
    `refuses`, in the order of the file.

    `entiere` becomes false when a line is broken, for the lines around it may be lost. `sauter`: how many lines stand
    above the header.
    """

    def __init__(self, texte: TextIO, sauter: int = 0) -> None:
        self.texte = texte
        self.lus = 0
        self.refuses: list[Refus] = []
        self.entiere = True
        self._lire_entete(sauter)

    def _lire_entete(self, sauter: int) -> None:
        self.avant = 0
        separateurs = SEPARATEURS
        while ligne := self.texte.readline():
            self.avant += 1
            if annonce := re.fullmatch(r"sep=([^\"\r\n])\s*", ligne):  # Excel's own line
                separateurs = annonce[1]
            elif ligne.strip() and self.avant > sauter:
                break
        if not ligne:
            raise FichierRefuse("Le fichier est vide.")
        try:
            essais = {separateur: next(csv.reader([ligne], delimiter=separateur)) for separateur in separateurs}
        except (csv.Error, ValueError):
            raise FichierRefuse("La ligne d'en-tête est illisible.", ligne=self.avant) from None
        self.separateur = max(essais, key=lambda separateur: len(essais[separateur]))
        self.entetes = [entete.strip() for entete in essais[self.separateur]]

    def cellules(self) -> Iterator[tuple[int, list[str]]]:
        lecteur = csv.reader(self.texte, delimiter=self.separateur)
        largeur = len(self.entetes)
        while True:
            ligne = self.avant + lecteur.line_num + 1
            try:
                cellules = next(lecteur)
            except StopIteration:
                return
            except csv.Error:
                self._refuser_cassee(ligne, [], "un guillemet ouvert n'est jamais refermé.")
                continue
            if not any(cellules):
                continue
            if len(cellules) != largeur and (len(cellules) < largeur or any(cellules[largeur:])):
                raison = (
                    f"{largeur} colonnes sont attendues, {len(cellules)} sont là : ligne coupée ou guillemet mal fermé."
                )
                self._refuser_cassee(ligne, cellules, raison)
                continue
            self.lus += 1
            yield ligne, cellules

    def _refuser_cassee(self, ligne: int, cellules: list[str], raison: str) -> None:
        self.lus += 1
        self.entiere = False
        self.refuses.append(refus(ligne, "", self.separateur.join(cellules), raison))


class Table(Lignes):
    """Iterates over clean rows of a format. `cles_refusees` holds what the refused lines say they are about."""

    def __init__(self, texte: TextIO, *formats: Format) -> None:
        super().__init__(texte)
        self.cles_refusees: list[str] = []
        self.format, self.places = self._choisir(formats)
        self.lectures = [
            (colonne.champ, self.places[colonne.champ], colonne.lire)
            for colonne in self.format.colonnes
            if colonne.champ in self.places
        ]

    def _choisir(self, formats: tuple[Format, ...]) -> tuple[Format, dict[str, int]]:
        cles = [clef(entete) for entete in self.entetes]
        essais = [(forme, forme.places(cles)) for forme in formats]
        forme, places = min(essais, key=lambda essai: len(essai[0].absentes(essai[1])))
        trouve = ", ".join(filter(None, self.entetes))
        if absentes := forme.absentes(places):
            noms = ", ".join(colonne.intitules.split()[0] for colonne in absentes)
            raise FichierRefuse(f"L'en-tête n'a pas les colonnes attendues : {noms}.", ligne=self.avant, valeur=trouve)
        if doubles := sorted(self.entetes[place] for place in places.values() if cles.count(cles[place]) > 1):
            raise FichierRefuse(
                f"Deux colonnes portent le même nom : {', '.join(doubles)}.", ligne=self.avant, valeur=trouve
            )
        return forme, places

    def __iter__(self) -> Iterator[Any]:
        for ligne, cellules in self.cellules():
            if (rangee := self._lire_ligne(ligne, cellules)) is not None:
                yield rangee

    def _lire_ligne(self, ligne: int, cellules: list[str]) -> Any:
        """The clean row, or None once it is refused."""
        valeurs: dict[str, Any] = {}
        champ = self.format.cle
        try:
            for champ, place, lire in self.lectures:
                valeurs[champ] = lire(cellules[place].strip())
            return self.format.composer(valeurs)
        except ValeurRefusee as refusee:
            place = self.places[refusee.champ or champ]
            self.refuses.append(refus(ligne, self.entetes[place], cellules[place].strip(), str(refusee)))
            self.cles_refusees.append(cellules[self.places[self.format.cle]].strip())
            return None


# --- The command --------------------------------------------------------------------------------------


class CommandeImport(BaseCommand):
    """Base of every importer: a file in, one report out, exit code 1 when something was refused and nothing written."""

    aide_du_fichier = "fichier CSV, compressé par gzip ou non"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path, help=self.aide_du_fichier)
        parser.add_argument("--simulation", action="store_true", help="tout vérifier sans rien écrire")
        parser.add_argument("--json", action="store_true", help="rendre le bilan en un objet JSON")

    def importer(self, fichier: Path, *, simulation: bool, **options: Any) -> Bilan:
        raise NotImplementedError

    def handle(self, *, fichier: Path, simulation: bool, json: bool, **options: Any) -> None:
        try:
            bilan = self.importer(fichier, simulation=simulation, **options)
        except FichierRefuse as refuse:
            bilan = Bilan(refuses=[refuse.refus])
        if simulation:
            bilan.remarques.append("Simulation : rien n'a été écrit.")
        self.stdout.write(bilan.to_json() if json else bilan.en_francais())
        if bilan.refuses and (simulation or not bilan.ecrits):
            sys.exit(1)
