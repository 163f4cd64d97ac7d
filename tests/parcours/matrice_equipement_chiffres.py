"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_EQUIPEMENT_CHIFFRES: list[Ligne] = []
