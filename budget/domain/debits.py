"""What measures of a line say together. Pure Python, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median


@dataclass(frozen=True)
class Resume:
    """`part`: the median in whole per cent of what was planned, None when nothing was."""

    nombre: int
    mediane: Decimal
    plus_bas: Decimal
    part: int | None


def resumer(debits: Sequence[Decimal], prevu: Decimal | None) -> Resume | None:
    """None without a measure. Of an even number of measures, the median is halfway between the two in the middle."""
    if not debits:
        return None
    mediane = median(debits)
    part = int((100 * mediane / prevu).quantize(Decimal(1), ROUND_HALF_UP)) if prevu else None
    return Resume(len(debits), mediane, min(debits), part)
