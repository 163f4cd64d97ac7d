"""School years. Pure Python: the date always comes from the caller."""

import datetime
from functools import lru_cache


def annee_scolaire(jour: datetime.date) -> str:
    """The school year that `jour` belongs to, as « 2026-2027 ».

    Years run from 1 September to 31 August; from 15 August on, people mean the one that is about to begin.
    """
    return _annee(jour.year if (jour.month, jour.day) >= (8, 15) else jour.year - 1)


def annee_precedente(annee: str) -> str:
    """« 2025-2026 » for « 2026-2027 »."""
    return _annee(int(annee[:4]) - 1)


def annee_suivante(annee: str) -> str:
    """« 2027-2028 » for « 2026-2027 »."""
    return _annee(int(annee[:4]) + 1)


def bornes(annee: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of « 2026-2027 »: 1 September 2026 and 31 August 2027."""
    return datetime.date(int(annee[:4]), 9, 1), datetime.date(int(annee[:4]) + 1, 8, 31)


@lru_cache(maxsize=256)
def bornes_du_trimestre(annee: str, trimestre: int | None) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of a term; without one, those of the year.

    Terms are those in which plans are made, not those of a school's own calendar: September to December, January to
    March, April to August.
    """
    debut, fin = bornes(annee)
    janvier, avril = datetime.date(fin.year, 1, 1), datetime.date(fin.year, 4, 1)
    veille = datetime.timedelta(days=1)
    if trimestre is None:
        return debut, fin
    return {1: (debut, janvier - veille), 2: (janvier, avril - veille), 3: (avril, fin)}[trimestre]


def trimestre(jour: datetime.date) -> int:
    """The term (1 to 3) that holds `jour`; the last days of August are still of the third."""
    return 1 if jour.month >= 9 else 2 if jour.month <= 3 else 3


def _annee(debut: int) -> str:
    return f"{debut}-{debut + 1}"
