"""What the pages of axes take and show."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from django import forms
from django.http import QueryDict

from plans.domain.axes import SaisieAxe
from plans.interfaces.a_plusieurs import ChoixDeLiens, FormulaireAPlusieurs, Texte
from plans.interfaces.besoins import Phrase
from plans.models import Action, Axe, Besoin, Theme
from plans.rules.axes import BESOIN_ABSENT, QUOI_MAX

PRECISION_MAX = 2000
CHOISIR_LE_THEME = "Choisissez un des cinq thèmes."


class AxeForm(FormulaireAPlusieurs):
    """Opening an axe, or changing one. `raison_attendue`: the sentence that asks for a reason, or None."""

    intitule = Phrase(
        label="Quoi",
        max_length=QUOI_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text="Ce que l'établissement veut améliorer, en une phrase qui commence par un verbe.",
        error_messages={
            "required": "Dites en une phrase ce que l'établissement veut améliorer.",
            "max_length": "L'axe dépasse 250 caractères\u00a0: raccourcissez-le, la précision peut être plus longue.",
        },
    )
    theme = forms.ChoiceField(
        label="Thème",
        choices=[("", "Choisir un thème"), *Theme.choices],
        error_messages={"required": CHOISIR_LE_THEME, "invalid_choice": CHOISIR_LE_THEME},
    )
    precision = Texte(
        label="Précision (facultatif)",
        required=False,
        max_length=PRECISION_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": "La précision dépasse 2\u202f000 caractères\u00a0: raccourcissez-la."},
    )
    besoins = ChoixDeLiens(label="Besoins auxquels cet axe répond", absent=BESOIN_ABSENT)
    raison_de_plus = Texte(
        label="Pourquoi un axe de plus",
        max_length=PRECISION_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"max_length": "La raison dépasse 2\u202f000 caractères\u00a0: raccourcissez-la."},
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenu: SaisieAxe,
        besoins: Sequence[Besoin],
        raison_attendue: str | None,
        nouveau: bool = False,
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=nouveau)
        self.fields["besoins"].proposer(
            ((besoin.pk, str(besoin)) for besoin in besoins), vide="Aucun besoin n'est encore retenu cette année-là."
        )
        if raison_attendue:
            self.fields["raison_de_plus"].help_text = raison_attendue
            self.fields["raison_de_plus"].error_messages["required"] = raison_attendue
        else:
            del self.fields["raison_de_plus"]

    def saisie(self) -> SaisieAxe:
        return SaisieAxe(**self.cleaned_data)

    def base(self) -> SaisieAxe:
        return SaisieAxe(**self.lu())


@dataclass(frozen=True)
class AnneeDAxes:
    annee: str
    ouverts: tuple[Axe, ...]
    clos: tuple[Axe, ...]


def par_annee(axes: Iterable[Axe]) -> list[AnneeDAxes]:
    """`axes` come sorted by year."""
    annees = ((annee, list(siens)) for annee, siens in groupby(axes, key=lambda axe: axe.annee_scolaire))
    return [
        AnneeDAxes(
            annee,
            tuple(axe for axe in siens if not axe.clos_le),
            tuple(axe for axe in siens if axe.clos_le),
        )
        for annee, siens in annees
    ]


@dataclass(frozen=True)
class LigneAction:
    """An action that serves the axe, or a part of one; `a_justifier`: published, and no backed need leads to it."""

    action: Action
    en_retard: bool
    a_justifier: bool
    sous_actions: tuple[LigneAction, ...] = ()


def lignes_d_actions(actions: Iterable[Action], jour: datetime.date) -> list[LigneAction]:
    return [
        LigneAction(
            action,
            action.en_retard(jour),
            action.publiee and not action.justifiee,
            tuple(LigneAction(part, part.en_retard(jour), False) for part in action.sous_actions.all()),
        )
        for action in actions
    ]
