"""What is said of an action without anybody having said it: how long it lasts, whether it is silent."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from plans.rules.actions import SILENCE

if TYPE_CHECKING:
    from plans.models import Action
    from plans.queries.plan import ActionLue

TERMES = {"court": "Court terme", "moyen": "Moyen terme", "long": "Long terme"}


def terme(annee: str, annee_fin: str) -> str:
    """« court » within one school year, « moyen » over two, « long » beyond (PRODUCT.md, « Time »)."""
    annees = int(annee_fin[:4]) - int(annee[:4]) + 1
    return "court" if annees <= 1 else "moyen" if annees == 2 else "long"


def est_silencieuse(action: Action | ActionLue, jour: datetime.date) -> bool:
    """Begun, or due to have begun, and without a word for long: as `queries.completude.silencieuse` counts them."""
    if not action.publiee or action.finie or jour - action.derniere_nouvelle <= SILENCE:
        return False
    return action.etat != "a_venir" or action.debut_prevu <= jour
