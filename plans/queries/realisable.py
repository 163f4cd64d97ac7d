"""What floors above know of an action that the plan does not: the hours of trainers it takes, its money.

Each registers, when the application starts, what it reads; the plan asks without knowing whom.
"""

from __future__ import annotations

from collections.abc import Callable

from plans.models import Action

Regard = Callable[[Action], str | None]
# Sentences that keep « réalisable » from being answered yes, and those that are only worth knowing.
OBSTACLES: list[Regard] = []
NOTES: list[Regard] = []


def obstacles_au_realisable(action: Action) -> list[str]:
    return [phrase for regard in OBSTACLES if (phrase := regard(action))]


def notes_sur_le_realisable(action: Action) -> list[str]:
    return [phrase for regard in NOTES if (phrase := regard(action))]
