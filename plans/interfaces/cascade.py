"""The forms of the cascade; several people may fill one at once (`FormulaireAPlusieurs`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from plans.domain.cascade import SaisieAxeDistrict, SaisiePriorite, SaisieRattachement
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs, Texte
from plans.interfaces.besoins import Phrase
from plans.models import Axe, PrioriteAcademique, Rattachement, Theme
from plans.rules.cascade import (
    AXE_ABSENT,
    INTITULE_MAX,
    MOTIF_MAX,
    PRECISION_MAX,
    PRIORITE_ABSENTE,
    empechement_dire,
)
from strategie.socle.models import Academie, Etablissement

CHOISIR_LE_THEME = "Choisissez un des cinq thèmes."
CHOISIR_LA_REPONSE = "Choisissez une des trois réponses."


def _annee() -> forms.CharField:
    return forms.CharField(
        label="Année scolaire",
        max_length=9,
        help_text="Par exemple\u00a0: 2026-2027.",
        error_messages={
            "required": "Dites de quelle année scolaire il s'agit.",
            "max_length": "Écrivez l'année scolaire ainsi\u00a0: 2026-2027.",
        },
    )


def _intitule(demande: str) -> Phrase:
    return Phrase(
        label="Intitulé",
        max_length=INTITULE_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "required": demande,
            "max_length": "L'intitulé dépasse 250 caractères\u00a0: gardez le reste pour la précision.",
        },
    )


def _precision() -> Texte:
    return Texte(
        label="Précision (facultatif)",
        required=False,
        max_length=PRECISION_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": "La précision dépasse 2\u202f000 caractères\u00a0: raccourcissez-la."},
    )


class ChoixDUnObjet(forms.TypedChoiceField):
    """One object, by its key, or none."""

    def __init__(self, *, absent: str, aucun: str, **options: Any) -> None:
        self.aucun = aucun
        super().__init__(
            required=False, coerce=int, empty_value=None, error_messages={"invalid_choice": absent}, **options
        )

    def proposer(self, objets: Sequence[Any]) -> None:
        self.choices = [("", self.aucun), *((objet.pk, str(objet)) for objet in objets)]


class PrioriteForm(FormulaireAPlusieurs):
    annee_scolaire = _annee()
    intitule = _intitule("Dites en une phrase quelle est cette priorité.")
    precision = _precision()

    def __init__(self, donnees: QueryDict | None, *, tenu: SaisiePriorite, nouveau: bool = False) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=nouveau)

    def saisie(self) -> SaisiePriorite:
        return SaisiePriorite(**{nom: self.cleaned_data[nom] for nom in ("annee_scolaire", "intitule", "precision")})

    def base(self) -> SaisiePriorite:
        return SaisiePriorite(**self.lu())


class NouvellePrioriteForm(PrioriteForm):
    """Somebody in charge of several académies says which one."""

    academie = forms.ModelChoiceField(label="Académie", queryset=Academie.objects.none(), empty_label=None)
    field_order = ["academie"]

    def __init__(self, donnees: QueryDict | None, *, tenu: SaisiePriorite, academies: QuerySet[Academie]) -> None:
        super().__init__(donnees, tenu=tenu, nouveau=True)
        self.fields["academie"].queryset = academies


class AxeDistrictForm(FormulaireAPlusieurs):
    annee_scolaire = _annee()
    intitule = _intitule("Dites en une phrase ce que le district veut améliorer.")
    theme = forms.ChoiceField(
        label="Thème",
        choices=[("", "Choisir un thème"), *Theme.choices],
        error_messages={"required": CHOISIR_LE_THEME, "invalid_choice": CHOISIR_LE_THEME},
    )
    priorite = ChoixDUnObjet(
        label="Priorité de l'académie qu'il sert (facultatif)", absent=PRIORITE_ABSENTE, aucun="Aucune"
    )
    precision = _precision()

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenu: SaisieAxeDistrict,
        priorites: Sequence[PrioriteAcademique],
        nouveau: bool = False,
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=nouveau)
        self.fields["priorite"].proposer(priorites)

    def saisie(self) -> SaisieAxeDistrict:
        return SaisieAxeDistrict(**self.cleaned_data)

    def base(self) -> SaisieAxeDistrict:
        return SaisieAxeDistrict(**self.lu() | {"priorite": _cle(self.data["lu-priorite"])})


class RattachementForm(FormulaireAPlusieurs):
    """What the school says of an axe of its district."""

    reponse = forms.ChoiceField(
        label="Votre réponse",
        choices=Rattachement.Reponse.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOISIR_LA_REPONSE, "invalid_choice": CHOISIR_LA_REPONSE},
    )
    axe = ChoixDUnObjet(
        label="Si vous le servez\u00a0: par lequel de vos axes\u00a0?", absent=AXE_ABSENT, aucun="Choisir un axe"
    )
    motif = Phrase(
        label="Sinon\u00a0: pourquoi\u00a0?",
        required=False,
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Le district lit cette phrase. Ne nommez personne.",
        error_messages={"max_length": "Ce texte dépasse 400 caractères\u00a0: raccourcissez-le."},
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        etablissement: Etablissement,
        tenu: SaisieRattachement,
        axes: Sequence[Axe],
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=False)
        self.etablissement, self.axes = etablissement, {axe.pk: axe for axe in axes}
        self.fields["axe"].proposer(axes)
        if not axes:
            self.fields["axe"].help_text = "Votre établissement n'a pas encore d'axe\u00a0: ouvrez-en un d'abord."

    def clean(self) -> None:
        super().clean()
        lus = self.cleaned_data
        if {"reponse", "axe", "motif"} <= lus.keys():
            axe = self.axes.get(lus["axe"])
            refus = empechement_dire(self.etablissement, lus["reponse"], axe, lus["motif"])
            if refus:
                self.add_error("axe" if lus["reponse"] == Rattachement.Reponse.SERVI else "motif", refus)

    def saisie(self) -> SaisieRattachement:
        return SaisieRattachement(**self.cleaned_data)

    def base(self) -> SaisieRattachement:
        return SaisieRattachement(**self.lu() | {"axe": _cle(self.data["lu-axe"])})


def _cle(texte: str) -> int | None:
    """As a page of ours wrote it; anything else is no key, and shows as a change."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else None
