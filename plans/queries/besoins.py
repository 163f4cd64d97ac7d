"""Reading the needs that a school has kept."""

from __future__ import annotations

from plans.models import Besoin
from strategie.socle.models import Etablissement


def besoins_retenus(etablissement: Etablissement, annee: str) -> frozenset[tuple[str, str]]:
    """The (origine, reference) of the year's needs."""
    siens = Besoin.objects.filter(etablissement=etablissement, annee_scolaire=annee)
    return frozenset(siens.values_list("origine", "reference"))
