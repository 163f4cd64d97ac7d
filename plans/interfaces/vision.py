"""The forms of the « pourquoi »."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from diagnostic.interfaces.saisie import TexteLibre
from plans.domain.vision import SaisieVision
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import Phrase
from plans.rules.vision import ANNEES_D_AVANCE
from strategie.socle.domain.calendrier import annee_suivante

TEXTE_MAX = 3000
TROP_LONG = "Ce texte dépasse 3\u202f000 caractères\u00a0: raccourcissez-le."


def _texte(intitule: str, aide: str) -> TexteLibre:
    return TexteLibre(
        label=intitule,
        max_length=TEXTE_MAX,
        help_text=aide,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": TROP_LONG},
    )


class VisionForm(FormulaireAPlusieurs):
    """Four questions."""

    valeurs = _texte(
        "À quoi l'établissement tient-il\u00a0?",
        "Ses valeurs, ce que dit son projet\u00a0: la réussite de tous, l'ouverture, l'autonomie…",
    )
    eleves = _texte(
        "Que doit changer le numérique pour les élèves\u00a0?",
        "Par exemple\u00a0: que chacun sache chercher une information et la vérifier, équipé ou non chez soi.",
    )
    equipes = _texte(
        "Que doit-il changer pour les équipes et les familles\u00a0?",
        "Par exemple\u00a0: un seul endroit pour écrire aux familles, et du temps pour préparer ensemble.",
    )
    limites = _texte(
        "Qu'est-ce que l'établissement ne veut pas\u00a0?",
        "Ce qui reste sans écran, ce que l'on ne demande pas aux familles, les heures où l'on n'écrit pas.",
    )

    def saisie(self) -> SaisieVision:
        return SaisieVision(**self.cleaned_data)

    def base(self) -> SaisieVision:
        return SaisieVision(**self.lu())


class ObjectifForm(forms.Form):
    """The palier that a champ aims at; `champs` are libellés by code, `annee` is this school year."""

    champ = forms.ChoiceField(label="Champ")
    palier = forms.TypedChoiceField(
        label="Palier visé", coerce=int, choices=[(n, f"Palier\u00a0{n}") for n in (1, 2, 3)]
    )
    annee = forms.ChoiceField(label="À atteindre en")
    raison = Phrase(
        label="Pourquoi celui-ci (facultatif)",
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"max_length": "La raison dépasse 400 caractères\u00a0: raccourcissez-la."},
    )

    def __init__(self, *args: Any, champs: Mapping[str, str], annee: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["champ"].choices = list(champs.items())
        self.fields["annee"].choices = [(une, une) for une in annees_a_venir(annee)]


def annees_a_venir(annee: str) -> list[str]:
    """This school year, and those for which an aim may be set."""
    annees = [annee]
    for _ in range(ANNEES_D_AVANCE):
        annees.append(annee_suivante(annees[-1]))
    return annees
