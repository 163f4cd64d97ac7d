"""The sheet of a return of experience."""

from __future__ import annotations

import uuid
from dataclasses import asdict, fields

from django import forms

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.retex import SaisieConstat
from plans.interfaces.besoins import Phrase
from plans.models import Constat, Theme
from plans.rules.retex import LIEN_MAX, TEXTE_MAX

CHAMPS = tuple(champ.name for champ in fields(SaisieConstat))
CHOISISSEZ = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Cette réponse n'est pas dans la liste proposée.",
}


class ConstatForm(forms.Form):
    sens = forms.ChoiceField(
        label="Qu'avez-vous constaté\u00a0?",
        choices=[
            (Constat.Sens.IRRITANT, "Un irritant\u00a0: ce qui n'a pas marché, ce que l'on aurait aimé éviter"),
            (Constat.Sens.POINT_FORT, "Un point fort\u00a0: ce qui a bien marché"),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOISISSEZ,
    )
    texte = Phrase(
        label="En deux ou trois lignes",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Un fait, sans nommer personne. Par exemple\u00a0: le projecteur du CDI tombe souvent en panne.",
        error_messages={
            "required": "Dites en deux ou trois lignes ce que vous avez constaté.",
            "max_length": "Le constat dépasse 600 caractères\u00a0: raccourcissez-le.",
        },
    )
    theme = forms.ChoiceField(label="Thème", choices=Theme.choices, error_messages=CHOISISSEZ)
    source = forms.ChoiceField(label="Qui le dit\u00a0?", choices=Constat.Source.choices, error_messages=CHOISISSEZ)
    lien = forms.URLField(
        label="Lien vers une ressource (facultatif)",
        required=False,
        max_length=LIEN_MAX,
        assume_scheme="https",
        help_text="Une vidéo, un article, une page de l'ENT.",
        error_messages={
            "invalid": "Ce lien n'est pas une adresse web complète, comme https://exemple.fr/page.",
            "max_length": "Ce lien dépasse 400 caractères.",
        },
    )
    partage = forms.ChoiceField(
        label="Peut-on le partager dans le district\u00a0?",
        choices=Constat.Partage.choices,
        initial=Constat.Partage.NON,
        widget=forms.RadioSelect,
        help_text="Partagé, il sert aux autres établissements. Vous pouvez changer d'avis à tout moment.",
        error_messages=CHOISISSEZ,
    )

    def saisie(self) -> SaisieConstat:
        return SaisieConstat(**{nom: self.cleaned_data[nom] for nom in CHAMPS})


class NouveauConstatForm(ConstatForm):
    """`cle` is the sending's own name: sent twice, it is one constat."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )


class ConstatModifieForm(ConstatForm):
    """Each hidden value says what the page showed."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.show_hidden_initial = True

    @property
    def base(self) -> SaisieConstat:
        return SaisieConstat(**{nom: self.data.get(self[nom].html_initial_name, "") for nom in CHAMPS})

    def repartir(self, tenue: SaisieConstat) -> None:
        """Shown again after a conflict: what was typed stays, the next sending starts from what is kept now."""
        self.data = self.data.copy()
        for nom, valeur in asdict(tenue).items():
            self.data[self[nom].html_initial_name] = valeur


def lisible(nom: str, valeur: str) -> str:
    """A value of the sheet in words."""
    choix = {"sens": Constat.Sens, "theme": Theme, "source": Constat.Source, "partage": Constat.Partage}
    return str(choix[nom](valeur).label) if nom in choix else valeur or "(rien)"
