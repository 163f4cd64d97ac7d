"""How old a value may be, how far it has come, and what several schools' values make together. Pure Python.

Values are decimal and never rounded on the way: what is shown is what was computed.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

# --- How old ------------------------------------------------------------------------------------------------
MOIS_PAR_CADENCE = {"mensuelle": 1, "trimestrielle": 3, "semestrielle": 6, "annuelle": 12}
TOLERANCE = datetime.timedelta(days=15)


def prochain_releve(dernier: datetime.date, cadence: str) -> datetime.date:
    """The day the next reading is due: as many months later, or the last day of a month that is too short."""
    mois = dernier.month - 1 + MOIS_PAR_CADENCE[cadence]
    annee, mois = dernier.year + mois // 12, mois % 12 + 1
    return datetime.date(annee, mois, min(dernier.day, calendar.monthrange(annee, mois)[1]))


def perimee(dernier: datetime.date | None, cadence: str, jour: datetime.date) -> bool:
    """« Valeur ancienne »: its cadence passed more than fifteen days ago. Without a reading, nothing is old."""
    return dernier is not None and jour > prochain_releve(dernier, cadence) + TOLERANCE


# --- How far ------------------------------------------------------------------------------------------------
HAUSSE = "hausse"
REPERES = (
    (Fraction(1, 4), "un quart du chemin", "plus d'un quart du chemin"),
    (Fraction(1, 2), "la moitié du chemin", "plus de la moitié du chemin"),
    (Fraction(3, 4), "les trois quarts du chemin", "plus des trois quarts du chemin"),
)


def atteint(sens: str, cible: Decimal, valeur: Decimal) -> bool:
    return valeur >= cible if sens == HAUSSE else valeur <= cible


def chemin_parcouru(depart: Decimal, cible: Decimal, valeur: Decimal) -> Fraction | None:
    """Which part of the way from the baseline to the target; under 0 when it went the other way. None where there is
    no way to go: the target is the baseline, to be held.
    """
    if depart == cible:
        return None
    return (Fraction(valeur) - Fraction(depart)) / (Fraction(cible) - Fraction(depart))


def avancement_en_mots(sens: str, depart: Decimal | None, cible: Decimal, valeur: Decimal) -> str:
    """Never more than what is true: « plus de la moitié du chemin » is strictly more than a half."""
    part = None if depart is None else chemin_parcouru(depart, cible, valeur)
    if atteint(sens, cible, valeur):
        return "la cible est tenue" if depart == cible else "la cible est atteinte"
    if part is None:
        return "la cible n'est pas tenue" if depart == cible else "la cible n'est pas atteinte"
    if part <= 0:
        return "on est plus loin de la cible qu'au départ" if part else "on en est au point de départ"
    for repere, juste, _ in REPERES:
        if part == repere:
            return juste
    passes = [plus_de for repere, _, plus_de in REPERES if part > repere]
    return passes[-1] if passes else "moins d'un quart du chemin"


# --- Several schools ----------------------------------------------------------------------------------------
class ValeurLocale(NamedTuple):
    """The last value of one school: `effectif` is its number of pupils, `atteint` whether its target is reached."""

    valeur: Decimal | None
    effectif: int | None = None
    atteint: bool | None = None
    perimee: bool = False


@dataclass(frozen=True)
class Agregat:
    """`valeur` is exact, None where nothing can be said; `retenues` schools out of `total` make it."""

    valeur: Fraction | None
    retenues: int
    total: int


def agreger(regle: str, valeurs: Iterable[ValeurLocale]) -> Agregat:
    """By the rule that the indicator declares: somme, moyenne (weighted by pupils), nombre (of schools that reach
    their target) or aucune. Old values stay out, as do schools that lack what the rule asks.
    """
    toutes = [ValeurLocale(*valeur) for valeur in valeurs]
    recentes = [v for v in toutes if v.valeur is not None and not v.perimee]
    retenues = [v for v in recentes if _compte(regle, v)]
    return Agregat(_ensemble(regle, retenues) if retenues else None, len(retenues), len(toutes))


def _compte(regle: str, valeur: ValeurLocale) -> bool:
    conditions = {"somme": True, "moyenne": bool(valeur.effectif), "nombre": valeur.atteint is not None}
    return conditions.get(regle, False)


def _ensemble(regle: str, retenues: Sequence[ValeurLocale]) -> Fraction:
    if regle == "nombre":
        return Fraction(sum(1 for v in retenues if v.atteint))
    poids = [v.effectif or 0 if regle == "moyenne" else 1 for v in retenues]
    somme = sum((p * Fraction(v.valeur or 0) for p, v in zip(poids, retenues, strict=True)), Fraction(0))
    return somme / sum(poids) if regle == "moyenne" else somme
