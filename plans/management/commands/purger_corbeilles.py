"""Destroy what has been in the schools' bins for thirty days: what the worker does by itself, when it was stopped."""

import pghistory
from django.core.management.base import BaseCommand
from django.utils import timezone

from plans.domain.corbeille import purger_corbeilles


class Command(BaseCommand):
    help = "Détruit ce qui est à la corbeille depuis trente jours (sans effet s'il n'y a rien)."

    def handle(self, **options):
        detruits = gardes = 0
        with pghistory.context(source="commande"):
            for etablissement, purge in purger_corbeilles(maintenant=timezone.now()):
                detruits += purge.detruits
                gardes += len(purge.gardes)
                for garde in purge.gardes:
                    self.stderr.write(f"Établissement {etablissement} : gardé, {garde}")
        comptes = {"détruit": detruits, "gardé": gardes}
        self.stdout.write(
            ", ".join(f"{nombre} {fait}{'s' if nombre > 1 else ''}" for fait, nombre in comptes.items()) + "."
        )
