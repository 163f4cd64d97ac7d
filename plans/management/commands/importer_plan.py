"""`manage.py importer_plan --uai UAI FICHIER`: a plan in a workbook, ours come back or one made elsewhere."""

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from plans.domain.import_du_plan import importer_plan
from plans.interfaces.importation import Repetition
from plans.interfaces.lecture_du_fichier import correspondance_devinee, lire_fichier
from strategie.socle.domain.comptes import droits_sur
from strategie.socle.droits import Droit
from strategie.socle.interfaces.imports import Bilan, CommandeImport, FichierRefuse
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import chefs, compte_de


class Command(CommandeImport):
    help = "Importe le plan d'action d'un établissement : un classeur exporté de Paliers, ou un plan fait ailleurs."
    aide_du_fichier = "classeur .xlsx ou .ods, ou tableau .csv"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--uai", required=True, help="établissement dont c'est le plan")
        parser.add_argument("--compte", default="", help="adresse de qui importe ; sinon, le chef d'établissement")

    def importer(self, fichier: Path, *, simulation: bool, uai: str, compte: str, **options: Any) -> Bilan:
        etablissement = Etablissement.objects.select_related("academie").filter(uai=uai.upper()).first()
        if etablissement is None:
            raise FichierRefuse(f"Aucun établissement n'a l'UAI « {uai} ».")
        maintenant = timezone.now()
        jour = maintenant.astimezone(etablissement.academie.zone).date()
        contenu = _lire(fichier)
        lecture = lire_fichier(contenu, etablissement, jour, correspondance_devinee(contenu, fichier.name, jour))
        resultat = importer_plan(
            etablissement=etablissement,
            demande=lecture.demande,
            auteur=_auteur(etablissement, compte, jour),
            maintenant=maintenant,
            simulation=simulation or bool(lecture.refuses),
        )
        return Repetition.de(lecture, resultat).bilan()


def _lire(fichier: Path) -> bytes:
    try:
        return fichier.read_bytes()
    except OSError as erreur:
        raise FichierRefuse(f"Le fichier « {fichier} » ne peut pas être lu : {erreur.strerror}.") from None


def _auteur(etablissement: Etablissement, compte: str, jour: datetime.date) -> Utilisateur:
    """Every act of a plan has an author."""
    if compte:
        auteur = compte_de(compte)
        if auteur is None or Droit.MODIFIER_PLAN not in droits_sur(etablissement, auteur):
            raise FichierRefuse(f"« {compte} » n'est pas l'adresse de qui écrit le plan de cet établissement.")
        return auteur
    en_charge = chefs(etablissement, jour).first()
    if en_charge is None:
        raise FichierRefuse("Cet établissement n'a pas de chef : dites qui importe, avec --compte.")
    return en_charge.utilisateur
