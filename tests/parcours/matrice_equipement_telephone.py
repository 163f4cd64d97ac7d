"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_EQUIPEMENT_TELEPHONE: list[Ligne] = []
