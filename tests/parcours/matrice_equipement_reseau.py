"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_EQUIPEMENT_RESEAU: list[Ligne] = []
