"""Forms on what several people change at once: each field goes with what it showed (« lu-… »), so that what they
changed apart is merged, and what they changed alike is shown to the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html

from diagnostic.interfaces.formulaires import INCOMPLETE
from strategie.socle.domain.fusion import Conflit


class Texte(forms.CharField):
    """Lines of plain text; browsers write their ends in two ways."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class ChoixDeLiens(forms.MultipleChoiceField):
    """Objects to tick; its value is the set of their keys."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, absent: str, **options: Any) -> None:
        messages = {"invalid_choice": absent, "invalid_list": absent}
        super().__init__(required=False, error_messages=messages, **options)

    def to_python(self, value: object) -> frozenset[int]:
        try:
            return frozenset(int(cle) for cle in super().to_python(value))
        except ValueError as illisible:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from illisible

    def proposer(self, objets: Iterable[tuple[int, str]], vide: str) -> None:
        """What a person typed is set apart from our own words; `vide` is said when there is nothing to tick."""
        self.choices = [(cle, format_html('<bdi class="saisi">{}</bdi>', texte)) for cle, texte in objets]
        if not self.choices:
            self.help_text = vide


class FormulaireDeLiens(forms.Form):
    """Links that were ticked and are no longer offered, when nothing else is, have no field left to say so."""

    def clean(self) -> None:
        vides = [nom for nom, champ in self.fields.items() if isinstance(champ, ChoixDeLiens) and not champ.choices]
        for nom in vides:
            for erreur in self.errors.pop(nom, []):
                self.add_error(None, erreur)


class FormulaireAPlusieurs(FormulaireDeLiens):
    """`tenu`: what is kept now, or proposed for what is `nouveau`; a value for each field."""

    def __init__(self, donnees: QueryDict | None, *, tenu: Mapping[str, Any], nouveau: bool) -> None:
        super().__init__(donnees, initial={nom: _montrable(valeur) for nom, valeur in tenu.items()})
        self.tenu, self.nouveau = tenu, nouveau
        self.reparti = False

    @property
    def copies(self) -> list[tuple[str, str]]:
        """Hidden inputs. Sent back with a mistake, the page says again what it showed first; after a conflict, what is
        kept now.
        """
        if self.nouveau:
            return []
        if self.is_bound and not self.reparti:
            return [(f"lu-{nom}", texte) for nom in self.fields for texte in self.data.getlist(f"lu-{nom}")]
        return [(f"lu-{nom}", texte) for nom in self.fields for texte in _en_textes(self.tenu[nom])]

    @property
    def statut(self) -> int:
        """Of the answer that shows the form."""
        return 409 if self.reparti else 422 if self.errors else 200

    def clean(self) -> None:
        super().clean()
        if not self.nouveau and any(not self._choix(nom) and f"lu-{nom}" not in self.data for nom in self.fields):
            raise ValidationError(INCOMPLETE)

    def lu(self) -> dict[str, Any]:
        """What the page showed; links that are no longer offered are left as they are."""
        return {nom: self._lu(nom, champ) for nom, champ in self.fields.items()}

    def _lu(self, nom: str, champ: forms.Field) -> Any:
        if self._choix(nom):
            offerts = {str(cle) for cle, _ in champ.choices}
            return frozenset(int(cle) for cle in self.data.getlist(f"lu-{nom}") if cle in offerts)
        try:
            return champ.to_python(self.data[f"lu-{nom}"])
        except ValidationError:  # no page of ours wrote that: it cannot be what is kept
            return None

    def _choix(self, nom: str) -> bool:
        return isinstance(self.fields[nom], ChoixDeLiens)

    def signaler(self, conflits: Mapping[str, Conflit], tenu: Mapping[str, Any]) -> None:
        """Both values are on the page: mine in the field, the other above it; sent again, mine is kept. What I left as
        it was is shown as it is kept now: sent again, it changes nothing.
        """
        lu, self.data = self.lu(), self.data.copy()
        for nom in self.fields.keys() - conflits.keys():
            if self.cleaned_data[nom] == lu[nom]:
                self.data.setlist(nom, _en_textes(tenu[nom]))
        self.tenu, self.reparti = tenu, True
        for nom, conflit in conflits.items():
            autre = self.en_mots(nom, conflit.actuel)
            self.add_error(
                nom,
                f"Quelqu'un d'autre l'a changé pendant que vous écriviez\u00a0: «\u00a0{autre}\u00a0». Votre réponse "
                "est encore là\u00a0: gardez-la ou reprenez l'autre, puis enregistrez.",
            )

    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(self.fields[nom], forms.ChoiceField):
            return str(dict(self.fields[nom].choices).get(valeur, valeur))
        return "(vide)" if valeur in (None, "") else str(valeur)


def _montrable(valeur: Any) -> Any:
    return sorted(valeur) if isinstance(valeur, frozenset) else valeur


def _en_textes(valeur: Any) -> Sequence[str]:
    if isinstance(valeur, frozenset):
        return [str(cle) for cle in sorted(valeur)]
    return ["" if valeur is None else str(valeur)]
