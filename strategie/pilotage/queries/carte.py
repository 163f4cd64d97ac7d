"""The schools of a territory as a map needs them: where they are, and one fact of each."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from strategie.socle.models import Etablissement


class EcoleSituee(NamedTuple):
    """`palier`: of the champ that was asked, as a digit; None where it was not signed."""

    uai: str
    nom: str
    commune: str
    latitude: float | None
    longitude: float | None
    diagnostic: str
    palier: str | None


def ecoles_situees(ecoles: QuerySet[Etablissement], annee: str, champ: str = "") -> list[EcoleSituee]:
    """By name, in one query of few columns: an académie has six thousand."""
    cette_annee = FilteredRelation("syntheses", condition=Q(syntheses__annee_scolaire=annee))
    lignes = (
        ecoles.annotate(
            synthese=cette_annee,
            diagnostic_lu=Coalesce(F("synthese__diagnostic"), Value("")),
            palier_lu=KeyTextTransform(champ, "synthese__paliers"),
        )
        .order_by("recherche", "uai")
        .values_list("uai", "nom", "commune", "latitude", "longitude", "diagnostic_lu", "palier_lu")
    )
    return [EcoleSituee(*ligne) for ligne in lignes]
