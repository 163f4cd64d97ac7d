"""School years. Pure Python: the date always comes from the caller."""

import datetime


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


def _annee(debut: int) -> str:
    return f"{debut}-{debut + 1}"
