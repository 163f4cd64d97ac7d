"""When what a school has taken away may come back: a French sentence that says why not, or None."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plans.models import Action, Experimentation, IndicateurSuivi

JOURS_EN_CORBEILLE = 30
INDICATEURS_MAX = 3


def purge_le(supprime_le: datetime.datetime) -> datetime.datetime:
    """When what was binned then may be destroyed."""
    return supprime_le + datetime.timedelta(days=JOURS_EN_CORBEILLE)


def empechement_restaurer_action(action: Action) -> str | None:
    if action.parent is not None and action.parent.supprime_le:
        return f"Restaurez d'abord l'action «\u00a0{action.parent}\u00a0», dont celle-ci fait partie."
    return None


def empechement_restaurer_indicateur(indicateur: IndicateurSuivi) -> str | None:
    if indicateur.action.supprime_le:
        return f"Restaurez d'abord l'action «\u00a0{indicateur.action}\u00a0», que cet indicateur suit."
    if indicateur.action.indicateurs.filter(supprime_le__isnull=True).count() >= INDICATEURS_MAX:
        return "L'action a déjà trois indicateurs\u00a0: retirez-en un avant de restaurer celui-ci."
    return None


def empechement_restaurer_experimentation(experimentation: Experimentation) -> str | None:
    if experimentation.action.supprime_le:
        return f"Restaurez d'abord l'action «\u00a0{experimentation.action}\u00a0», qui fait cet essai."
    return None
