"""`manage.py generer_volume --echelle nation`: fictional schools by the thousand, to try Paliers at its real size."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from strategie.pilotage.domain.demonstration import MOT_DE_PASSE
from strategie.pilotage.domain.volume import ECHELLES, generer_volume
from strategie.socle.domain.empechement import Empeche


class Command(BaseCommand):
    help = "Remplit la base d'établissements fictifs, avec leurs diagnostics, plans, formations, budgets et matériels."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--echelle", choices=list(ECHELLES), required=True, help="30, 6 000 ou 60 000 écoles")
        parser.add_argument("--graine", type=int, default=1, help="un même nombre donne le même volume (1)")
        parser.add_argument("--forcer", action="store_true", help="même dans une base qui a de vrais établissements")

    def handle(self, *, echelle: str, graine: int, forcer: bool, **options: Any) -> None:
        if settings.DEPLOIEMENT:
            raise CommandError("Pas de volume d'essai sur un site ouvert au public (PALIERS_ADRESSE est définie).")
        debut = time.monotonic()
        try:
            comptes = generer_volume(
                echelle=echelle,
                graine=graine,
                maintenant=timezone.now(),
                mot_de_passe=MOT_DE_PASSE,
                forcer=forcer,
                dire=lambda etape: self.stdout.write(f"{time.monotonic() - debut:6.0f} s  {etape}…"),
            )
        except Empeche as refus:
            raise CommandError(str(refus)) from None
        self.stdout.write(f"Fait en {time.monotonic() - debut:.0f} s. Mot de passe des comptes : {MOT_DE_PASSE}")
        for compte in comptes:
            self.stdout.write(f"  {compte.email:<36} {compte.role.label}, {compte.lieu}")
