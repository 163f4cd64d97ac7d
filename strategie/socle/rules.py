"""When an act of the ground floor is possible, and the plain rules it rests on."""

import datetime
from decimal import Decimal

from django.utils.formats import date_format

from strategie.socle.droits import Droit, Role

LETTRES_UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"
A_LA_FRANCAISE = str.maketrans({",": "\u202f", "-": "\u2212"})
LIEN_INVALIDE = "Ce lien d'invitation n'est pas ou n'est plus valable."


def lettre_uai(chiffres: str) -> str:
    """The check letter of a UAI's seven digits: their value modulo 23, in an alphabet without I, O, Q."""
    return LETTRES_UAI[int(chiffres) % 23]


def date_en_phrase(jour: datetime.date) -> str:
    """« 3 novembre 2026 », « 1er novembre 2026 »: as sentences say it, the day never parted from its month."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}\u00a0{date_format(jour, 'F Y')}"


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
