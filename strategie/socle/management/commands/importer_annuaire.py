"""`manage.py importer_annuaire FICHIER`: the State's register of schools, or the merged national list."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from strategie.socle.domain.annuaire import Comptes, ImportEnCours, importer_annuaire
from strategie.socle.interfaces.annuaire import LectureAnnuaire
from strategie.socle.interfaces.imports import Bilan, CommandeImport, FichierRefuse, ouvrir


class Command(CommandeImport):
    help = "Importe l'annuaire de l'éducation : crée et met à jour académies, départements et établissements."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--complet",
            action="store_true",
            help="fermer les établissements des départements du fichier qui n'y sont plus",
        )

    def importer(self, fichier: Path, *, simulation: bool, complet: bool, **options: Any) -> Bilan:
        with ouvrir(fichier) as texte:
            lecture = LectureAnnuaire(texte)
            try:
                comptes = importer_annuaire(lecture, jour=timezone.localdate(), complet=complet, simulation=simulation)
            except ImportEnCours as en_cours:
                raise FichierRefuse(str(en_cours)) from None
        return Bilan(
            lus=lecture.table.lus,
            crees=comptes.crees,
            modifies=comptes.modifies,
            inchanges=comptes.inchanges,
            fermes=comptes.fermes,
            refuses=lecture.table.refuses,
            remarques=remarques(comptes, sans_fermeture=complet and not lecture.entiere),
        )


def remarques(comptes: Comptes, *, sans_fermeture: bool) -> list[str]:
    """What the counts alone do not tell."""
    dites = []
    if comptes.doubles:
        dites.append(
            f"Lignes en double pour un même UAI (site principal et annexe), comptées inchangées : {comptes.doubles}."
        )
    if comptes.anciennes:
        dites.append(f"Lignes plus anciennes que ce qui est déjà connu, comptées inchangées : {comptes.anciennes}.")
    if sans_fermeture:
        dites.append("Aucune fermeture : des lignes coupées ou sans UAI lisible empêchent de savoir qui manque.")
    return dites
