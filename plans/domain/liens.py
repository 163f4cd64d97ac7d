"""Merging what two people type of one object, when a part of it is a set of ticked links. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from strategie.socle.domain.fusion import Conflit, fusionner

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True)
class Fusion[Saisie]:
    """What is to be kept, unless there are conflicts."""

    valeurs: Saisie
    conflits: Mapping[str, Conflit]


def fusionner_avec_choix[Saisie: DataclassInstance](
    base: Saisie, mienne: Saisie, actuelle: Saisie, *, choix: str
) -> Fusion[Saisie]:
    """Field by field; the keys of the field `choix` are merged one by one, and never conflict: a key is there or not,
    and two people who both changed it agree.
    """
    fusion = fusionner(*(_a_plat(saisie, choix) for saisie in (base, mienne, actuelle)))
    lues, mises, tenues = (getattr(saisie, choix) for saisie in (base, mienne, actuelle))
    gardees = (tenues | (mises - lues)) - (lues - mises)
    return Fusion(replace(actuelle, **fusion.valeurs, **{choix: gardees}), fusion.conflits)


def _a_plat(saisie: DataclassInstance, choix: str) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in asdict(saisie).items() if nom != choix}
