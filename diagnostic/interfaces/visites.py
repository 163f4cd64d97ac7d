"""The forms of the journal."""

import datetime
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diagnostic.domain.visites import SaisieVisite
from diagnostic.interfaces.formulaires import INCOMPLETE
from diagnostic.interfaces.saisie import TEXTE_MAX, TexteLibre
from diagnostic.models import Visite
from diagnostic.rules import empechement_noter_visite

CHAMPS = ("date", "forme", "objet", "conseil")


class VisiteForm(forms.Form):
    """What a line of the journal says; `aujourd_hui` is the date it is in the school's académie."""

    date = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    forme = forms.ChoiceField(label="Forme", choices=Visite.Forme.choices)
    objet = forms.CharField(
        label="Objet", max_length=150, help_text="Par exemple\u00a0: préparer la commission numérique."
    )
    conseil = TexteLibre(
        label="Conseil donné (facultatif)",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text="N'écrivez ici ni nom d'élève ni appréciation d'une personne.",
        error_messages={"max_length": "Le conseil dépasse 10 000 caractères\u00a0: raccourcissez-le."},
    )

    def __init__(self, *args: Any, aujourd_hui: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aujourd_hui = aujourd_hui

    def clean_date(self) -> datetime.date:
        date = self.cleaned_data["date"]
        if refus := empechement_noter_visite(date, self.aujourd_hui):
            raise ValidationError(refus)
        return date

    def saisie(self) -> SaisieVisite:
        return SaisieVisite(**{nom: self.cleaned_data[nom] for nom in CHAMPS})

    def repartir(self, **caches: object) -> None:
        """Shows what was typed again, with other hidden values."""
        self.data = self.data.copy()
        for nom, valeur in caches.items():
            self.data[nom] = str(valeur)


class NouvelleVisiteForm(VisiteForm):
    """`cle` is the sending's own name: sent twice, it is one line."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
    )


class ModificationVisiteForm(VisiteForm):
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
