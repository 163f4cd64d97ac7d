"""What a head ticks and writes for the board's file; what the page that checks a file takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import Texte
from strategie.pilotage.domain.dossiers import SaisieDuDossier
from strategie.pilotage.rules.dossiers import (
    EXERCICES,
    RAPPORT_MAX,
    defauts_du_dossier,
    sections_de,
)
from strategie.socle.domain.fusion import Conflit
from strategie.socle.interfaces.fichiers import TAILLE_MAX
from strategie.socle.models import Etablissement

LU_SECTIONS, LU_RAPPORT = "lu-sections", "lu-rapport"


class PreparerForm(forms.Form):
    """`tenu` is what is kept now; the page says again what it showed, so that two people's changes are merged."""

    sections = forms.MultipleChoiceField(
        label="Ce que contient le dossier", widget=forms.CheckboxSelectMultiple, required=False,
        error_messages={"invalid_choice": "Choisissez parmi les parties proposées."},
    )  # fmt: skip
    rapport = Texte(
        label="Rapport", required=False, widget=forms.Textarea({"rows": 10}),
        help_text=f"Une page\u00a0: ce que vous voulez dire au conseil. {RAPPORT_MAX} caractères au plus.",
    )  # fmt: skip
    exercice = forms.IntegerField(
        label="Exercice budgétaire",
        widget=forms.NumberInput({"min": EXERCICES[0], "max": EXERCICES[1], "inputmode": "numeric"}),
        error_messages={"required": "Donnez une année.", "invalid": "Donnez une année, en quatre chiffres."},
    )

    def __init__(
        self, donnees: QueryDict | None, *, etablissement: Etablissement, tenu: SaisieDuDossier, exercice: int
    ) -> None:
        initial = {"sections": sorted(tenu.sections), "rapport": tenu.rapport, "exercice": exercice}
        super().__init__(donnees, initial=initial)
        self.tenu, self.reparti = tenu, False
        self.fields["sections"].choices = list(sections_de(premier_degre=etablissement.premier_degre).items())
        self.fields["rapport"].label = sections_de(premier_degre=etablissement.premier_degre)["rapport"]

    def clean(self) -> dict[str, Any]:
        valeurs = super().clean()
        if LU_RAPPORT not in self.data:
            raise ValidationError(INCOMPLETE)
        if not self.errors:
            for champ, phrase in defauts_du_dossier(**valeurs).items():
                self.add_error(champ, phrase)
        return valeurs

    def base(self) -> SaisieDuDossier:
        return SaisieDuDossier(frozenset(self.data.getlist(LU_SECTIONS)), _lignes(self.data[LU_RAPPORT]))

    def saisie(self) -> SaisieDuDossier:
        return SaisieDuDossier(frozenset(self.cleaned_data["sections"]), self.cleaned_data["rapport"])

    @property
    def copies(self) -> list[tuple[str, str]]:
        """Hidden inputs: what the page showed first, or what is kept now once the two were set side by side."""
        if self.is_bound and not self.reparti:
            return [(nom, valeur) for nom in (LU_SECTIONS, LU_RAPPORT) for valeur in self.data.getlist(nom)]
        return [*((LU_SECTIONS, code) for code in sorted(self.tenu.sections)), (LU_RAPPORT, self.tenu.rapport)]

    def signaler(self, conflits: Mapping[str, Conflit], tenu: SaisieDuDossier) -> None:
        """Mine stays in the field, the other is said above it; sent again, mine is kept."""
        self.tenu, self.reparti = tenu, True
        for nom, conflit in conflits.items():
            self.add_error(
                nom,
                f"Quelqu'un d'autre l'a changé pendant que vous écriviez\u00a0: «\u00a0{self._dire(conflit.actuel)}"
                "\u00a0». Votre réponse est encore là\u00a0: gardez-la ou reprenez l'autre, puis enregistrez.",
            )

    def _dire(self, valeur: Any) -> str:
        if isinstance(valeur, frozenset):
            return ", ".join(nom for code, nom in self.fields["sections"].choices if code in valeur)
        return valeur or "(vide)"

    @property
    def statut(self) -> int:
        return 409 if self.reparti else 422 if self.errors else 200


class VerifierForm(forms.Form):
    """A file of which nothing but its SHA-256 is used."""

    fichier = forms.FileField(
        label="Le dossier, en PDF",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "missing": "Choisissez un fichier.",
            "invalid": "Choisissez un fichier.",
        },
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise ValidationError(
                f"Ce fichier dépasse {TAILLE_MAX // 1024**2}\u00a0Mo\u00a0: ce n'est pas un dossier de Paliers."
            )
        return fichier


def _lignes(texte: str) -> str:
    return texte.replace("\r\n", "\n").replace("\r", "\n")
