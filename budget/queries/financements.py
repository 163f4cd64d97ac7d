"""What pays, and what it may pay for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from budget.queries.budget import lignes_de
from budget.queries.lignes import a_choisir
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Objets:
    """What a financing may be for: keys and words."""

    lignes: Sequence[tuple[int, str]]
    achats: Sequence[tuple[int, str]]


def objets_a_financer(etablissement: Etablissement, exercice: int, *, ligne: int | None, achat: int | None) -> Objets:
    """The lines of the exercice and of the one after, the purchases; and what is held already."""
    proches = lignes_de(etablissement).filter(Q(exercice__in=(exercice, exercice + 1)) | Q(pk=ligne))
    lues = proches.order_by("exercice", "intitule", "pk").values_list("pk", "intitule", "exercice")
    return Objets(
        [(cle, f"{intitule} ({annee})") for cle, intitule, annee in lues], a_choisir("achat", etablissement, achat)
    )
