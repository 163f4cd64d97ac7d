"""How long things are meant to serve, and what is to be renewed when. Pure Python: whole numbers and exact amounts.

A thing is meant to serve until the last day of its planned life, that day included: `prevu_jusqu_au` when the school
wrote one, else as many years after it was bought as its category is meant to serve. Without either date nobody knows,
and it is counted apart, never guessed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

# Years by category, where its collectivité has chosen none. Computer 6, tablet 5, display 8, active network 8 are our
# proposal, that a collectivité adjusts; the other categories follow the nearest of the four. In use elsewhere: the
# Val-d'Oise renews a whole collège every seven years (https://2017-2022.nosdeputes.fr/15/intervention/1034332).
ORDINATEUR, TABLETTE, AFFICHAGE, RESEAU = 6, 5, 8, 8
REPERES: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("fixe", "portable", "client_leger"), ORDINATEUR),
        **dict.fromkeys(("tablette", "hybride"), TABLETTE),
        **dict.fromkeys(("videoprojecteur", "tableau", "ecran", "visualiseur"), AFFICHAGE),
        "imprimante": ORDINATEUR,
        "serveur": ORDINATEUR,
        **dict.fromkeys(("borne", "reseau"), RESEAU),
        "mobile": AFFICHAGE,
        "son_image": AFFICHAGE,
        **dict.fromkeys(("fabrication", "accessibilite", "autre"), ORDINATEUR),
    }
)
ANNEES_MAX = 30
HORIZON = 8  # years of a forecast, the current one included
RIEN = Decimal("0.00")


# --- One thing ------------------------------------------------------------------------------------------
def annees_apres(jour: datetime.date, annees: int) -> datetime.date:
    """The same day, that many years later; the 28th of February where there is no 29th, as PostgreSQL counts."""
    try:
        return jour.replace(year=jour.year + annees)
    except ValueError:
        return jour.replace(year=jour.year + annees, day=28)


def fin_prevue(
    achete_le: datetime.date | None, prevu_jusqu_au: datetime.date | None, annees: int
) -> datetime.date | None:
    """The last day of its planned life; None when no date says it."""
    if prevu_jusqu_au is not None:
        return prevu_jusqu_au
    return annees_apres(achete_le, annees) if achete_le is not None else None


def depassee(fin: datetime.date | None, jour: datetime.date) -> bool:
    """Whether its planned life is known to be over."""
    return fin is not None and fin < jour


def age(achete_le: datetime.date, jour: datetime.date) -> int:
    """In whole years; a thing bought this year is 0."""
    return max(0, jour.year - achete_le.year - ((jour.month, jour.day) < (achete_le.month, achete_le.day)))


# --- What is to be renewed --------------------------------------------------------------------------------
class Groupe(Protocol):
    """Things whose planned life ends in one year (`fin`, None when nobody knows), all past it or none. `montant`: what
    those that have a price cost together; `sans_prix`: how many have none.
    """

    @property
    def nombre(self) -> int: ...
    @property
    def montant(self) -> Decimal: ...
    @property
    def sans_prix(self) -> int: ...
    @property
    def fin(self) -> int | None: ...
    @property
    def depassee(self) -> bool: ...


@dataclass(frozen=True)
class Echeance:
    """How many things, what those with a price cost, and how many have none."""

    nombre: int = 0
    montant: Decimal = RIEN
    sans_prix: int = 0

    def __add__(self, autre: Echeance) -> Echeance:
        return Echeance(self.nombre + autre.nombre, self.montant + autre.montant, self.sans_prix + autre.sans_prix)


@dataclass(frozen=True)
class Prevision:
    """Each thing once, in one place: late, in the year when its planned life ends, later than the horizon, or without
    a date. What replaces it is not counted: a second renewal would be a guess on a thing that nobody has bought.
    """

    en_retard: Echeance
    annees: Mapping[int, Echeance]
    au_dela: Echeance
    sans_date: Echeance

    @property
    def a_l_horizon(self) -> Echeance:
        """All that is late or comes due within the horizon."""
        return sum(self.annees.values(), self.en_retard)

    @property
    def total(self) -> Echeance:
        return self.a_l_horizon + self.au_dela + self.sans_date


def prevoir(groupes: Iterable[Groupe], annee: int) -> Prevision:
    """`annee`: the current civil year, that of budgets. What ends later this year is in it, what has ended is late."""
    en_retard = au_dela = sans_date = Echeance()
    annees = dict.fromkeys(range(annee, annee + HORIZON), Echeance())
    for groupe in groupes:
        echeance = Echeance(groupe.nombre, groupe.montant, groupe.sans_prix)
        if groupe.fin is None:
            sans_date += echeance
        elif groupe.depassee:
            en_retard += echeance
        elif groupe.fin in annees:
            annees[groupe.fin] += echeance
        else:
            au_dela += echeance
    return Prevision(en_retard, annees, au_dela, sans_date)


# --- Shares -------------------------------------------------------------------------------------------------
def pour_cent(part: int, tout: int) -> Decimal | None:
    """Rounded to the unit, half up; None of nothing. Neither 0 nor 100 unless it is exactly so."""
    if not tout:
        return None
    arrondie = arrondi(Fraction(100 * part, tout))
    return Decimal(arrondie if part in (0, tout) else min(99, max(1, arrondie)))


def pour_cent_eleves(nombre: int, eleves: int | None) -> Decimal | None:
    """For a hundred pupils, to the tenth; None where nobody knows how many they are."""
    return Decimal(arrondi(Fraction(1000 * nombre, eleves))) / 10 if eleves else None


def arrondi(valeur: Fraction) -> int:
    """Half up."""
    return int(valeur + Fraction(1, 2) if valeur >= 0 else valeur - Fraction(1, 2))
