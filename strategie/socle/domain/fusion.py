"""Two people change one thing at once: what they changed apart is merged, what they changed alike is shown to the
last of them. Pure Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Conflit:
    """A field that both have changed: what it was, what I typed, what is kept now."""

    base: Any
    mien: Any
    actuel: Any


@dataclass(frozen=True)
class Fusion:
    """`valeurs`: every field, mine where I changed it and nobody else did, else the one kept now. With a conflict,
    nothing is to be written.
    """

    valeurs: Mapping[str, Any]
    conflits: Mapping[str, Conflit]

    @property
    def possible(self) -> bool:
        return not self.conflits


def fusionner(base: Mapping[str, Any], mien: Mapping[str, Any], actuel: Mapping[str, Any]) -> Fusion:
    """The three have the same fields: what my form showed me, what I send back, what is kept now."""
    valeurs: dict[str, Any] = {}
    conflits: dict[str, Conflit] = {}
    for champ, tenu in actuel.items():
        if mien[champ] in (base[champ], tenu):  # I left it as it was, or we agree
            valeurs[champ] = tenu
        elif tenu == base[champ]:
            valeurs[champ] = mien[champ]
        else:
            valeurs[champ] = tenu
            conflits[champ] = Conflit(base[champ], mien[champ], tenu)
    return Fusion(valeurs, conflits)
