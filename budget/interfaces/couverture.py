"""What the pages of coverage take and show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.cycle import pour_cent
from budget.models import Equipe
from budget.queries.couverture import LigneCouverture, TableauDeCouverture
from budget.rules.couverture import Couverture
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs


# --- Words -----------------------------------------------------------------------------------------------------------
def personnes_formees(couverture: Couverture) -> str:
    """« 12 sur 30 », « de 12 à 20 sur 30 », « 12 (effectif à dire) », « 0 sur 30 »."""
    nombre = _entre(str(couverture.au_moins), str(couverture.au_plus))
    if couverture.effectif is None:
        return f"{nombre} (effectif à dire)" if couverture.au_plus else "–"
    return f"{nombre} sur {couverture.effectif}"


def part_formee(couverture: Couverture) -> str:
    """« 40 % », « de 40 à 67 % »; nothing of an unknown team, or of nobody."""
    if not couverture.effectif:
        return ""
    bas, haut = (pour_cent(n, couverture.effectif) for n in (couverture.au_moins, couverture.au_plus))
    return f"{_entre(str(bas), str(haut))}\u00a0%"


def _entre(bas: str, haut: str) -> str:
    return bas if bas == haut else f"de {bas} à {haut}"


@dataclass(frozen=True)
class LigneDite:
    ligne: LigneCouverture
    annees: tuple[tuple[str, str, str, Couverture], ...]


def lignes_dites(tableau: TableauDeCouverture) -> list[LigneDite]:
    """Each team, then all of them: of each year its name, the people, the share, and their counts."""
    return [_dite(ligne, tableau.annees) for ligne in (*tableau.lignes, tableau.ensemble)]


def _dite(ligne: LigneCouverture, annees: Sequence[str]) -> LigneDite:
    lues = zip(annees, ligne.annees, strict=True)
    return LigneDite(ligne, tuple((annee, personnes_formees(une), part_formee(une), une) for annee, une in lues))


# --- Headcounts --------------------------------------------------------------------------------------------------
class EffectifsForm(FormulaireAPlusieurs):
    """By team; an empty field is « not known », 0 a team without anybody."""

    def __init__(self, donnees: QueryDict | None, *, tenus: Mapping[str, int]) -> None:
        super().__init__(donnees, tenu={equipe: tenus.get(equipe) for equipe in Equipe.values}, nouveau=False)
        for equipe in Equipe:
            self.fields[equipe.value] = forms.IntegerField(
                label=str(equipe.label),
                required=False,
                widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric", "min": 0}),
                error_messages={"invalid": "Donnez un nombre entier."},
            )

    def saisie(self) -> dict[str, int | None]:
        return {equipe: self.cleaned_data[equipe] for equipe in Equipe.values}

    def base(self) -> dict[str, Any]:
        return self.lu()
