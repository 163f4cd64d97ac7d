"""What is said of an action without anybody having said it: how long it lasts, whether it is silent."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from plans.rules.actions import SILENCE

if TYPE_CHECKING:
    from plans.models import Action

TERMES = {"court": "Court terme", "moyen": "Moyen terme", "long": "Long terme"}


def terme(annee: str, annee_fin: str) -> str:
    """« court » within one school year, « moyen » over two, « long » beyond (PRODUCT.md, « Time »)."""
    annees = int(annee_fin[:4]) - int(annee[:4]) + 1
    return "court" if annees <= 1 else "moyen" if annees == 2 else "long"


def est_silencieuse(action: Action, jour: datetime.date) -> bool:
    """Published, not finished, and nothing was heard of it for three months since it began."""
    if not action.publiee or action.finie:
        return False
    return jour - max(action.derniere_nouvelle, action.debut_prevu) > SILENCE
