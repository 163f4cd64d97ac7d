"""`manage.py importer_budget --uai UAI FICHIER`: lines of a budget from Op@le, Paliers, or anyone's table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from budget.domain.import_lignes import importer_lignes
from budget.interfaces.import_de_budget import RepetitionDuBudget, correspondance_du_budget
from budget.interfaces.lecture_de_budget import LectureBudget, deviner, ouvrir_budget
from budget.management.imports import CommandeImportDEcole
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.interfaces.imports import Bilan, FichierRefuse


class Command(CommandeImportDEcole):
    help = "Importe des lignes de budget : un export d'Op@le ou de Paliers, ou un tableau fait ailleurs."
    aide_du_fichier = "tableau .csv, classeur .xlsx ou .ods"
    droit, de_quoi = Droit.TENIR_BUDGET, "le budget"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--exercice", type=int, help="année civile des lignes qui ne la disent pas")

    def importer(
        self, fichier: Path, *, simulation: bool, uai: str, compte: str, exercice: int | None, **options: Any
    ) -> Bilan:
        etablissement, maintenant = self.etablissement(uai), timezone.now()
        source = ouvrir_budget(fichier)
        correspondance = correspondance_du_budget(source, etablissement, exercice) or deviner(source).pour(exercice)
        lecture = LectureBudget(source, correspondance)
        jour = maintenant.astimezone(etablissement.academie.zone).date()
        try:
            resultat = importer_lignes(
                etablissement=etablissement,
                lecture=lecture,
                auteur=self.auteur(etablissement, compte, jour),
                maintenant=maintenant,
                simulation=simulation,
            )
        except Empeche as empeche:
            raise FichierRefuse(str(empeche)) from None
        return RepetitionDuBudget.du_budget(lecture, resultat).bilan()
