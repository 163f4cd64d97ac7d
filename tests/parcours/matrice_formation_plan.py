"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_FORMATION_PLAN: list[Ligne] = []
