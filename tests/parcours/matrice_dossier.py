"""Lines of the matrix."""

from tests.parcours.lignes import Ligne

LIGNES_DOSSIER: list[Ligne] = []
