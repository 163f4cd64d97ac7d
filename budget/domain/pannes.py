"""How long things could not serve. Pure Python.

The rule, in days of the calendar: a thing is out of use from the day its incident opens until the eve of the day it
closes, or until the eve of today. On each day, what one line of the inventory counts out of use is the largest of its
incidents, never their sum: they speak of the same things. Incidents that name no line speak of different things: they
add up. A lot never counts more things than it has.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

UN_JOUR = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Panne:
    """`chose`: the key of its line of the inventory, None when it names none; `fin`: the day it serves again."""

    chose: int | None
    nombre: int
    debut: datetime.date
    fin: datetime.date | None = None


def jours_hors_service(
    pannes: Iterable[Panne],
    debut: datetime.date,
    fin: datetime.date,
    jour: datetime.date,
    au_plus: int | None = None,
) -> int:
    """Days × things out of use between `debut` and `fin`, both of them in, as known on `jour`; `au_plus`: how many
    things there are.
    """
    limite = min(fin + UN_JOUR, jour)
    coupees = [
        Panne(panne.chose, panne.nombre, max(panne.debut, debut), min(panne.fin or limite, limite)) for panne in pannes
    ]
    vues = [panne for panne in coupees if panne.fin is not None and panne.debut < panne.fin]
    dates = sorted({date for panne in vues for date in (panne.debut, panne.fin) if date is not None})
    return sum((suivante - date).days * _hors_service(date, vues, au_plus) for date, suivante in pairwise(dates))


def _hors_service(date: datetime.date, pannes: Collection[Panne], au_plus: int | None) -> int:
    """How many things are out of use on that day."""
    sans_ligne, par_ligne = 0, defaultdict[int, int](int)
    for panne in pannes:
        if panne.debut <= date and (panne.fin is None or date < panne.fin):
            if panne.chose is None:
                sans_ligne += panne.nombre
            else:
                par_ligne[panne.chose] = max(par_ligne[panne.chose], panne.nombre)
    total = sans_ligne + sum(par_ligne.values())
    return total if au_plus is None else min(total, au_plus)
