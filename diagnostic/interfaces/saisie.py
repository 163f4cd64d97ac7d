"""Answers as they arrive from a page, and as they become clean values."""

import unicodedata
from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Saisie
from diagnostic.models import LIBELLES_VALEURS
from diagnostic.queries.etat import EtatIndicateur

TEXTE_MAX = 10_000


class TexteLibre(forms.CharField):
    """Text kept as typed, but for line ends, which browsers write in two ways, and composed accents."""

    def __init__(self, **options):
        super().__init__(strip=False, required=False, **options)

    def to_python(self, value):
        texte = super().to_python(value)
        return unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))


class ReponseForm(forms.Form):
    """One answer. The version is what the page showed: without it nothing is saved."""

    valeur = forms.ChoiceField(
        required=False,
        choices=[("", "Sans réponse"), *((valeur.value, LIBELLES_VALEURS[valeur]) for valeur in Valeur)],
        error_messages={"invalid_choice": "Cette réponse n'est pas dans la liste proposée."},
    )
    motif = TexteLibre(
        max_length=TEXTE_MAX,
        error_messages={"max_length": "La raison dépasse 10 000 caractères\u00a0: raccourcissez-la."},
    )
    commentaire = TexteLibre(
        max_length=TEXTE_MAX,
        error_messages={"max_length": "Le commentaire dépasse 10 000 caractères\u00a0: raccourcissez-le."},
    )
    version = forms.IntegerField(
        min_value=0,
        error_messages={
            "required": "Cette page est incomplète\u00a0: rechargez-la.",
            "invalid": "Cette page est incomplète\u00a0: rechargez-la.",
        },
    )

    def saisie(self, code: str) -> Saisie:
        return Saisie(code=code, **self.cleaned_data)

    @property
    def premiere_erreur(self) -> str:
        return next(iter(self.errors.values()))[0]


def formulaires_du_champ(donnees: QueryDict, etats: Iterable[EtatIndicateur]) -> dict[str, ReponseForm]:
    """One form an indicator, from the fields `<code>-valeur`, `<code>-motif`… of a whole page."""
    codes = [etat.indicateur.code for etat in etats]
    return {code: ReponseForm(donnees, prefix=code) for code in codes if f"{code}-version" in donnees}


def a_change(saisie: Saisie, etat: EtatIndicateur) -> bool:
    """Whether the page says something else than what is kept. Sent as it was, an answer to confirm is not confirmed."""
    if etat.reponse is None:
        return bool(saisie.valeur or saisie.motif or saisie.commentaire)
    return not saisie.dit_comme(etat.reponse)
