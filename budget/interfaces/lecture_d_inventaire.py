"""From the rows of a file to lines of the inventory: each cell read, every fault said. Saves nothing.

What a column says is read once a value: makers, rooms, dates and prices come back thousands of times.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any
from unicodedata import category

from budget.domain.argent import MontantIllisible, lire_montant
from budget.domain.import_equipements import CHAMPS, REFUS_MAX, TROP_DE_REFUS, LigneNonEcrite
from budget.interfaces.dates_de_tableau import JOUR_D_ABORD, MOIS_D_ABORD, est_ambigue, lire_date, ordre_de, preuve
from budget.interfaces.fichiers_d_inventaire import (
    AILLEURS,
    CATEGORIES,
    CHAMPS_DE_DATES,
    CIBLES,
    DESTINATIONS,
    DOMAINES,
    ETATS,
    GLPI,
    PALIERS,
    PARTIES,
    SANS_NUMERO,
    SNIPE_IT,
    deviner_la_categorie,
    etat_du_parc,
    modele_de,
    nomment_des_gens,
)
from budget.interfaces.sources_d_inventaire import Source
from budget.models import Equipement, Salle
from budget.models.equipement import Lot
from budget.rules.equipements import ANNEES_D_AVANCE, NOMBRE_MAX, empechement_date, empechement_prix
from strategie.socle.interfaces.exports import DEBUTS_DE_FORMULE
from strategie.socle.interfaces.imports import FichierRefuse, Refus, ValeurRefusee, clef, entier, refus
from strategie.socle.interfaces.imports import texte as texte_sain
from strategie.socle.rules import decimal_en_phrase

AILLEURS_NOM, AGENT_NOM = "Tableau fait ailleurs", "Agent de GLPI"
CACHE_MAX = 20_000
DITS_MAX = 200
PASSEES = ("achete_le", "sorti_le", "prete_le")
TABLEUR_A_PASSE = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
MOIS = re.compile(r"([0-9]{1,3})(?: ?(?:mois|months?|month\(s\)))?", re.IGNORECASE)
CHIFFRES_D_UN_NOMBRE = 15  # a spreadsheet keeps no more of them
FORMULE = "cette case contient une formule : mettez à la place ce qu'elle affiche."
ABIME_PAR_LE_TABLEUR = "un tableur a abîmé ce numéro : mettez sa colonne au format texte, puis retapez-le."


@dataclass(frozen=True)
class Correspondance:
    """Which column (counted from 0) says what, and how dates are written where nothing proves it."""

    modele: str
    source: str
    cibles: Mapping[int, str]
    dates: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"cibles": {str(place): cible for place, cible in self.cibles.items()}}

    def avec_dates(self, ordre: str) -> Correspondance:
        return replace(self, dates=ordre or self.dates)

    @classmethod
    def from_json(cls, objet: Mapping[str, Any]) -> Correspondance:
        cibles = {int(place): cible for place, cible in objet["cibles"].items()}
        return cls(objet["modele"], objet["source"], cibles, objet["dates"])


def reconnaitre(source: Source) -> Correspondance | None:
    """What the headings say by themselves; None when they are of no kind we know."""
    if source.par_agent:
        cibles = dict(enumerate(source.entetes))
        return Correspondance(AGENT_NOM, Equipement.Source.GLPI, cibles)
    modele = modele_de(source.entetes)
    return modele and Correspondance(modele.nom, modele.source, placer(source.entetes, modele.cibles))


def deviner(source: Source) -> Correspondance:
    """What the headings of a table of no kind seem to say."""
    return Correspondance(AILLEURS_NOM, Equipement.Source.TABLEUR, placer(source.entetes, AILLEURS))


def placer(entetes: list[str], cibles: Mapping[str, str]) -> dict[int, str]:
    """The first column of each target; those that name people have none."""
    placees: dict[int, str] = {}
    for place, (entete, des_gens) in enumerate(zip(entetes, nomment_des_gens(entetes), strict=True)):
        cible = cibles.get(clef(entete), "")
        if cible and not des_gens and cible not in placees.values():
            placees[place] = cible
    return placees


@dataclass(frozen=True)
class Faute:
    raison: str


@dataclass
class Lecteur:
    """How a column is read; `lus` are the values already read, faults included."""

    champ: str
    place: int
    lire: Callable[[str], Any]
    lus: dict[str, Any] = field(default_factory=dict)

    def __call__(self, brut: str) -> Any:
        if len(self.lus) > CACHE_MAX:
            self.lus.clear()
        try:
            valeur = self.lire(brut.strip())
        except ValeurRefusee as refusee:
            valeur = Faute(str(refusee))
        self.lus[brut] = valeur
        return valeur


@dataclass
class ColonneDeDates:
    """What its values prove of their order; the first that may be read both ways."""

    place: int
    preuves: set[str] = field(default_factory=set)
    ambigue: str = ""
    vues: set[str] = field(default_factory=set)

    def regarder(self, brut: str) -> None:
        if len(self.vues) < CACHE_MAX:
            self.vues.add(brut)
        valeur = brut.strip()
        if prouve := preuve(valeur):
            self.preuves.add(prouve)
        elif not self.ambigue and est_ambigue(valeur):
            self.ambigue = valeur


@dataclass
class Regard:
    """What a first look at the whole file says: its dates, by field, and the paths of its rooms."""

    dates: dict[str, ColonneDeDates]
    chemins: set[str] = field(default_factory=set)

    @property
    def ordre_commun(self) -> str | None:
        ordre = ordre_de({prouve for colonne in self.dates.values() for prouve in colonne.preuves})
        return ordre if ordre in ORDRES else None


class LectureInventaire:
    """What `domain.import_equipements` imports; `lus`, `refuses` and `remarques` hold once every row has been read."""

    def __init__(self, source: Source, correspondance: Correspondance, jour: datetime.date) -> None:
        if not {"designation", "modele", "marque", "categorie"} & set(correspondance.cibles.values()):
            raise FichierRefuse(
                "Aucune colonne ne dit ce que sont les équipements : il faut au moins leur désignation, leur modèle,"
                " leur marque ou leur catégorie.",
                ligne=source.ligne_des_entetes,
                valeur=", ".join(
                    entete
                    for entete, des_gens in zip(source.entetes, nomment_des_gens(source.entetes), strict=True)
                    if entete and not des_gens
                ),
            )
        self.fichier, self.correspondance, self.jour = source, correspondance, jour
        self.source = correspondance.source
        self.cibles = {cible: place for place, cible in correspondance.cibles.items() if cible}
        self.vierge: dict[str, Any] = dict.fromkeys((*CHAMPS, *CIBLES), "")
        self.vierge |= dict.fromkeys((*CHAMPS_DE_DATES, "nombre", "prix", "garantie_mois"))
        self._lire_les_colonnes()
        self._refaire()

    @property
    def colonnes(self) -> list[str]:
        return list(self.cibles)

    @property
    def modele(self) -> str:
        return self.correspondance.modele

    @property
    def lus(self) -> int:
        return self.fichier.lus

    def nom_de(self, champ: str) -> str:
        """As the file calls it."""
        if self.fichier.par_agent or champ not in self.cibles:
            return CIBLES.get(champ, "")
        return self.fichier.entetes[self.cibles[champ]] or CIBLES[champ]

    # --- Rows ---
    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        self._refaire()
        en_ordre, formules, lecteurs = itemgetter(*CHAMPS), self.fichier.formules, self.lecteurs
        for ligne, cellules in self.fichier.lignes():
            valeurs = self.vierge.copy()
            fautes: list[tuple[str, str]] = []
            for lecteur in lecteurs:
                brut = cellules[lecteur.place]
                if not brut:
                    continue
                valeur = lecteur.lus[brut] if brut in lecteur.lus else lecteur(brut)
                if valeur.__class__ is Faute:
                    fautes.append((lecteur.champ, valeur.raison))
                else:
                    valeurs[lecteur.champ] = valeur
            if formules and ligne in formules:
                fautes += [(lecteur.champ, FORMULE) for lecteur in lecteurs if lecteur.place in formules[ligne]]
            if not fautes:
                fautes = self._composer(valeurs)
            if fautes:
                self._refuser(ligne, cellules, fautes)
            else:
                yield (ligne, *en_ordre(valeurs))

    def _refaire(self) -> None:
        """As many times as the rows are asked for, what is said of them is said anew."""
        self.propres: list[Refus] = []
        self.inconnues: Counter[str] = Counter()
        self.etats_inconnus: Counter[str] = Counter()
        self.remis = 0

    def _refuser(self, ligne: int, cellules: list[str], fautes: list[tuple[str, str]]) -> None:
        for champ, raison in fautes:
            valeur = cellules[self.cibles[champ]].strip() if champ in self.cibles else ""
            self.propres.append(self._refus(ligne, champ, valeur, raison))
        if len(self.propres) > REFUS_MAX:
            raise FichierRefuse(TROP_DE_REFUS)

    def _refus(self, ligne: int, champ: str, valeur: str, raison: str) -> Refus:
        """At the column that the file names, and in the file of the machine when there are several."""
        lieu = self.fichier.lieu(ligne)
        return refus(ligne, self.nom_de(champ), valeur, f"{raison.rstrip('.')} ({lieu})." if lieu else raison)

    @property
    def refuses(self) -> list[Refus]:
        return sorted([*self.fichier.refuses, *self.propres], key=lambda refuse: refuse.ligne)

    def dire(self, non_ecrites: list[LigneNonEcrite]) -> list[Refus]:
        """All the refusals, those of the writing too, each at its column; in the order of the file."""
        autres = [self._refus(une.ligne, une.champ, une.valeur, une.raison) for une in non_ecrites]
        return sorted([*self.refuses, *autres], key=lambda refuse: refuse.ligne)

    # --- A line from its cells ---
    def _composer(self, valeurs: dict[str, Any]) -> list[tuple[str, str]]:
        """Completes the line; what its cells cannot say together."""
        mot = valeurs["categorie"]
        valeurs["categorie"], valeurs["categorie_devinee"] = _categorie(mot, valeurs["modele"], valeurs["designation"])
        if not valeurs["categorie"] and not valeurs["categorie_devinee"]:
            _compter(self.inconnues, mot or valeurs["modele"] or valeurs["designation"])
        if not valeurs["designation"]:
            nom = " ".join(filter(None, (valeurs["marque"], valeurs["modele"])))
            valeurs["designation_devinee"] = (nom or mot)[:120]
        if valeurs["garantie_mois"] and valeurs["achete_le"] and not valeurs["garanti_jusqu_au"]:
            valeurs["garanti_jusqu_au"] = _dans(valeurs["achete_le"], valeurs["garantie_mois"])
        if valeurs["pret_type"] == "lieu":
            valeurs["salle"] = valeurs["pret_salle"] or valeurs["salle"]
        elif valeurs["pret_type"]:
            valeurs["prete_a"] = valeurs["pret_type"]
            self.remis += 1
        if not valeurs["prete_a"]:
            valeurs["prete_le"] = None
        if valeurs["etat"] == "perdu":
            valeurs["etat"], valeurs["destination"] = Equipement.Etat.SORTI, Equipement.Destination.PERDU
        elif valeurs["etat"] and valeurs["etat"][0] == "?":
            _compter(self.etats_inconnus, valeurs["etat"][1:])
            valeurs["etat"] = ""
        if valeurs["etat"] != Equipement.Etat.SORTI and (valeurs["destination"] or valeurs["sorti_le"]):
            return [
                ("destination" if valeurs["destination"] else "sorti_le", "cela ne se dit que de ce qui est sorti.")
            ]
        return []

    # --- Columns ---
    def _lire_les_colonnes(self) -> None:
        """How each is read, and what is to be said of it before any row."""
        regard = self._regarder()
        self.avertissements: list[str] = []
        ordres = {champ: self._ordre(champ, regard) for champ in regard.dates}
        salles = _noms_des_salles(regard.chemins)
        self.lecteurs = [
            Lecteur(champ, place, self._lecteur(champ, place, ordres, salles)) for champ, place in self.cibles.items()
        ]
        for champ in ("numero_serie", "etiquette"):
            if champ in self.cibles and self.cibles[champ] in self.fichier.nombres:
                self.avertissements.append(
                    f"Colonne « {self.nom_de(champ)} » : des cases sont des nombres pour le tableur, qui n'en garde pas"
                    " les zéros de tête. S'ils en avaient, mettez la colonne au format texte et retapez-les."
                )

    def _regarder(self) -> Regard:
        """Goes through the file a first time, when the whole of a column says something of each of its cells."""
        dates = {champ: ColonneDeDates(self.cibles[champ]) for champ in CHAMPS_DE_DATES if champ in self.cibles}
        regard = Regard(dates)
        lieux = self.cibles.get("salle") if self.modele == GLPI.nom else None
        if dates or lieux is not None:
            for _, cellules in self.fichier.lignes():
                for colonne in dates.values():
                    if (valeur := cellules[colonne.place]) and valeur not in colonne.vues:
                        colonne.regarder(valeur)
                if lieux is not None and len(regard.chemins) < CACHE_MAX:
                    regard.chemins.add(cellules[lieux].strip())
        return regard

    def _ordre(self, champ: str, regard: Regard) -> str:
        """A column's own proof, else that of the other columns, else what is usual, and said; what was asked first."""
        colonne = regard.dates[champ]
        if self.correspondance.dates:
            return self.correspondance.dates
        if self.fichier.dates.get(colonne.place) and not colonne.preuves - {JOUR_D_ABORD}:
            return JOUR_D_ABORD  # dates for the workbook itself, which our engine tells day first
        if ordre := ordre_de(colonne.preuves) or regard.ordre_commun:
            return ordre
        ordre = MOIS_D_ABORD if self.modele == SNIPE_IT.nom else JOUR_D_ABORD
        if colonne.ambigue:
            self.avertissements.append(
                f"Colonne « {self.nom_de(champ)} » : rien ne dit si le jour ou le mois vient d'abord"
                f" (« {colonne.ambigue} »). Les dates y sont lues {ORDRES[ordre]}."
            )
        return ordre

    def _lecteur(self, champ: str, place: int, ordres: Mapping[str, str], salles: Mapping[str, str]) -> Callable:
        if champ in CHAMPS_DE_DATES:
            return self._lecteur_de_date(champ, ordres[champ])
        if champ in ("numero_serie", "etiquette"):
            return self._lecteur_de_numero(champ, place)
        lire = LECTEURS.get(champ) or lecteur_de_texte(LONGUEURS[champ])
        if champ == "etat" and self.modele in (SNIPE_IT.nom, GLPI.nom):
            return etat_du_parc
        if champ == "etat" and self.modele == AILLEURS_NOM:
            return _etat_d_ailleurs
        if champ == "salle" and salles:
            return lambda valeur: lire(salles.get(valeur, valeur))
        if self.modele == PALIERS.nom and champ not in LECTEURS:
            return lambda valeur: lire(sans_apostrophe(valeur))
        return lire

    def _lecteur_de_date(self, champ: str, ordre: str) -> Callable[[str], datetime.date | None]:
        jour, passee = self.jour, champ in PASSEES

        def lire(valeur: str) -> datetime.date | None:
            date = lire_date(valeur, ordre, jour.year) if valeur else None
            if empechement := empechement_date(date, jour, passee=passee):
                raise ValeurRefusee(empechement)
            return date

        return lire

    def _lecteur_de_numero(self, champ: str, place: int) -> Callable[[str], str]:
        lire_texte, en_nombres = lecteur_de_texte(LONGUEURS[champ]), place in self.fichier.nombres
        de_paliers = self.modele == PALIERS.nom

        def lire(valeur: str) -> str:
            texte: str = lire_texte(sans_apostrophe(valeur) if de_paliers else valeur)
            if TABLEUR_A_PASSE.fullmatch(texte) or (
                en_nombres and texte.isdecimal() and len(texte) > CHIFFRES_D_UN_NOMBRE
            ):
                raise ValeurRefusee(ABIME_PAR_LE_TABLEUR)
            return "" if not de_paliers and clef(texte) in SANS_NUMERO else texte

        return lire

    # --- What is to be known of it ---
    @property
    def remarques(self) -> list[str]:
        """Holds once every row has been read."""
        dites = [*self.fichier.remarques, *self.avertissements]
        if laissees := self._colonnes_laissees():
            dites.append(f"Colonnes laissées de côté : {', '.join(laissees)}.")
        if any(nomment_des_gens(self.fichier.entetes)) or self.fichier.par_agent:
            dites.append("Ce qui nomme des personnes n'est jamais lu : l'inventaire ne garde aucun nom.")
        if self.remis:
            s = "s" if self.remis > 1 else ""
            dites.append(
                f"{self.remis} ligne{s} remise{s} à une personne : notée{s} prêtée{s} à un personnel, sans dire à qui."
            )
        if self.inconnues:
            dites.append(f"Catégorie inconnue, notée « Autre » si elle est nouvelle : {_liste(self.inconnues)}.")
        if self.etats_inconnus:
            dites.append(f"État inconnu, laissé tel qu'il est ici : {_liste(self.etats_inconnus)}.")
        return dites

    def _colonnes_laissees(self) -> list[str]:
        des_gens = nomment_des_gens(self.fichier.entetes)
        return [
            f"« {entete} »"
            for place, entete in enumerate(self.fichier.entetes)
            if entete and place not in self.cibles.values() and not des_gens[place] and not self.fichier.par_agent
        ]


# --- Readers ------------------------------------------------------------------------------------------
ESPACES = "\u00a0\u202f\u2009"
ORDRES = {JOUR_D_ABORD: "jour/mois/année", MOIS_D_ABORD: "mois/jour/année"}
LONGUEURS: dict[str, int] = {
    champ: Equipement._meta.get_field(champ).max_length
    for champ in ("designation", "marque", "modele", "numero_serie", "etiquette", "note")
} | {
    "categorie": 120,
    "salle": Salle._meta.get_field("nom").max_length,
    "pret_salle": Salle._meta.get_field("nom").max_length,
    "lot": Lot._meta.get_field("intitule").max_length,
}


def lecteur_de_texte(maximum: int) -> Callable[[str], str]:
    """One line of text, without what cannot be seen."""
    controler = texte_sain(maximum)

    def lire(valeur: str) -> str:
        if not valeur.isprintable():
            valeur = "".join(map(_visible, valeur)).strip()
        texte: str = controler(valeur)
        return texte

    return lire


def _visible(lettre: str) -> str:
    """Ends of line and tabs are spaces, marks of direction and the like go; a control character is nobody's wish."""
    if lettre.isprintable() or lettre in ESPACES:
        return lettre
    if lettre.isspace():
        return " "
    if category(lettre) == "Cc":
        raise ValeurRefusee("la valeur contient un caractère de contrôle.")
    return ""


def sans_apostrophe(valeur: str) -> str:
    """What `exports.sans_formule` added."""
    return valeur[1:] if valeur[:1] == "'" and valeur[1:].startswith(DEBUTS_DE_FORMULE) else valeur


def lecteur_de_choix(choix: Mapping[str, str], libelles: list[tuple[str, str]]) -> Callable[[str], str]:
    attendus = ", ".join(libelle for _, libelle in libelles)

    def lire(valeur: str) -> str:
        if (cle := clef(valeur)) and cle not in choix:
            raise ValeurRefusee(f"une de ces valeurs est attendue : {attendus}.")
        return choix.get(cle, "")

    return lire


def _nombre(valeur: str) -> int | None:
    nombre = entier(valeur)
    if nombre is not None and not 1 <= nombre <= NOMBRE_MAX:
        raise ValeurRefusee(f"un nombre de 1 à {decimal_en_phrase(NOMBRE_MAX)} est attendu.")
    return nombre


def _prix(valeur: str) -> Any:
    if not valeur:
        return None
    try:
        prix = lire_montant(valeur)
    except MontantIllisible as illisible:
        raise ValeurRefusee(str(illisible)) from None
    if empechement := empechement_prix(prix):
        raise ValeurRefusee(empechement)
    return prix


def _mois(valeur: str) -> int | None:
    if not valeur:
        return None
    if (dits := MOIS.fullmatch(valeur)) is None:
        raise ValeurRefusee("une durée en mois est attendue, comme 36.")
    if int(dits[1]) > 12 * ANNEES_D_AVANCE:
        raise ValeurRefusee(f"cette durée dépasse {ANNEES_D_AVANCE} ans.")
    return int(dits[1]) or None


def _remise(valeur: str) -> str:
    """To whom: « un personnel » for any person, whose name is not read; « lieu » for a place."""
    mot = clef(valeur)
    if mot in ("user", "utilisateur", "personne", "eleve"):
        return Equipement.Emprunteur.ELEVE if mot == "eleve" else Equipement.Emprunteur.PERSONNEL
    return "lieu" if mot in ("location", "lieu", "emplacement", "salle") else ""


def _etat_d_ailleurs(valeur: str) -> str:
    return ETATS.get(clef(valeur)) or etat_du_parc(valeur) or (f"?{valeur[:60]}" if valeur else "")


LECTEURS: dict[str, Callable[[str], Any]] = {
    "nombre": _nombre,
    "prix": _prix,
    "garantie_mois": _mois,
    "pret_type": _remise,
    "etat": lecteur_de_choix(ETATS, Equipement.Etat.choices),
    "domaine": lecteur_de_choix(DOMAINES, Equipement.Domaine.choices),
    "destination": lecteur_de_choix(DESTINATIONS, Equipement.Destination.choices),
    **dict.fromkeys(
        ("proprietaire", "payeur", "mainteneur"),
        lecteur_de_choix(PARTIES, Equipement._meta.get_field("proprietaire").choices),
    ),
}


@lru_cache(maxsize=4096)
def _categorie(mot: str, modele: str, designation: str) -> tuple[str, str]:
    """The category when its own word says it, else the one that is guessed."""
    if sure := CATEGORIES.get(clef(mot)):
        return sure, ""
    return "", deviner_la_categorie(mot, modele, designation)


def _noms_des_salles(chemins: set[str]) -> dict[str, str]:
    """GLPI says where a room is, « Site > Bâtiment A > 101 »: its own name, or the whole where two would be one."""
    noms = {chemin: chemin.rpartition(">")[2].strip() for chemin in chemins if ">" in chemin}
    fois = Counter(nom.lower() for nom in noms.values())
    return {chemin: nom if fois[nom.lower()] == 1 else chemin for chemin, nom in noms.items()}


def _dans(date: datetime.date, mois: int) -> datetime.date:
    """The same day so many months later, or the last of that month."""
    annee, rang = divmod(date.year * 12 + date.month - 1 + mois, 12)
    return datetime.date(annee, rang + 1, min(date.day, monthrange(annee, rang + 1)[1]))


def _compter(comptes: Counter[str], mot: str) -> None:
    if mot in comptes or len(comptes) < DITS_MAX:
        comptes[mot] += 1


def _liste(comptes: Counter[str]) -> str:
    dits = [f"« {mot} » ({fois})" if fois > 1 else f"« {mot} »" for mot, fois in comptes.most_common(10)]
    autres = len(comptes) - len(dits)
    return ", ".join(dits) + (f" et {autres} autre{'s' if autres > 1 else ''}" if autres else "")
