"""The map of a territory's schools, address by address."""

from tests.parcours.lignes import Ligne

LIGNES_CARTE: list[Ligne] = []
