"""The small curve of a line's measures: where each point is. Whole units, no float."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from budget.models import MesureDebit, Raccordement
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

LARGEUR, HAUTEUR = 360, 150
GAUCHE, DROITE, HAUT, BAS = 12, 348, 30, 118


@dataclass(frozen=True)
class CourbeDebit:
    """`prevu`: the height of the line of what was planned, None when nothing was."""

    titre: str
    description: str
    points: Sequence[tuple[int, int]]
    prevu: int | None
    prevu_mots: str
    premier: str
    dernier: str
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR

    @property
    def trace(self) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y in self.points)


def courbe_debit(raccordement: Raccordement, mesures: Sequence[MesureDebit]) -> CourbeDebit | None:
    """None under two measures: one point is no curve. Heights begin at zero."""
    if len(mesures) < 2:
        return None
    instants = [mesure.mesure_le for mesure in mesures]
    haut = max([mesure.descendant for mesure in mesures] + [raccordement.descendant or Decimal(0), Decimal(1)])
    return CourbeDebit(
        titre=f"Débit descendant mesuré, {raccordement.intitule}",
        description="\u00a0; ".join(
            f"{_jour(m.mesure_le)}, {decimal_en_phrase(m.descendant)}\u00a0Mbit/s" for m in mesures
        ),
        points=[(_x(mesure.mesure_le, instants), _y(mesure.descendant, haut)) for mesure in mesures],
        prevu=_y(raccordement.descendant, haut) if raccordement.descendant else None,
        prevu_mots=f"Prévu {decimal_en_phrase(raccordement.descendant)}" if raccordement.descendant else "",
        premier=_jour(instants[0]),
        dernier=_jour(instants[-1]),
    )


def _jour(instant: datetime.datetime) -> str:
    return date_en_phrase(timezone.localtime(instant).date())


def _x(instant: datetime.datetime, instants: Sequence[datetime.datetime]) -> int:
    duree = instants[-1] - instants[0]
    return GAUCHE + round(
        Fraction(
            (instant - instants[0]) // datetime.timedelta(seconds=1) * (DROITE - GAUCHE),
            duree // datetime.timedelta(seconds=1),
        )
    )


def _y(debit: Decimal, haut: Decimal) -> int:
    return BAS - round(Fraction(debit) / Fraction(haut) * (BAS - HAUT))
