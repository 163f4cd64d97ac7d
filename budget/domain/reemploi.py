"""Reuse first: what is to be bought once what is there has been counted. Pure Python."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BesoinNet:
    """`ici`: reusable in the school and free; `promis`: what another school has promised."""

    besoin: int
    ici: int
    promis: int = 0

    @property
    def net(self) -> int:
        """Never under zero: what is there beyond the need buys nothing back."""
        return max(0, self.besoin - self.ici - self.promis)

    @property
    def en_trop(self) -> int:
        return max(0, self.ici + self.promis - self.besoin)
