"""School years. Pure Python: the date always comes from the caller."""

import datetime


def annee_scolaire(jour: datetime.date) -> str:
    """The school year that `jour` belongs to, as « 2026-2027 ».

    Years run from 1 September to 31 August; from 15 August on, people mean the one that is about to begin.
    """
    debut = jour.year if (jour.month, jour.day) >= (8, 15) else jour.year - 1
    return f"{debut}-{debut + 1}"


def annee_precedente(annee: str) -> str:
    """« 2025-2026 » for « 2026-2027 »."""
    debut = int(annee[:4])
    return f"{debut - 1}-{debut}"
