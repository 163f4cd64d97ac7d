"""What the pages of a training's sessions take and show."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.argent import euros
from budget.domain.seances import CHAMPS, SaisieSeance, lire_presents
from budget.interfaces.champs import choix, jour, phrase
from budget.interfaces.lignes import Somme
from budget.models import Equipe, Seance
from budget.rules.formations import RAISON_MAX
from budget.rules.seances import LONGUEURS
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from strategie.socle.interfaces.nombres import ChampDecimal
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

INCOMPLET = {"required": INCOMPLETE, "invalid": INCOMPLETE}


class SeanceForm(FormulaireAPlusieurs):
    """Adding a session, or changing it: `tenue` is what is kept."""

    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages=INCOMPLET)
    jour = jour("Jour", required=True)
    heures = ChampDecimal(
        label="Durée, en heures", error_messages={"required": "Donnez une durée en heures, comme 3 ou 1,5."}
    )
    intervenant = choix("Qui l'anime", Seance.Intervenant.choices)
    organisme = phrase("Organisme ou service (facultatif)", LONGUEURS["organisme"], required=False)
    cout = Somme(
        label="Coût (facultatif)", help_text="Ce que l'établissement paie pour cette séance, en euros\u00a0: 450,00."
    )
    note = phrase(
        "Note (facultatif)", LONGUEURS["note"], required=False, help_text="Le lieu, l'horaire. Sans nommer personne."
    )

    def __init__(self, donnees: QueryDict | None, *, tenue: SaisieSeance | None) -> None:
        tenu = asdict(tenue) if tenue else dict.fromkeys(CHAMPS) | {"cle": uuid.uuid4()}
        super().__init__(donnees, tenu=tenu, nouveau=tenue is None)
        if tenue:
            del self.fields["cle"]

    def saisie(self) -> SaisieSeance:
        return SaisieSeance(**{nom: self.cleaned_data[nom] for nom in CHAMPS})

    def base(self) -> SaisieSeance:
        return SaisieSeance(**self.lu())

    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(valeur, datetime.date):
            return date_en_phrase(valeur)
        if isinstance(valeur, Decimal):
            return euros(valeur) if nom == "cout" else decimal_en_phrase(valeur)
        return super().en_mots(nom, valeur)


class PresentsForm(forms.Form):
    """How many of each team were there. `effectifs`: how many each team has in the year, those that are known."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=INCOMPLET)

    def __init__(self, donnees: QueryDict | None, *, seance: Seance, effectifs: Mapping[str, int]) -> None:
        super().__init__(donnees, initial={"version": seance.version, **lire_presents(seance)})
        for equipe in Equipe:
            aide = f"L'équipe compte {effectifs[equipe]}." if equipe in effectifs else ""
            self.fields[equipe.value] = forms.IntegerField(
                label=str(equipe.label),
                required=False,
                help_text=aide,
                widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric", "min": 0}),
                error_messages={"invalid": "Donnez un nombre entier."},
            )

    def presents(self) -> dict[str, int]:
        return {equipe: self.cleaned_data[equipe] or 0 for equipe in Equipe.values}

    def placer(self, defauts: Mapping[str, str]) -> None:
        """Each sentence at its team; that of the total above all."""
        for nom, phrase_dite in defauts.items():
            self.add_error(nom if nom in self.fields else None, phrase_dite)

    def a_relire(self, seance: Seance) -> None:
        """Shown again after a refusal: what was typed stays, and the next sending starts from what is kept now."""
        self.data = self.data.copy()
        self.data["version"] = str(seance.version)


class AnnulationForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=INCOMPLET)
    raison = phrase("Pourquoi\u00a0?", RAISON_MAX, required=False, widget=forms.TextInput(attrs={"dir": "auto"}))

    def __init__(self, donnees: QueryDict | None, *, seance: Seance) -> None:
        super().__init__(donnees, initial={"version": seance.version})
