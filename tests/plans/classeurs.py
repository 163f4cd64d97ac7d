"""A plan's workbook out, changed as a person would with a spreadsheet, and back."""

import datetime
import io
from typing import Any

import openpyxl
from django.utils import timezone

from plans.domain.import_du_plan import importer_plan
from plans.interfaces.classeur_du_plan import ENTETE, ecrire_plan
from plans.interfaces.importation import Repetition
from plans.interfaces.lecture_du_fichier import lire_fichier
from plans.interfaces.tableau_en_mots import tableau_en_mots
from plans.queries.echanges import lire_plan_tenu
from plans.queries.matrice import lignes_de_la_matrice
from plans.queries.plan import lire_plan
from strategie.socle.models import Etablissement, Utilisateur
from tests.plans.plans import cette_annee, chef_de


def exporter(etablissement: Etablissement, annee: str | None = None) -> bytes:
    """Of one school year, or of all."""
    jour = timezone.localdate()
    du_tableau = annee or cette_annee(etablissement)
    return ecrire_plan(
        etablissement,
        annee,
        lire_plan_tenu(etablissement, jour),
        tableau_en_mots(lire_plan(etablissement, du_tableau, jour, brouillons=True), jour),
        lignes_de_la_matrice(etablissement, du_tableau),
        du_tableau,
    )


def importer(
    contenu: bytes, etablissement: Etablissement, auteur: Utilisateur | None = None, *, simulation: bool = False
) -> Repetition:
    lecture = lire_fichier(contenu, etablissement, timezone.localdate(), None)
    resultat = importer_plan(
        etablissement=etablissement,
        demande=lecture.demande,
        auteur=auteur or chef_de(etablissement),
        maintenant=timezone.now(),
        simulation=simulation or bool(lecture.refuses),
    )
    return Repetition.de(lecture, resultat)


class Classeur:
    """An exported workbook in the hands of somebody: rows and columns are called by their names."""

    def __init__(self, contenu: bytes) -> None:
        self.classeur = openpyxl.load_workbook(io.BytesIO(contenu))

    def feuille(self, nom: str) -> Any:
        return self.classeur[nom]

    def colonne(self, feuille: str, libelle: str) -> int:
        entetes = [cellule.value for cellule in self.feuille(feuille)[ENTETE + 1]]
        return entetes.index(libelle) + 1

    def ligne(self, feuille: str, identifiant: str) -> int:
        premieres = enumerate(self.feuille(feuille).iter_rows(max_col=1, values_only=True), start=1)
        return next(rang for rang, (valeur,) in premieres if valeur == identifiant)

    def lire(self, feuille: str, identifiant: str, libelle: str) -> Any:
        return self.feuille(feuille).cell(self.ligne(feuille, identifiant), self.colonne(feuille, libelle)).value

    def ecrire(self, feuille: str, identifiant: str, **cases: Any) -> "Classeur":
        """`Année_de_début` is « Année de début »."""
        rang = self.ligne(feuille, identifiant)
        for libelle, valeur in cases.items():
            self._poser(feuille, rang, libelle.replace("_", " "), valeur)
        return self

    def ajouter(self, feuille: str, **cases: Any) -> int:
        rang = self.feuille(feuille).max_row + 1
        for libelle, valeur in cases.items():
            self._poser(feuille, rang, libelle.replace("_", " "), valeur)
        return rang

    def _poser(self, feuille: str, rang: int, libelle: str, valeur: Any) -> None:
        cellule = self.feuille(feuille).cell(rang, self.colonne(feuille, libelle))
        cellule.value = valeur
        if isinstance(valeur, str):
            cellule.data_type = "s"  # typed in a cell of text, « =… » is no formula
        if isinstance(valeur, datetime.date):
            cellule.number_format = "dd/mm/yyyy"

    def octets(self) -> bytes:
        self.classeur.save(sortie := io.BytesIO())
        return sortie.getvalue()


def faits(repetition: Repetition) -> dict[str, Any]:
    """What a test compares: what is new, what changes, what is refused."""
    return {
        "nouvelles": [(une.sorte, une.titre) for une in repetition.nouvelles],
        "changees": [(case.objet, case.colonne, case.avant, case.apres) for case in repetition.changees],
        "refuses": [(refus.feuille, refus.ligne, refus.colonne, refus.raison) for refus in repetition.refuses],
    }


RIEN: dict[str, Any] = {"nouvelles": [], "changees": [], "refuses": []}
