"""When the inventory may be written."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from strategie.socle.rules import date_en_phrase, decimal_en_phrase, empechement_ecrire

if TYPE_CHECKING:
    from decimal import Decimal

    from strategie.socle.models import Etablissement

A_LA_FOIS = 500
NOMBRE_MAX = 10_000
ANNEE_MIN = 1980
ANNEES_D_AVANCE = 30
PRIX_MAX = 1_000_000
PAS_A_SOI = "Cet équipement n'appartient pas à votre collectivité\u00a0: l'établissement seul le modifie."
SALLE_D_AILLEURS = "Cette salle n'est pas, ou n'est plus, une salle de l'établissement."
CHANGE = "Cet équipement a changé ou n'est plus là\u00a0: rechargez la page."


def empechement_tenir(etablissement: Etablissement, proprietaire: str, proprietaire_tenu: str) -> str | None:
    """`proprietaire_tenu`: the owner whose things alone the person keeps; empty when she keeps everything."""
    pas_a_soi = PAS_A_SOI if proprietaire_tenu and proprietaire != proprietaire_tenu else None
    return empechement_ecrire(etablissement) or pas_a_soi


def empechement_ajouter(nombre: int, series: Sequence[str], etiquettes: Sequence[str]) -> str | None:
    """Serial numbers and tags, where there are some, are as many as the things."""
    if not 1 <= nombre <= NOMBRE_MAX:
        return f"Un nombre de 1 à {decimal_en_phrase(NOMBRE_MAX)} était attendu."
    if len(series) > A_LA_FOIS or len(etiquettes) > A_LA_FOIS:
        return f"Ajoutez {A_LA_FOIS} numéros à la fois, au plus."
    if series and etiquettes and len(series) != len(etiquettes):
        return f"Il y a {len(series)} numéros de série et {len(etiquettes)} étiquettes\u00a0: donnez-en autant."
    for quoi, numeros in (("numéro de série", series), ("étiquette", etiquettes)):
        if doubles := repetes(numeros):
            return f"Ce {quoi} est donné deux fois\u00a0: {', '.join(doubles)}."
    return None


def repetes(numeros: Collection[str]) -> list[str]:
    """Those given more than once, whatever their case."""
    fois = Counter(numero.casefold() for numero in numeros)
    return sorted({numero for numero in numeros if fois[numero.casefold()] > 1})


def empechement_date(date: datetime.date | None, jour: datetime.date, *, passee: bool) -> str | None:
    """A date of a thing: not before 1980; not after today for what has happened, thirty years ahead at most else."""
    if date is None:
        return None
    if date.year < ANNEE_MIN:
        return f"Cette date est antérieure à {ANNEE_MIN}."
    if passee and date > jour:
        return "Cette date n'est pas encore passée."
    if date.year > jour.year + ANNEES_D_AVANCE:
        return f"Cette date est à plus de {ANNEES_D_AVANCE} ans."
    return None


def empechement_acheter_apres_la_sortie(achete_le: datetime.date | None, sorti_le: datetime.date | None) -> str | None:
    if achete_le is None or sorti_le is None or achete_le <= sorti_le:
        return None
    return f"Il est sorti de l'inventaire le {date_en_phrase(sorti_le)}\u00a0: il a été acheté avant."


def empechement_prix(prix: Decimal | None) -> str | None:
    """The price of one thing."""
    if prix is None or 0 <= prix <= PRIX_MAX:
        return None
    return "Un prix ne peut pas être négatif." if prix < 0 else "Ce prix unitaire dépasse un million d'euros."


def empechement_regrouper(
    lignes: int,
    choses: int,
    *,
    numerotees: bool,
    differences: Sequence[str],
    incidents_ouverts: bool,
    avec_incidents: int,
) -> str | None:
    """Lines that nothing tells apart become one. `differences`: what does, in words; `avec_incidents`: how many of them
    incidents speak of, which one line counts otherwise than several do (`budget.domain.pannes`).
    """
    if lignes < 2:
        return "Aucune autre ligne ne dit exactement la même chose\u00a0: il n'y a rien à regrouper."
    if numerotees:
        return "Ce qui a un numéro de série ou une étiquette garde une ligne à soi."
    if differences:
        return f"Ces lignes ne disent pas la même chose\u00a0: {', '.join(differences)}. Accordez-les d'abord."
    if choses > NOMBRE_MAX:
        return f"Une ligne compte {decimal_en_phrase(NOMBRE_MAX)} choses au plus."
    if incidents_ouverts:
        return "Un incident est ouvert sur l'une de ces lignes\u00a0: elle reste à part jusqu'à ce qu'il soit clos."
    if avec_incidents > 1:
        return "Des incidents parlent de plusieurs de ces lignes\u00a0: elles restent à part, pour l'histoire."
    return None


def empechement_detacher(nombre: int, sur: int) -> str | None:
    """Part of a line of `sur` things."""
    return None if 1 <= nombre <= sur else f"Cette ligne compte {sur} choses\u00a0: dites combien, de 1 à {sur}."
