"""`manage.py verifier_coherence`: what dashboards say, against everything counted again from the facts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from strategie.pilotage.domain.coherence import Verification, verifier_les_syntheses
from strategie.pilotage.domain.syntheses import recompter_tout, tout_replier


class Command(BaseCommand):
    help = "Recompte tous les chiffres des tableaux de bord et dit ceux qui diffèrent (code de sortie 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reparer", action="store_true", help="écrire ce qui a été recompté")

    def handle(self, *, reparer: bool, **options: Any) -> None:
        tout_replier(maintenant=timezone.now())
        vu = verifier_les_syntheses()
        self.dire(vu)
        if not vu.differences:
            self.stdout.write("Aucune différence.")
        elif reparer:
            recompter_tout(maintenant=timezone.now())
            self.stdout.write(f"Chiffres réparés : {vu.differences}.")
        else:
            raise CommandError(f"Chiffres qui diffèrent : {vu.differences}. Pour les réparer : --reparer.")

    def dire(self, vu: Verification) -> None:
        self.stdout.write(f"Établissements comptés : {vu.etablissements} ; territoires : {vu.territoires}.")
        if vu.en_attente:
            self.stdout.write(f"Établissements dont des faits viennent de changer, comptés ensuite : {vu.en_attente}.")
        for difference in vu.premieres:
            self.stdout.write(f"  {difference}")
        if vu.differences > len(vu.premieres):
            self.stdout.write(f"  … et {vu.differences - len(vu.premieres)} autres.")
