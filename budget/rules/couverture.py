"""How many people of a team were trained: exact bounds, since the present are counted and never named. Pure Python.

- One training, several sessions: the same people are meant to come to each, so it has trained as many of a team as
  its fullest session.
- Several trainings in a year: nobody knows whether the same people came. At the least, those of the largest one are
  all of them; at the most, nobody came twice, and a team is never more than itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PresentsDUneEquipe:
    """How many of a team were at one session, and how long it lasted."""

    formation: int
    presents: int
    heures: Decimal


@dataclass(frozen=True)
class Couverture:
    """Of a team in a school year. `effectif` is None when nobody has said it; `presences`: those of each session
    added up; `heures`: of training received, a person's hours added up.
    """

    effectif: int | None = 0
    au_moins: int = 0
    au_plus: int = 0
    presences: int = 0
    heures: Decimal = Decimal("0.00")

    def __add__(self, autre: Couverture) -> Couverture:
        """Of two teams together: nobody is in both."""
        connus = self.effectif is not None and autre.effectif is not None
        return Couverture(
            (self.effectif or 0) + (autre.effectif or 0) if connus else None,
            self.au_moins + autre.au_moins,
            self.au_plus + autre.au_plus,
            self.presences + autre.presences,
            self.heures + autre.heures,
        )


def couvrir(presents: Iterable[PresentsDUneEquipe], effectif: int | None) -> Couverture:
    """Of one team, over the sessions of one school year."""
    plus_pleine: dict[int, int] = {}
    presences, heures = 0, Decimal("0.00")
    for un in presents:
        plus_pleine[un.formation] = max(plus_pleine.get(un.formation, 0), un.presents)
        presences += un.presents
        heures += un.presents * un.heures
    au_moins, au_plus = max(plus_pleine.values(), default=0), sum(plus_pleine.values())
    if effectif is not None:
        au_moins, au_plus = min(au_moins, effectif), min(au_plus, effectif)
    return Couverture(effectif, au_moins, au_plus, presences, heures)


def ensemble(couvertures: Iterable[Couverture]) -> Couverture:
    return sum(couvertures, Couverture())
