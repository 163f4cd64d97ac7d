"""Keep this month's value of the indicators that the system reads: what the worker does, when it was stopped."""

import pghistory
from django.core.management.base import BaseCommand
from django.utils import timezone

from plans.domain.releves import relever_les_mesures
from plans.interfaces.taches import programmer_les_releves


class Command(BaseCommand):
    help = "Garde la valeur du mois des indicateurs que Paliers lit (sans effet si elle est déjà gardée)."

    def handle(self, **options):
        with pghistory.context(source="commande"):
            ecrits = relever_les_mesures(maintenant=timezone.now())
        programmer_les_releves()
        self.stdout.write(f"{ecrits} relevé{'s' if ecrits > 1 else ''} gardé{'s' if ecrits > 1 else ''}.")
