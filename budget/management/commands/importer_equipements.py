"""`manage.py importer_equipements --uai UAI FICHIER`: an inventory of ours, of Snipe-IT, of GLPI, or one made elsewhere."""

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
from strategie.socle.domain.comptes import droits_sur
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.interfaces.imports import Bilan, CommandeImport, FichierRefuse
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import chefs, compte_de


class Command(CommandeImport):
    help = (
        "Importe l'inventaire d'un établissement : le modèle de Paliers, un export de Snipe-IT ou de GLPI, les"
        " inventaires de l'agent de GLPI (JSON), ou un tableau fait ailleurs."
    )
    aide_du_fichier = (
        "tableau .csv, classeur .xlsx ou .ods, fichier .json, ou archive .zip ou dossier de fichiers .json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--uai", required=True, help="établissement dont c'est l'inventaire")
        parser.add_argument("--compte", default="", help="adresse de qui importe ; sinon, le chef d'établissement")
        parser.add_argument(
            "--dates",
            choices=[JOUR_D_ABORD, MOIS_D_ABORD],
            default="",
            help="ordre des dates que rien ne prouve : jma (jour, mois, année) ou mja (mois, jour, année)",
        )

    def importer(self, fichier: Path, *, simulation: bool, uai: str, compte: str, dates: str, **options: Any) -> Bilan:
        etablissement = Etablissement.objects.select_related("academie").filter(uai=uai.upper()).first()
        if etablissement is None:
            raise FichierRefuse(f"Aucun établissement n'a l'UAI « {uai} ».")
        maintenant = timezone.now()
        jour = maintenant.astimezone(etablissement.academie.zone).date()
        source = ouvrir_source(_dossier(fichier) if fichier.is_dir() else fichier)
        correspondance = correspondance_du_fichier(source, etablissement) or deviner(source)
        lecture = LectureInventaire(source, correspondance.avec_dates(dates), jour)
        try:
            resultat = importer_equipements(
                etablissement=etablissement,
                lecture=lecture,
                tenant=Tenant(_auteur(etablissement, compte, jour)),
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


def _auteur(etablissement: Etablissement, compte: str, jour: Any) -> Utilisateur:
    """Every act has an author."""
    if compte:
        auteur = compte_de(compte)
        if auteur is None or Droit.TENIR_INVENTAIRE not in droits_sur(etablissement, auteur):
            raise FichierRefuse(f"« {compte} » n'est pas l'adresse de qui tient l'inventaire de cet établissement.")
        return auteur
    en_charge = chefs(etablissement, jour).first()
    if en_charge is None:
        raise FichierRefuse("Cet établissement n'a pas de chef : dites qui importe, avec --compte.")
    return en_charge.utilisateur
