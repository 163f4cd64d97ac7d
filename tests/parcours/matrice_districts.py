"""Districts made, drawn and entrusted by the rectorat, address by address."""

from tests.parcours.lignes import Ligne

LIGNES_DISTRICTS: list[Ligne] = []
