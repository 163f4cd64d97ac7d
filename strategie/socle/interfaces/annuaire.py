"""The State's open register of schools, as published, and the national list merged from its companions.

Headers are the register's field names or their labels; those of « adresse et géolocalisation des établissements »
are known too. Source of the columns: data.education.gouv.fr, `fr-en-annuaire-education`.
"""

import re
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import Any, TextIO

from strategie.socle.domain.territoires import Territoire, territoires
from strategie.socle.interfaces.imports import (
    Colonne,
    Format,
    Table,
    ValeurRefusee,
    clef,
    decimal,
    entier,
    jour,
    parmi,
    texte,
)
from strategie.socle.models import Etablissement
from strategie.socle.rules import lettre_uai

TYPES = {
    "ecole": Etablissement.Type.ECOLE,
    "college": Etablissement.Type.COLLEGE,
    "lycee": Etablissement.Type.LYCEE,
    "erea": Etablissement.Type.EREA,
    "medico_social": Etablissement.Type.AUTRE,
    "service_administratif": Etablissement.Type.AUTRE,
    "information_et_orientation": Etablissement.Type.AUTRE,
    "autre": Etablissement.Type.AUTRE,
}
NATURES = {
    **dict.fromkeys(map(str, range(101, 170)), Etablissement.Type.ECOLE),
    **dict.fromkeys(map(str, [*range(300, 321), 334, 335]), Etablissement.Type.LYCEE),
    **dict.fromkeys(["340", "350"], Etablissement.Type.COLLEGE),
    "370": Etablissement.Type.EREA,
}
ETATS = {
    "ouvert": Etablissement.Etat.OUVERT,
    "a_fermer": Etablissement.Etat.A_FERMER,
    "a_ouvrir": Etablissement.Etat.A_OUVRIR,
    **dict.fromkeys(["ferme", "fermee", "ferme_e"], Etablissement.Etat.FERME),
    # the codes of « adresse et géolocalisation »
    "1": Etablissement.Etat.OUVERT,
    "2": Etablissement.Etat.A_FERMER,
    "3": Etablissement.Etat.A_OUVRIR,
}
SECTEURS = {
    "": "",
    "public": Etablissement.Secteur.PUBLIC,
    **dict.fromkeys(["prive", "prive_sous_contrat", "prive_hors_contrat"], Etablissement.Secteur.PRIVE),
}
INTERNAT = {"": None, "1": True, "oui": True, "0": False, "non": False}


# --- Reading a cell -----------------------------------------------------------------------------------


def lire_uai(valeur: str) -> str:
    """Upper case, the zeros a spreadsheet ate given back, the check letter verified."""
    forme = re.fullmatch("([0-9]{1,7})([A-Za-z]?)", valeur)
    if not forme:
        raise ValeurRefusee("un UAI est attendu : sept chiffres et une lettre.")
    chiffres, lettre = forme[1].zfill(7), forme[2].upper()
    if lettre != (attendue := lettre_uai(chiffres)):
        defaut = f"la lettre de contrôle n'est pas {lettre}" if lettre else "il manque la lettre de contrôle"
        raise ValeurRefusee(f"{defaut} : {chiffres}{attendue} est attendu.")
    return chiffres + lettre


@cache
def territoires_par_clef() -> dict[str, Territoire]:
    """Départements by code, by name and by the prefix of their UAI."""
    return {
        cle: territoire
        for territoire in territoires().values()
        for cle in (territoire.code.lower(), clef(territoire.nom), *territoire.autres_codes)
    }


@cache
def academies_par_clef() -> dict[str, str]:
    """Codes of académies by code and name, retired ones included: Caen and Rouen are Normandie."""
    return {
        clef(cle): territoire.code_academie
        for territoire in territoires().values()
        for cle in (territoire.code_academie, territoire.nom_academie, *territoire.autres_noms)
    }


@cache
def lire_departement(valeur: str) -> Territoire:
    cle = clef(valeur)
    if territoire := territoires_par_clef().get(cle.zfill(3) if cle[:1].isdigit() else cle):
        return territoire
    raise ValeurRefusee("un département est attendu : son code de trois caractères (035, 02A, 974) ou son nom.")


@cache
def lire_academie(valeur: str) -> str:
    cle = clef(valeur)
    if not cle or (code := academies_par_clef().get(cle.zfill(2))):
        return code if cle else ""
    raise ValeurRefusee("une académie est attendue : son code de deux chiffres ou son nom.")


lire_etat = parmi(ETATS, "OUVERT, A OUVRIR, A FERMER ou FERME")
lire_secteur = parmi(SECTEURS, "Public ou Privé")
lire_internat = parmi(INTERNAT, "1 ou 0")


def lire_code(valeur: str) -> str:
    """Postal and Insee codes: five characters, the zero a spreadsheet ate given back."""
    return texte_de("code_postal")(valeur.zfill(5) if valeur.isdigit() else valeur)


def lire_education_prioritaire(valeur: str) -> str:
    return valeur.upper() if valeur.upper() in Etablissement.EducationPrioritaire.values else ""


@cache
def texte_de(champ: str) -> Any:
    """A text that fits in its field."""
    return texte(Etablissement._meta.get_field(champ).max_length)


# --- Composing a row ----------------------------------------------------------------------------------


@cache
def type_de(libelle: str, nature: str) -> str:
    return TYPES.get(clef(libelle)) or NATURES.get(nature) or Etablissement.Type.AUTRE


def composer(valeurs: dict[str, Any]) -> dict[str, Any]:
    """The row as the school's fields.

    A school being built has no name yet: it gets one from its type and its commune, « Collège (Maraussan) »,
    until a line brings the real one.
    """
    territoire = valeurs["departement"]
    if valeurs.get("academie", "") not in ("", territoire.code_academie):
        raise ValeurRefusee(
            f"le département {territoire.code} relève de l'académie {territoire.code_academie}"
            f" ({territoire.nom_academie}).",
            champ="academie",
        )
    if (valeurs.get("latitude") is None) != (valeurs.get("longitude") is None):
        raise ValeurRefusee("latitude et longitude vont ensemble.", champ="latitude")
    valeurs["departement"] = territoire.code
    valeurs["type"] = type_de(valeurs.get("type", ""), valeurs.get("nature", ""))
    valeurs["adresse"] = adresse(valeurs)
    valeurs["nom_provisoire"] = "" if valeurs["nom"] else nom_provisoire(valeurs)
    valeurs["annexe"] = "annexe" in valeurs["nom"].lower()
    return valeurs


def adresse(valeurs: dict[str, Any]) -> str:
    """The third line often repeats the postal code and the commune, which have their own columns."""
    parties = [valeurs.get("adresse_1", ""), valeurs.get("adresse_2", ""), valeurs.get("adresse_3", "")]
    if valeurs.get("code_postal") and parties[2].startswith(valeurs["code_postal"]):
        del parties[2]
    entiere = ", ".join(filter(None, parties))
    try:
        return texte_de("adresse")(entiere)
    except ValeurRefusee as refusee:
        raise ValeurRefusee(str(refusee), champ="adresse_1") from None


def nom_provisoire(valeurs: dict[str, Any]) -> str:
    genre = "Établissement" if valeurs["type"] == Etablissement.Type.AUTRE else valeurs["type"].label
    return f"{genre} ({valeurs.get('commune') or valeurs['uai']})"


def composer_liste(valeurs: dict[str, Any]) -> dict[str, Any]:
    """The merged list has no état: a school that stands in it is open."""
    return composer(valeurs) | {"etat": Etablissement.Etat.OUVERT}


REGISTRE = Format(
    nom=Etablissement.Source.REGISTRE,
    cle="uai",
    composer=composer,
    colonnes=(
        Colonne("uai", "identifiant_de_l_etablissement numero_uai code_etablissement uai", lire_uai, True),
        Colonne("nom", "nom_etablissement appellation_officielle", texte_de("nom"), True),
        Colonne("etat", "etat etat_etablissement code_etat_etablissement", lire_etat, True),
        Colonne("departement", "code_departement libelle_departement departement", lire_departement, True),
        Colonne("academie", "code_academie libelle_academie academie", lire_academie),
        Colonne("type", "type_etablissement", texte(250)),
        Colonne("nature", "code_nature nature_uai", texte_de("nature")),
        Colonne("secteur", "statut_public_prive secteur_public_prive_libe secteur_public_prive", lire_secteur),
        Colonne("adresse_1", "adresse_1 adresse_uai adresse", texte(250)),
        Colonne("adresse_2", "adresse_2 lieu_dit_uai lieu_dit", texte(250)),
        Colonne("adresse_3", "adresse_3 boite_postale_uai boite_postale", texte(250)),
        Colonne("code_postal", "code_postal code_postal_uai", lire_code),
        Colonne("code_commune", "code_commune", lire_code),
        Colonne("commune", "nom_commune libelle_commune commune", texte_de("commune")),
        Colonne("telephone", "telephone", texte_de("telephone")),
        Colonne("courriel", "mail", texte_de("courriel")),
        Colonne("site", "web", texte_de("site")),
        Colonne("effectif", "nombre_d_eleves", entier),
        Colonne("internat", "hebergement", lire_internat),
        Colonne("education_prioritaire", "appartenance_education_prioritaire", lire_education_prioritaire),
        Colonne("circonscription", "nom_circonscription circonscription", texte_de("circonscription")),
        Colonne("bassin", "libelle_bassin_formation bassin_formation", texte_de("bassin")),
        Colonne("latitude", "latitude", decimal(-90, 90)),
        Colonne("longitude", "longitude", decimal(-180, 180)),
        Colonne("date_annuaire", "date_maj_ligne", jour),
    ),
)
LISTE = Format(
    nom=Etablissement.Source.LISTE,
    cle="uai",
    composer=composer_liste,
    colonnes=(
        Colonne("uai", "uai", lire_uai, True),
        Colonne("nom", "nom", texte_de("nom"), True),
        Colonne("departement", "departement", lire_departement, True),
        Colonne("academie", "academie", lire_academie, True),
        Colonne("type", "type", texte(250), True),
        Colonne("secteur", "secteur", lire_secteur),
        Colonne("code_commune", "insee", lire_code),
        Colonne("commune", "commune", texte_de("commune")),
        Colonne("effectif", "effectifs", entier),
        Colonne("latitude", "lat", decimal(-90, 90)),
        Colonne("longitude", "lon", decimal(-180, 180)),
    ),
)
# What a row gives besides the columns it was read from.
COMPOSES = ("nom_provisoire", "etat", "annexe")
REMPLACES = {"academie", "adresse_2", "adresse_3"}


class LectureAnnuaire:
    """What `domain.annuaire` imports: the clean rows of a file, and what is to be known of the others."""

    def __init__(self, fichier: TextIO) -> None:
        self.table = Table(fichier, REGISTRE, LISTE)
        self.source = str(self.table.format.nom)
        lus = {"adresse" if champ == "adresse_1" else champ for champ in self.table.places}
        if "nature" in lus:
            lus.add("type")
        self.champs = (*sorted(lus - REMPLACES - set(COMPOSES)), *COMPOSES)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return map(itemgetter(*self.champs), self.table)

    @property
    def entiere(self) -> bool:
        """False when a line is broken, or does not say which school it is about."""
        return self.table.entiere and len(self.chiffres_refuses) == len(self.table.cles_refusees)

    @property
    def chiffres_refuses(self) -> list[str]:
        """The seven digits of the schools whose line was refused."""
        formes = [re.fullmatch("([0-9]{1,7})[A-Za-z]?", cle) for cle in self.table.cles_refusees]
        return [forme[1].zfill(7) for forme in formes if forme]
