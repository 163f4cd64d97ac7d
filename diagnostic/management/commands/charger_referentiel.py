"""Publish a version of the référentiel from its file."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diagnostic.domain.referentiel import charger_referentiel
from strategie.socle.domain.empechement import Empeche

FICHIER = Path(__file__).resolve().parents[2] / "donnees" / "referentiel-paliers-v1.json"


class Command(BaseCommand):
    help = "Publie une version du référentiel (sans effet si elle est déjà publiée)."

    def add_arguments(self, parser):
        parser.add_argument("fichier", nargs="?", type=Path, default=FICHIER)

    def handle(self, *, fichier, **options):
        try:
            donnees = json.loads(fichier.read_text(encoding="utf-8"))
            referentiel, cree = charger_referentiel(donnees=donnees, maintenant=timezone.now())
        except (OSError, ValueError, KeyError, TypeError) as erreur:
            raise CommandError(f"Ce fichier de référentiel ne se lit pas : {erreur}") from erreur
        except Empeche as refus:
            raise CommandError(str(refus)) from refus
        etat = "publié" if cree else "déjà publié"
        self.stdout.write(f"{referentiel} : {etat}.")
