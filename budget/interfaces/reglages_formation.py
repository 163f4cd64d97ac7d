"""What the page of an académie's settings takes."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.http import QueryDict

from budget.domain.reglages_formation import SaisieReglages
from budget.interfaces.champs import phrase
from budget.interfaces.formations import ENTIER
from budget.rules.reglages_formation import NOM_MAX, SIGLE_MAX
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs


def _nombre(label: str, **options: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric", "min": 0}),
        error_messages={"invalid": ENTIER, "required": ENTIER},
        **options,
    )


class ReglagesForm(FormulaireAPlusieurs):
    sigle = phrase(
        "Sigle de la formation faite pour un établissement",
        SIGLE_MAX,
        required=False,  # the rule says what lacks
        help_text="FIL, FIT… selon l'académie.",
        widget=forms.TextInput(attrs={"class": "effectif"}),
    )
    nom_local = phrase("Son nom complet", NOM_MAX, required=False)
    effectif_minimum = _nombre(
        "Groupe minimum", help_text="Sous ce nombre de personnes, un établissement ne peut pas la demander."
    )
    semaines_avant = _nombre("Semaines de préavis", help_text="Une demande plus tardive est avertie, jamais refusée.")

    def __init__(self, donnees: QueryDict | None, *, tenus: SaisieReglages) -> None:
        super().__init__(donnees, tenu=asdict(tenus), nouveau=False)

    def saisie(self) -> SaisieReglages:
        return SaisieReglages(**self.cleaned_data)

    def base(self) -> SaisieReglages:
        return SaisieReglages(**self.lu())
