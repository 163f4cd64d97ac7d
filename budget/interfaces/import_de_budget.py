"""What the pages of an import of the budget take and show: a file, its columns, what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from budget.domain.argent import euros
from budget.domain.import_lignes import LigneNouvelle, ResultatDuBudget
from budget.interfaces.colonnes_du_budget import COLONNES
from budget.interfaces.correspondance_d_inventaire import ColonnesForm
from budget.interfaces.fichiers_de_budget import CIBLES
from budget.interfaces.import_d_inventaire import Repetition
from budget.interfaces.lecture_de_budget import (
    COMBIEN,
    QUOI,
    CorrespondanceDuBudget,
    LectureBudget,
    deviner,
    empreinte_du_budget,
    reconnaitre,
)
from budget.interfaces.lignes import AnneeDExercice
from budget.interfaces.sources_d_inventaire import AU_DELA, Source
from budget.queries.correspondances import correspondance_retenue
from plans.interfaces.importation import EnvoiForm as EnvoiDUnFichier
from plans.interfaces.importation import compte
from strategie.socle.models import Etablissement

ENTETES = {colonne.code: colonne.entete for colonne in COLONNES}
CHOIX: Mapping[str, Mapping[str, str]] = {colonne.code: colonne.choix for colonne in COLONNES}
MONTANTS = ("prevu", "engage", "paye")
NOMS_MONTRES = 20


class EnvoiForm(EnvoiDUnFichier):
    """A table, and the exercice of its lines when it does not say it."""

    exercice = AnneeDExercice(
        required=False, help_text="Seulement si le fichier ne le dit pas\u00a0: l'année civile de toutes ses lignes."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fichier = self.fields["fichier"]
        fichier.label = "Fichier à importer"
        fichier.help_text = f"Formats .csv, .xlsx ou .ods, 10 Mo au plus. {AU_DELA}"


class CorrespondanceDuBudgetForm(ColonnesForm):
    cibles = CIBLES
    necessaires = (
        (QUOI, "Dites quelle colonne dit ce qui est payé\u00a0: l'intitulé, à défaut l'activité ou le compte."),
        (COMBIEN, "Dites quelle colonne dit combien\u00a0: prévu, engagé ou payé."),
    )

    exercice = AnneeDExercice(required=False, help_text="Celui des lignes qui ne le disent pas.")

    def __init__(
        self, source: Source, actuelle: CorrespondanceDuBudget | None, donnees: Any = None, exercice: str = ""
    ) -> None:
        self.depart = actuelle or deviner(source)
        super().__init__(source, self.depart.cibles, donnees, initial={"exercice": self.depart.exercice or exercice})

    def correspondance(self) -> CorrespondanceDuBudget:
        return CorrespondanceDuBudget(self.depart.modele, self.choisies(), self.cleaned_data["exercice"])


def correspondance_du_budget(
    source: Source, etablissement: Etablissement, exercice: int | None
) -> CorrespondanceDuBudget | None:
    """What the school has chosen for these headings, else what they say by themselves."""
    retenue = correspondance_retenue(etablissement, empreinte_du_budget(source.entetes))
    trouvee = CorrespondanceDuBudget.from_json(retenue) if retenue else reconnaitre(source)
    return trouvee and trouvee.pour(exercice)


class RepetitionDuBudget(Repetition):
    """What an import of the budget would do, or did."""

    @classmethod
    def du_budget(cls, lecture: LectureBudget, resultat: ResultatDuBudget) -> RepetitionDuBudget:
        return cls(
            modele=lecture.modele,
            lus=lecture.lus,
            crees=resultat.crees,
            modifies=resultat.modifies,
            inchanges=resultat.inchanges,
            cases=resultat.cases,
            creees=resultat.creees,
            changees=resultat.changees,
            refuses=lecture.dire(resultat.refuses),
            remarques=[*_a_savoir(resultat), *lecture.remarques],
            empreinte=resultat.empreinte,
        )

    @classmethod
    def from_json(cls, objet: Mapping[str, Any]) -> RepetitionDuBudget:
        lue = super().from_json({**objet, "creees": []})
        return replace(lue, creees=[LigneNouvelle(**une) for une in objet["creees"]])

    @property
    def creees_montrees(self) -> list[dict[str, Any]]:
        return [vars(une) | {"prevu": Decimal(une.prevu)} for une in self.creees]

    @property
    def changees_montrees(self) -> list[dict[str, Any]]:
        return [
            vars(une)
            | {
                "colonne": ENTETES[une.champ],
                "avant": _dite(une.champ, une.avant),
                "apres": _dite(une.champ, une.apres),
            }
            for une in self.changees
        ]


def _dite(champ: str, valeur: str) -> str:
    """A value of the database as a person reads it."""
    return euros(Decimal(valeur)) if champ in MONTANTS else CHOIX[champ].get(valeur, valeur)


def _a_savoir(resultat: ResultatDuBudget) -> list[str]:
    dites = []
    if resultat.remplacees:
        lignes = compte(resultat.remplacees, "ligne plus ancienne laissée,lignes plus anciennes laissées")
        dites.append(f"Plusieurs votes : le dernier l'emporte, sans rien additionner ({lignes} de côté).")
    if resultat.corrigees:
        noms = ", ".join(f"« {nom} »" for nom in resultat.corrigees[:NOMS_MONTRES])
        dites.append(f"Une décision modificative adoptée avait changé {noms} : le fichier remplace ce qu'elle a prévu.")
    if resultat.devines:
        lignes = compte(resultat.devines, "nouvelle ligne,nouvelles lignes")
        dites.append(f"Moyen que le fichier ne dit pas, deviné de l'intitulé : {lignes}, à vérifier à l'écran.")
    return dites
