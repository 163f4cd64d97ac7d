"""`manage.py importer_equipements --uai UAI FICHIER`: an inventory of ours, Snipe-IT's, GLPI's, or anyone's."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from budget.domain.equipements import Tenant
from budget.domain.import_equipements import importer_equipements
from budget.interfaces.correspondance_d_inventaire import correspondance_du_fichier
from budget.interfaces.dates_de_tableau import JOUR_D_ABORD, MOIS_D_ABORD
from budget.interfaces.import_d_inventaire import Repetition
from budget.interfaces.lecture_d_inventaire import LectureInventaire, deviner
from budget.interfaces.sources_d_inventaire import ouvrir_source, rassembler
from budget.management.imports import CommandeImportDEcole
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.interfaces.imports import Bilan, FichierRefuse


class Command(CommandeImportDEcole):
    help = (
        "Importe l'inventaire d'un établissement : le modèle de Paliers, un export de Snipe-IT ou de GLPI, les"
        " inventaires de l'agent de GLPI (JSON), ou un tableau fait ailleurs."
    )
    aide_du_fichier = (
        "tableau .csv, classeur .xlsx ou .ods, fichier .json, ou archive .zip ou dossier de fichiers .json"
    )

    droit, de_quoi = Droit.TENIR_INVENTAIRE, "l'inventaire"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--dates",
            choices=[JOUR_D_ABORD, MOIS_D_ABORD],
            default="",
            help="ordre des dates que rien ne prouve : jma (jour, mois, année) ou mja (mois, jour, année)",
        )

    def importer(self, fichier: Path, *, simulation: bool, uai: str, compte: str, dates: str, **options: Any) -> Bilan:
        etablissement, maintenant = self.etablissement(uai), timezone.now()
        jour = maintenant.astimezone(etablissement.academie.zone).date()
        source = ouvrir_source(_dossier(fichier) if fichier.is_dir() else fichier)
        correspondance = correspondance_du_fichier(source, etablissement) or deviner(source)
        lecture = LectureInventaire(source, correspondance.avec_dates(dates), jour)
        try:
            resultat = importer_equipements(
                etablissement=etablissement,
                lecture=lecture,
                tenant=Tenant(self.auteur(etablissement, compte, jour)),
                maintenant=maintenant,
                simulation=simulation,
            )
        except Empeche as empeche:
            raise FichierRefuse(str(empeche)) from None
        return Repetition.de(lecture, resultat).bilan()


def _dossier(dossier: Path) -> bytes:
    """The JSON files of a folder, in the order of their names."""
    fichiers = sorted(dossier.glob("*.json"))
    if not fichiers:
        raise FichierRefuse(f"Le dossier « {dossier} » n'a aucun fichier .json.")
    return rassembler([(fichier.name, fichier.read_bytes()) for fichier in fichiers])
