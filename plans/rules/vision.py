"""When the vision and its aims may be written."""

from __future__ import annotations

import datetime

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire

OBJECTIFS_MAX = 5
ANNEES_D_AVANCE = 5


def empechement_fixer_objectif(annee: str, deja: int, jour: datetime.date) -> str | None:
    """`deja`: how many aims of this year or later the school has, this one left out; `jour`: the date it is there."""
    cette_annee = annee_scolaire(jour)
    if not est_une_annee(annee) or not cette_annee <= annee <= _plus_tard(cette_annee):
        return f"Un objectif se fixe pour cette année scolaire ou l'une des {ANNEES_D_AVANCE} suivantes."
    if deja >= OBJECTIFS_MAX:
        return f"L'établissement a déjà {OBJECTIFS_MAX} objectifs\u00a0: retirez-en un pour en fixer un autre."
    return None


def _plus_tard(annee: str) -> str:
    debut = int(annee[:4]) + ANNEES_D_AVANCE
    return f"{debut}-{debut + 1}"
