"""The forms of lots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from budget.domain.lots import SaisieLot
from budget.interfaces.champs import ChoixDeCle, choix, phrase
from budget.models import Lot
from budget.rules.lots import ACTION_D_AILLEURS, DEJA, INTITULE_MAX
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.models import Action


class LotForm(FormulaireAPlusieurs):
    intitule = phrase(
        "Nom du lot",
        INTITULE_MAX,
        help_text="Ce qui est arrivé ensemble, pour un même usage, par exemple «\u00a030 tablettes, 2026\u00a0».",
        error_messages={"required": "Donnez un nom à ce lot."},
    )
    usage_prevu = phrase(
        "Usage pédagogique prévu (facultatif)",
        300,
        required=False,
        help_text="Ce que les élèves en feront, par exemple «\u00a0écrire et s'enregistrer en langues\u00a0».",
    )
    public = phrase(
        "Pour qui (facultatif)", 200, required=False, help_text="Par exemple «\u00a0les 5e, en langues\u00a0»."
    )
    frequence_prevue = choix(
        "À quelle fréquence (facultatif)", Lot.Frequence.choices, vide="Pas encore dit", required=False
    )
    action = ChoixDeCle(
        label="Action du plan que ce lot sert (facultatif)", absent=ACTION_D_AILLEURS, vide="Aucune", required=False
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenu: SaisieLot,
        actions: Sequence[Action],
        pris: Sequence[Lot],
        nouveau: bool = False,
    ) -> None:
        """`pris`: the other lots of the school, whose names are taken."""
        super().__init__(donnees, tenu=asdict(tenu), nouveau=nouveau)
        self.pris = {lot.intitule.lower() for lot in pris}
        self.fields["action"].proposer((action.pk, f"{action} ({action.annee_scolaire})") for action in actions)

    def clean_intitule(self) -> str:
        intitule: str = self.cleaned_data["intitule"]
        if intitule.lower() in self.pris:
            raise ValidationError(DEJA)
        return intitule

    def en_mots(self, nom: str, valeur: Any) -> str:
        return super().en_mots(nom, "" if valeur is None else valeur)

    def saisie(self) -> SaisieLot:
        return SaisieLot(**self.cleaned_data)

    def base(self) -> SaisieLot:
        return SaisieLot(**self.lu())
