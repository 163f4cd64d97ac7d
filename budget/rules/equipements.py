"""When the inventory may be written."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from strategie.socle.models import Etablissement

A_LA_FOIS = 500
NOMBRE_MAX = 10_000
ANNEE_MIN = 1980
ANNEES_D_AVANCE = 30
PRIX_MAX = 1_000_000
FERME = "Cet établissement est fermé\u00a0: son inventaire ne change plus."
PAS_A_SOI = "Cet équipement n'appartient pas à votre collectivité\u00a0: l'établissement seul le modifie."
SALLE_D_AILLEURS = "Cette salle n'est pas, ou n'est plus, une salle de l'établissement."
CHANGE = "Cet équipement a changé ou n'est plus là\u00a0: rechargez la page."


def empechement_tenir(etablissement: Etablissement, proprietaire: str, proprietaire_tenu: str) -> str | None:
    """`proprietaire_tenu`: the owner whose things alone the person keeps; empty when she keeps everything."""
    if etablissement.etat == etablissement.Etat.FERME:
        return FERME
    return PAS_A_SOI if proprietaire_tenu and proprietaire != proprietaire_tenu else None


def empechement_ajouter(nombre: int, series: Sequence[str], etiquettes: Sequence[str]) -> str | None:
    """Serial numbers and tags, where there are some, are as many as the things."""
    if not 1 <= nombre <= NOMBRE_MAX:
        return f"Un nombre de 1 à {NOMBRE_MAX} était attendu."
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


def empechement_prix(prix: Decimal | None) -> str | None:
    """The price of one thing."""
    if prix is None or 0 <= prix <= PRIX_MAX:
        return None
    return "Un prix ne peut pas être négatif." if prix < 0 else "Ce prix unitaire dépasse un million d'euros."


def empechement_detacher(nombre: int, sur: int) -> str | None:
    """Part of a line of `sur` things."""
    return None if 1 <= nombre <= sur else f"Cette ligne compte {sur} choses\u00a0: dites combien, de 1 à {sur}."
