"""Install the demonstration."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from diagnostic.interfaces.pdf import rendre_pdf_diagnostic
from diagnostic.models import Referentiel
from strategie.pilotage.domain.demonstration import (
    ADMINISTRATEUR,
    COMPTES,
    ECOLES,
    MOT_DE_PASSE,
    installer_demonstration,
)
from strategie.pilotage.domain.syntheses import tout_replier
from strategie.pilotage.interfaces.dossier import imprimer_dossier


class Command(BaseCommand):
    help = "Installe les établissements de démonstration (sans effet s'ils sont déjà là) et dit leurs comptes."

    def handle(self, **options):
        if settings.DEPLOIEMENT:
            self.stdout.write("Pas de démonstration sur un site ouvert au public (PALIERS_ADRESSE est définie).")
            return
        referentiel = Referentiel.objects.filter(publie_le__isnull=False).order_by("-version").first()
        faite = installer_demonstration(
            referentiel=referentiel,
            maintenant=timezone.now(),
            rendre_pdf=rendre_pdf_diagnostic,
            rendre_dossier=imprimer_dossier,
        )
        tout_replier(maintenant=timezone.now())  # dashboards say it all from the first page opened
        etat = "Démonstration installée." if faite else "Démonstration déjà là."
        self.stdout.write(f"{etat} Mot de passe de tous ses comptes : {MOT_DE_PASSE}")
        ecoles = {ecole.chiffres: ecole.nom for ecole in ECOLES}
        for compte in (*COMPTES, ADMINISTRATEUR):
            lieu = ecoles.get(compte.territoire, compte.territoire)
            qui = ", ".join(filter(None, (f"{compte.prenom} {compte.nom}", compte.fonction, lieu)))
            self.stdout.write(f"  {compte.email:<34} {qui}")
