"""What an académie calls a training made for one school, and the smallest group it is made for."""

from __future__ import annotations

from budget.models import ReglagesFormation
from strategie.socle.models import Academie


def reglages_de(academie: Academie) -> ReglagesFormation:
    """Those that it has set, else the usual ones, which are not kept."""
    return ReglagesFormation.objects.filter(academie=academie).first() or ReglagesFormation(academie=academie)
