"""Proofs: the form that adds one, those taken over from an earlier year, and what is said of them."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from diagnostic.domain.preuves import Piece
from diagnostic.models import Preuve
from strategie.socle.interfaces.fichiers import TAILLE_MAX, nom_du_type, type_du_contenu

PREMIERE_PIECE = datetime.date(1990, 1, 1)


class PreuveForm(forms.Form):
    """A proof: a link or a file."""

    intitule = forms.CharField(
        label="Intitulé", max_length=150, help_text="Par exemple\u00a0: charte votée le 12 juin."
    )
    lien = forms.URLField(
        label="Lien",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="L'adresse d'un document en ligne, accessible à l'établissement.",
        error_messages={"invalid": "Écrivez une adresse complète, comme https://exemple.fr/charte."},
    )
    fichier = forms.FileField(
        label="Ou un fichier",
        required=False,
        help_text="PDF, image, document bureautique ou texte, 10 Mo au plus. Jamais de données d'élèves.",
    )
    date_piece = forms.DateField(
        label="Date de la pièce (facultatif)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Celle qui figure sur la pièce. Après 24 mois, elle est signalée, jamais retirée.",
    )

    def __init__(self, *args: Any, jour: datetime.date, **kwargs: Any) -> None:
        """`jour`: today, where the school is."""
        super().__init__(*args, **kwargs)
        self.jour = jour
        self.fields["date_piece"].widget.attrs |= {"min": PREMIERE_PIECE.isoformat(), "max": jour.isoformat()}

    def clean_date_piece(self) -> datetime.date | None:
        date = self.cleaned_data["date_piece"]
        if date and date > self.jour:
            raise ValidationError("Cette date est dans l'avenir\u00a0: écrivez celle de la pièce.")
        if date and date < PREMIERE_PIECE:
            raise ValidationError(f"Écrivez une date à partir de {PREMIERE_PIECE.year}.")
        return date

    def clean_lien(self) -> str:
        lien = self.cleaned_data["lien"]
        if lien and not lien.lower().startswith(("http://", "https://")):
            raise ValidationError("Un lien commence par http:// ou https://.")
        return lien

    def clean_fichier(self) -> Piece | None:
        fichier = self.cleaned_data["fichier"]
        if not fichier:
            return None
        if fichier.size > TAILLE_MAX:
            raise ValidationError("Ce fichier dépasse 10 Mo.")
        contenu = fichier.read()
        type_contenu = type_du_contenu(contenu)
        return Piece(contenu=contenu, nom=nom_du_type(fichier.name, type_contenu), type_contenu=type_contenu)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if self.errors:
            return donnees
        if bool(donnees["lien"]) == bool(donnees["fichier"]):
            raise ValidationError("Donnez un lien ou un fichier, l'un des deux.")
        return donnees


def cles_choisies(donnees: QueryDict) -> set[UUID]:
    """The keys that a form names; what is no key names nothing."""
    return {cle for texte in donnees.getlist("preuve") if (cle := _cle(texte))}


def _cle(texte: str) -> UUID | None:
    try:
        return UUID(texte)
    except ValueError:
        return None


def phrase_de_la_reprise(reprises: Sequence[Preuve]) -> str:
    if not reprises:
        return "Rien de plus à reprendre\u00a0: ces preuves sont déjà là, ou ne sont plus proposées."
    if len(reprises) > 1:
        return f"{len(reprises)} preuves sont reprises."
    return f"La preuve «\u00a0{reprises[0].intitule}\u00a0» est reprise."
