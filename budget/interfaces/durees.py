"""The form of planned lives: a number of years a category, blank for the proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.cycle import ANNEES_MAX
from budget.domain.durees import Durees
from budget.models import Categorie
from budget.queries.durees import LigneDuree
from budget.rules.durees import DUREE_ILLISIBLE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs


@dataclass(frozen=True)
class LigneDuFormulaire:
    tenue: LigneDuree
    champ: forms.BoundField


class DureesForm(FormulaireAPlusieurs):
    """The button « revenir au repère » of a line sends the whole form, that line blank."""

    def __init__(self, donnees: QueryDict | None, *, tenu: Durees) -> None:
        super().__init__(donnees, tenu=tenu, nouveau=False)
        for categorie in tenu:
            self.fields[categorie] = _annees(Categorie(categorie))

    def saisie(self) -> Durees:
        vide = self.data.get("revenir")
        return {nom: None if nom == vide else self.cleaned_data[nom] for nom in self.tenu}

    def base(self) -> Durees:
        return self.lu()

    def en_mots(self, nom: str, valeur: Any) -> str:
        return "le repère" if valeur is None else f"{valeur} ans"

    def lignes(self, tenues: Sequence[LigneDuree]) -> list[LigneDuFormulaire]:
        return [LigneDuFormulaire(tenue, self[tenue.categorie]) for tenue in tenues]


def _annees(categorie: Categorie) -> forms.IntegerField:
    erreurs = dict.fromkeys(("invalid", "min_value", "max_value"), DUREE_ILLISIBLE)
    return forms.IntegerField(
        label=f"Durée choisie pour «\u00a0{categorie.label}\u00a0», en années",
        required=False,
        min_value=1,
        max_value=ANNEES_MAX,
        error_messages=erreurs,
        widget=forms.TextInput(
            attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off", "size": 4, "maxlength": 4}
        ),
    )
