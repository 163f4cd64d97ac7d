"""The page that asks which column of a plan made elsewhere is what."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms

from plans.interfaces.plan_d_ailleurs import CIBLES, UNE_SEULE, Correspondance, Esquisse
from plans.models import Action, Depot, Theme
from plans.rules.besoins import est_une_annee

RAISON_MAX = 1_000


class CorrespondanceForm(forms.Form):
    """A choice a column, guessed from its heading; then what the file does not say."""

    theme = forms.ChoiceField(
        label="Thème des axes qui n'en ont pas", choices=Theme, initial=Theme.GOUVERNANCE, required=True
    )
    levier = forms.ChoiceField(
        label="Moyen des actions", choices=Action.Levier, initial=Action.Levier.ORGANISATION, required=True
    )
    annee = forms.CharField(
        label="Année scolaire des actions sans date, et des axes nouveaux", max_length=9, help_text="Comme 2026-2027."
    )
    raison = forms.CharField(
        label="Pourquoi ces axes, s'il y en a plus de trois dans l'année",
        required=False,
        max_length=RAISON_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"max_length": "Cette raison dépasse 1\u202f000 caractères\u00a0: raccourcissez-la."},
    )

    def __init__(self, esquisse: Esquisse, annee: str, depot: Depot, donnees: Any = None) -> None:
        super().__init__(donnees, initial={"annee": annee, "raison": f"Axes repris du plan «\u00a0{depot.nom}\u00a0»."})
        self.esquisse = esquisse
        for colonne in esquisse.colonnes:
            self.fields[self.nom(colonne.place)] = forms.ChoiceField(
                label=f"Colonne {colonne.lettre}\u00a0: {colonne.nom}",
                choices=list(CIBLES.items()),
                initial=colonne.cible,
                help_text=f"Par exemple\u00a0: {colonne.exemple}" if colonne.exemple else "Colonne vide.",
            )
        self.order_fields([self.nom(colonne.place) for colonne in esquisse.colonnes])

    @staticmethod
    def nom(place: int) -> str:
        return f"colonne_{place}"

    def clean_annee(self) -> str:
        annee: str = self.cleaned_data["annee"].strip()
        if not est_une_annee(annee):
            raise forms.ValidationError("Une année scolaire s'écrit sur deux années qui se suivent, comme 2026-2027.")
        return annee

    def clean(self) -> None:
        choisies = Counter(self.cleaned_data.get(self.nom(colonne.place), "") for colonne in self.esquisse.colonnes)
        if not choisies["comment"]:
            self.add_error(None, "Dites quelle colonne est «\u00a0Comment\u00a0»\u00a0: ce qui sera fait.")
        for cible in UNE_SEULE:
            if choisies[cible] > 1:
                self.add_error(None, f"Une seule colonne peut être «\u00a0{CIBLES[cible]}\u00a0».")

    def correspondance(self) -> dict[str, Any]:
        dites = self.cleaned_data
        return Correspondance(
            feuille=self.esquisse.feuille,
            entete=self.esquisse.entete,
            cibles={colonne.place: dites[self.nom(colonne.place)] for colonne in self.esquisse.colonnes},
            **{champ: dites[champ] for champ in ("theme", "levier", "annee", "raison")},
        ).to_json()
