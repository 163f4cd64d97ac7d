"""The dashboards of territories, and their exports, address by address."""

from tests.parcours.lignes import Ligne

LIGNES_TABLEAUX: list[Ligne] = []
