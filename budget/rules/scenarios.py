"""When a scenario of the budget may be written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from budget.domain.argent import MONTANT_MAX

if TYPE_CHECKING:
    from budget.domain.scenarios import Ajout

INTITULE_MAX, AJOUTS_MAX = 200, 40
SECTIONS = ("investissement", "fonctionnement")
CHANGE = (
    "Quelqu'un d'autre a changé ce scénario pendant que vous écriviez\u00a0: ce que vous avez écrit est dans les "
    "champs. Vérifiez, puis enregistrez de nouveau."
)
TROP = f"Un scénario ajoute {AJOUTS_MAX}\u00a0lignes au plus."


def empechement_montant(montant: Decimal) -> str | None:
    if montant < 0:
        return "Un montant est positif ou nul."
    return "Ce montant est démesuré." if montant > MONTANT_MAX else None


def defauts_de_l_ajout(ajout: Ajout) -> dict[str, str]:
    return dict(_defauts_de_l_ajout(ajout))


def _defauts_de_l_ajout(ajout: Ajout) -> Iterator[tuple[str, str]]:
    if not ajout.intitule:
        yield "intitule", "Dites ce que le scénario ajoute."
    elif len(ajout.intitule) > INTITULE_MAX:
        yield "intitule", f"Ce texte dépasse {INTITULE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if ajout.section not in SECTIONS:
        yield "section", "Choisissez une section dans la liste."
    if refus := empechement_montant(ajout.montant):
        yield "montant", refus
