"""The board's file of a school, in one PDF."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from strategie.pilotage.domain.dossiers import faire_dossier
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.queries.contenu_du_dossier import choix_de, sections_choisies
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement


class Command(BaseCommand):
    help = "Fait le dossier du conseil d'un établissement, et en écrit le PDF dans un fichier."

    def add_arguments(self, parser):
        parser.add_argument("--uai", required=True, help="établissement, par son UAI")
        parser.add_argument("--sortie", required=True, type=Path, help="fichier PDF à écrire")
        parser.add_argument("--exercice", type=int, help="exercice budgétaire (celui en cours)")

    def handle(self, *, uai, sortie, exercice, **options):
        etablissement = Etablissement.objects.select_related("academie").filter(uai=uai.upper()).first()
        if etablissement is None:
            raise CommandError(f"Aucun établissement n'a l'UAI {uai}.")
        maintenant = timezone.now()
        jour = maintenant.astimezone(etablissement.academie.zone).date()
        try:
            dossier = faire_dossier(
                etablissement=etablissement,
                sections=sections_choisies(choix_de(etablissement)),
                annee=annee_scolaire(jour),
                exercice=exercice if exercice is not None else jour.year,
                auteur=None,
                maintenant=maintenant,
                rendre_pdf=imprimer_dossier,
            )
            sortie.write_bytes(dossier.pdf)
        except Empeche as refus:
            raise CommandError(str(refus)) from refus
        except OSError as erreur:
            raise CommandError(f"Le fichier {sortie} ne s'écrit pas : {erreur.strerror}.") from erreur
        self.stdout.write(f"Dossier n° {dossier.numero}, {dossier.pages} pages : {sortie}")
