"""Whether a lot serves, and when a decision is due. Pure Python.

A term says one of four things of a lot, the first that is true: it has not served; it has served less often than
planned (each rank of the frequencies is four or five times rarer than the one above: one rank below is enough); it has
served, but not for what was planned; it serves as planned. A term nobody spoke of says nothing.

Two terms that follow each other, both declared and both in failure, are a failure that lasts: a decision is due. A
term without a declaration is no failure, and the two around it do not follow each other. What was decided is given its
time: the failures before it are not counted again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# From the rarest, as `Lot.Frequence` has them.
FREQUENCES = ("jamais", "rare", "mensuelle", "hebdomadaire", "quotidienne")


class EtatUsage(StrEnum):
    NON_DECLARE = "non_declare"
    NON_UTILISE = "non_utilise"
    SOUS_EXPLOITE = "sous_exploite"
    MARGINAL = "marginal"
    CONFORME = "conforme"


ECHECS = (EtatUsage.NON_UTILISE, EtatUsage.SOUS_EXPLOITE, EtatUsage.MARGINAL)


@dataclass(frozen=True, order=True)
class Terme:
    """A term of a school year, « 2026-2027 » and 1 to 3."""

    annee: str
    trimestre: int

    @property
    def precedent(self) -> Terme:
        if self.trimestre > 1:
            return Terme(self.annee, self.trimestre - 1)
        debut = int(self.annee[:4]) - 1
        return Terme(f"{debut}-{debut + 1}", 3)


def etat_d_usage(frequence: str | None, comme_prevu: bool, prevue: str) -> EtatUsage:
    """`frequence`: what is declared, None when nothing is; `prevue`: what was planned, empty when nobody said."""
    if frequence is None:
        return EtatUsage.NON_DECLARE
    if frequence == "jamais":
        return EtatUsage.NON_UTILISE
    if prevue and FREQUENCES.index(frequence) < FREQUENCES.index(prevue):
        return EtatUsage.SOUS_EXPLOITE
    return EtatUsage.CONFORME if comme_prevu else EtatUsage.MARGINAL


def decision_due(etats: Mapping[Terme, EtatUsage], terme: Terme, derniere: Terme | None) -> bool:
    """Whether the failure of `terme` is the second of two terms running; `derniere`: the one in which the last
    decision was taken.
    """
    precedent = terme.precedent
    if derniere is not None and precedent <= derniere:
        return False
    return etats.get(terme) in ECHECS and etats.get(precedent) in ECHECS
