"""Reminders and follow-up, address by address."""

from tests.parcours.lignes import Ligne

LIGNES_RAPPELS: list[Ligne] = []
