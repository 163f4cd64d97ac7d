"""Charts of the equipment: one bar a line, whole or partly hatched, its figure at its end. Whole units, no float.

Narrow on purpose: two stand side by side on a desk, one under the other on a phone and on paper, never scaled down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from strategie.socle.interfaces.charts import hachures

LARGEUR, GAUCHE, BARRE = 340, 92, 150
LIGNE, EPAISSEUR = 26, 16


@dataclass(frozen=True)
class Valeur:
    """What a bar shows; `dont`: the part that is hatched."""

    libelle: str
    total: int
    mots: str
    dont: int = 0


@dataclass(frozen=True)
class Barre:
    libelle: str
    mots: str
    y: int
    pleine: int
    hachuree: int

    @property
    def x_hachures(self) -> int:
        return GAUCHE + self.pleine

    @property
    def x_mots(self) -> int:
        return GAUCHE + self.pleine + self.hachuree + 6

    @property
    def y_mots(self) -> int:
        return self.y + EPAISSEUR - 3

    @property
    def hachures(self) -> str:
        return hachures(self.x_hachures, self.y, self.hachuree, EPAISSEUR)


@dataclass(frozen=True)
class Barres:
    titre: str
    barres: tuple[Barre, ...]
    hauteur: int
    largeur: int = LARGEUR
    gauche: int = GAUCHE
    epaisseur: int = EPAISSEUR

    @property
    def description(self) -> str:
        return "\u00a0; ".join(f"{barre.libelle}, {barre.mots}" for barre in self.barres)


def barres(titre: str, valeurs: Iterable[Valeur], maximum: int) -> Barres:
    """`maximum`: what the longest bar stands for in the drawings to compare. Something never looks like nothing."""
    placees = []
    for rang, valeur in enumerate(valeurs):
        hachuree, total = _largeur(valeur.dont, maximum), _largeur(valeur.total, maximum)
        pleine = max(total - hachuree, 2 if valeur.total > valeur.dont else 0)
        placees.append(Barre(valeur.libelle, valeur.mots, 4 + rang * LIGNE, pleine, hachuree))
    return Barres(titre, tuple(placees), LIGNE * len(placees))


def _largeur(nombre: int, maximum: int) -> int:
    return max(2, BARRE * nombre // maximum) if nombre else 0
