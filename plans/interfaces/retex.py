"""The sheet of a return of experience."""

from __future__ import annotations

import uuid
from dataclasses import fields

from django import forms

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.retex import SaisieConstat
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import Phrase
from plans.models import Constat, Theme
from plans.rules.retex import LIEN_MAX, TEXTE_MAX

CHAMPS = tuple(champ.name for champ in fields(SaisieConstat))
CHOISISSEZ = {
    "required": "Choisissez une réponse.",
    "invalid_choice": "Cette réponse n'est pas dans la liste proposée.",
}


class ConstatForm(FormulaireAPlusieurs):
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

    def base(self) -> SaisieConstat:
        return SaisieConstat(**self.lu())


class NouveauConstatForm(ConstatForm):
    """`cle` is the sending's own name: sent twice, it is one constat."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
