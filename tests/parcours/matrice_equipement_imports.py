"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_EQUIPEMENT_IMPORTS: list[Ligne] = []
