"""When a plan may be copied, and what a copy leaves behind."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante

if TYPE_CHECKING:
    from strategie.socle.models import Etablissement

RIEN_DE_CHOISI = "Choisissez au moins un axe ou une action à copier."


def empechement_dupliquer(
    source: Etablissement, annee: str, cible: Etablissement, annee_cible: str, jour: datetime.date
) -> str | None:
    """`jour`: the date it is where the copy goes."""
    if (source.pk, annee) == (cible.pk, annee_cible):
        return "Choisissez une autre année scolaire, ou un autre établissement."
    cette_annee = annee_scolaire(jour)
    if not est_une_annee(annee_cible) or not cette_annee <= annee_cible <= annee_suivante(cette_annee):
        return "Un plan se copie dans l'année scolaire en cours ou la prochaine."
    return None
