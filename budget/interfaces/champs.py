"""Fields that the forms of the equipment share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme

from budget.domain.argent import MontantIllisible, euros, lire_montant
from budget.rules.equipements import empechement_prix
from plans.interfaces.besoins import Phrase

RETOUR_MAX = 2000
CLE_MAX = 18  # digits of a key
CONTROLES = re.compile(r"[\x00-\x1f\x7f]")


def phrase(label: str, longueur: int, **options: Any) -> Phrase:
    """One line of text, whose length is said in French."""
    messages = {"max_length": f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."}
    messages |= options.pop("error_messages", {})
    return Phrase(label=label, max_length=longueur, error_messages=messages, **options)


def jour(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=options.pop("required", False),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez cette date sous la forme jj/mm/aaaa.", "required": "Donnez une date."},
        **options,
    )


def choix(label: str, choices: Iterable[tuple[Any, Any]], *, vide: str = "", **options: Any) -> forms.ChoiceField:
    """A list to choose from; `vide` is what it says when nothing is chosen."""
    messages = {
        "required": "Choisissez une réponse.",
        "invalid_choice": "Cette réponse n'est pas dans la liste proposée.",
    }
    proposes = [("", vide), *choices] if vide else list(choices)
    return forms.ChoiceField(label=label, choices=proposes, error_messages=messages, **options)


def cle_lue(texte: str) -> int | None:
    """The key that a form or an address says; None for what is none."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= CLE_MAX else None


class ChoixDeCle(forms.ChoiceField):
    """One of the school's rooms, or of its lots: its value is a key, or None."""

    def __init__(self, *, absent: str, vide: str, **options: Any) -> None:
        self.vide = vide
        super().__init__(error_messages={"invalid_choice": absent, "required": "Choisissez une réponse."}, **options)

    def proposer(self, objets: Iterable[tuple[int, str]]) -> None:
        self.choices = [("", self.vide), *objets]

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        cle = cle_lue(str(value))
        if cle is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return cle


class Montant(forms.CharField):
    """Euros, as they are written in France or copied from elsewhere; None when nothing is said."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "effectif"})

    def to_python(self, value: object) -> Any:
        texte = super().to_python(value)
        if not texte:
            return None
        try:
            montant = lire_montant(texte)
        except MontantIllisible as illisible:
            raise ValidationError(str(illisible)[:1].upper() + str(illisible)[1:], code="invalid") from illisible
        if refus := empechement_prix(montant):
            raise ValidationError(refus, code="invalid")
        return montant

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else euros(value).removesuffix("\u00a0€")


def adresse_locale(adresse: str) -> str:
    """An address of this site to come back to; anything else is forgotten."""
    locale = adresse.startswith("/") and url_has_allowed_host_and_scheme(adresse, allowed_hosts=None)
    return adresse if locale and len(adresse) <= RETOUR_MAX else ""
