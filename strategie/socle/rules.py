"""When an act of the ground floor is possible, and the plain rules it rests on."""

from __future__ import annotations

import datetime
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from strategie.socle.droits import Droit, Role

if TYPE_CHECKING:
    from strategie.socle.models import Etablissement

LETTRES_UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"
A_LA_FRANCAISE = str.maketrans({",": "\u202f", "-": "\u2212"})
LIEN_INVALIDE = "Ce lien d'invitation n'est pas ou n'est plus valable."


FERME = "Cet établissement est fermé\u00a0: ses pages se lisent encore, mais rien n'y change plus."


def empechement_ecrire(etablissement: Etablissement) -> str | None:
    """The one rule of a closed school, whatever is written there."""
    return FERME if etablissement.etat == etablissement.Etat.FERME else None


def lettre_uai(chiffres: str) -> str:
    """The check letter of a UAI's seven digits: their value modulo 23, in an alphabet without I, O, Q."""
    return LETTRES_UAI[int(chiffres) % 23]


def quantieme(jour: datetime.date) -> str:
    """« 3 », « 1er »: a day of the month as it is said."""
    return "1er" if jour.day == 1 else str(jour.day)


def date_en_phrase(jour: datetime.date) -> str:
    """« 3 novembre 2026 », « 1er novembre 2026 »: as sentences say it, the day never parted from its month."""
    return f"{quantieme(jour)}\u00a0{date_format(jour, 'F Y')}"


def decimal_en_phrase(valeur: Decimal | int) -> str:
    """« 1 234,5 », « −3 »: narrow no-break spaces, a comma, no zero for nothing; exact."""
    entier, _, decimales = f"{Decimal(valeur) or 0:,f}".partition(".")
    decimales = decimales.rstrip("0")
    return entier.translate(A_LA_FRANCAISE) + (f",{decimales}" if decimales else "")


def empechement_inviter(*, droits: frozenset[Droit], a_un_chef: bool, deja: bool = False) -> str | None:
    """`a_un_chef`: somebody is in charge of the school today; `deja`: the person holds the role already."""
    if a_un_chef and Droit.INVITER not in droits:
        return "Cet établissement a déjà un chef\u00a0: c'est à lui d'inviter les autres personnes."
    if deja:
        return "Cette personne a déjà ce rôle dans l'établissement."
    return None


def empechement_accepter(
    *,
    acceptee_le: datetime.datetime | None,
    annulee_le: datetime.datetime | None,
    expire_le: datetime.datetime,
    maintenant: datetime.datetime,
) -> str | None:
    """One sentence for every reason: a stranger who tries links learns nothing."""
    if acceptee_le or annulee_le or maintenant >= expire_le:
        return LIEN_INVALIDE
    return None


def empechement_annuler_invitation(*, acceptee_le: datetime.datetime | None) -> str | None:
    if acceptee_le:
        return "Cette invitation a déjà été acceptée\u00a0: retirez plutôt l'accès de la personne."
    return None


def empechement_retirer_acces(*, role: str, autres_chefs: int) -> str | None:
    """`autres_chefs`: how many other people are in charge of the school today."""
    if role == Role.CHEF and not autres_chefs:
        return "C'est le seul chef de l'établissement\u00a0: invitez d'abord la personne qui lui succède."
    return None


# --- Districts ------------------------------------------------------------------------------------------------------
VOYELLES = "aeiouyàâäéèêëîïôöùûüœæ"
DETERMINANTS = {
    "un": ("un ", "une "),
    "ce": ("ce ", "cette "),
    "aucun": ("aucun ", "aucune "),
    "autre": ("un autre ", "une autre "),
    "nouveau": ("nouveau ", "nouvelle "),
    "le": ("le ", "la "),
    "du": ("du ", "de la "),
    "au": ("au ", "à la "),
}
DEVANT_VOYELLE = {"ce": "cet ", "le": "l'", "du": "de l'", "au": "à l'", "de": "d'", "nouveau": "nouvel "}
DEVANT_VOYELLE_AU_FEMININ = DEVANT_VOYELLE | {"ce": "cette ", "nouveau": "nouvelle "}


def mot_en_phrase(mot: str, pluriel: str, feminin: bool, forme: str = "") -> str:
    """The word by which an académie calls its districts, as a sentence takes it: « du district », « de la
    circonscription », « d'unité » (`forme`: « du », « de »), « bassins » (« pluriel »).
    """
    if forme == "pluriel":
        return pluriel or (mot if mot.endswith(("s", "x", "z")) else f"{mot}s")
    voyelle = mot[:1].lower() in VOYELLES
    if voyelle and forme in (elides := DEVANT_VOYELLE_AU_FEMININ if feminin else DEVANT_VOYELLE):
        return elides[forme] + mot
    if forme == "de":
        return f"de {mot}"
    return DETERMINANTS[forme][feminin] + mot if forme else mot


def nom_lu(nom: str) -> str:
    """By what two names read the same: accents, case and spaces apart."""
    nu = "".join(lettre for lettre in unicodedata.normalize("NFKD", nom) if not unicodedata.combining(lettre))
    return " ".join(nu.casefold().split())


def empechement_nommer_un_district(nom: str, deja: str | None) -> str | None:
    """`deja`: the district of the académie whose name reads the same, accents and case apart."""
    if not nom:
        return "Donnez un nom."
    return f"Ce nom existe déjà dans l'académie\u00a0: «\u00a0{deja}\u00a0»." if deja else None


def empechement_confier_un_district(
    *, deja: bool, debut: datetime.date, aujourd_hui: datetime.date, actif: bool
) -> str | None:
    """`deja`: the person holds it on that day or later; `actif`: her account can sign in."""
    if not actif:
        return "Le compte de cette personne est désactivé\u00a0: adressez-vous à l'administrateur technique."
    if deja:
        return "Cette personne a déjà ce rôle ici, ou l'aura."
    if abs((debut - aujourd_hui).days) > 366:
        return "Le premier jour est à plus d'un an d'aujourd'hui\u00a0: vérifiez la date."
    return None


def empechement_finir_un_role(
    *, debut: datetime.date, dernier: datetime.date | None, jour: datetime.date
) -> str | None:
    """`dernier`: the last day of the role; None: it ends at once."""
    if dernier is not None and dernier < max(debut, jour):
        return f"Le dernier jour ne peut pas précéder le {date_en_phrase(max(debut, jour))}."
    return None
