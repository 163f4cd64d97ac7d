"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_ECHANGES_BUDGET: list[Ligne] = []
