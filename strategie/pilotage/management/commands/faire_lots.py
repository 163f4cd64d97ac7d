"""Files asked for in number, made here and now: for when the background worker is stopped."""

import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from strategie.pilotage.domain.lots import avancer_lot
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.queries.lots import lots_inacheves, restants_du_lot

TRANCHE = datetime.timedelta(seconds=30)


class Command(BaseCommand):
    help = "Fait les dossiers qui manquent à chaque lot inachevé, puis s'arrête."

    def handle(self, **options):
        lots = list(lots_inacheves().select_related("academie"))
        for lot in lots:
            self.stdout.write(f"Lot du {timezone.localtime(lot.demande_le):%d/%m/%Y à %H:%M}, {lot.academie}")
            while avancer_lot(lot=lot.pk, pendant=TRANCHE, horloge=timezone.now, rendre_pdf=imprimer_dossier):
                self.stdout.write(f"  reste {restants_du_lot(lot.pk)}")
        if not lots:
            self.stdout.write("Aucun lot n'est inachevé.")
