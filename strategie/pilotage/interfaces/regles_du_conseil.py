"""The form of an académie's delays."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import QueryDict

from budget.interfaces.achats import entier
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import Phrase
from strategie.pilotage.domain.regles_du_conseil import SaisieRegles, regles_communes
from strategie.pilotage.interfaces.seances import ENTIER


def delai(label: str, **options: Any) -> Any:
    return entier(f"{label}, en jours", ENTIER, **options)


class ReglesForm(FormulaireAPlusieurs):
    """The button « revenir » sends the whole form, and the common rules in place of what it says."""

    convocation_jours = delai("Convocation avant la séance")
    urgence_jours = delai("Convocation en cas d'urgence")
    executoire_jours = delai("Acte exécutoire après sa transmission")
    executoire_budget_jours = delai("Acte budgétaire exécutoire après sa transmission")
    source = Phrase(
        label="Source de ces délais",
        required=False,  # the rule says what lacks
        help_text="Elle est dite à l'établissement, avec chaque avertissement.",
    )

    def __init__(self, donnees: QueryDict | None, *, tenues: SaisieRegles) -> None:
        super().__init__(donnees, tenu=asdict(tenues), nouveau=False)

    def saisie(self) -> SaisieRegles:
        return regles_communes() if "revenir" in self.data else SaisieRegles(**self.cleaned_data)

    def base(self) -> SaisieRegles:
        return SaisieRegles(**self.lu())
