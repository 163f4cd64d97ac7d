"""What the page of a district's hours of trainers takes and shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from budget.models import CapaciteFormateurs
from budget.queries.formateurs import HeuresDUneAnnee
from budget.rules.formations import heures_en_mots
from diagnostic.interfaces.formulaires import INCOMPLETE
from strategie.socle.interfaces.nombres import ChampDecimal
from strategie.socle.rules import decimal_en_phrase


class CapaciteForm(forms.Form):
    """One a school year. `version`: the one that the page showed, 0 when nobody had said any."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    heures = ChampDecimal(
        label="Heures que les formateurs peuvent donner",
        error_messages={"required": "Donnez un nombre d'heures, comme 120 ou 37,5."},
    )

    def __init__(self, donnees: QueryDict | None, *, annee: str, capacite: CapaciteFormateurs | None) -> None:
        self.annee = annee
        initial = {"version": capacite.version, "heures": capacite.heures} if capacite else {"version": 0}
        super().__init__(donnees, prefix=f"h{annee[:4]}", initial=initial)
        self.fields["heures"].label = f"Heures que les formateurs peuvent donner en {annee}"

    def repartir(self, actuelle: CapaciteFormateurs) -> None:
        """Somebody else has said another number: mine stays in the field, theirs is beside it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(actuelle.version)
        self.add_error(
            "heures",
            f"Quelqu'un d'autre a fixé {heures_en_mots(actuelle.heures)} pendant que vous écriviez\u00a0: gardez votre "
            "nombre ou reprenez le sien, puis enregistrez.",
        )


@dataclass(frozen=True)
class AnneeDesFormateurs:
    lue: HeuresDUneAnnee
    formulaire: CapaciteForm
    alerte: str


def annees_des_formateurs(
    lues: Sequence[HeuresDUneAnnee], donnees: QueryDict | None, envoyee: str
) -> list[AnneeDesFormateurs]:
    """`envoyee`: the school year whose form was sent."""
    return [
        AnneeDesFormateurs(
            lue,
            CapaciteForm(donnees if lue.annee == envoyee else None, annee=lue.annee, capacite=lue.capacite),
            alerte(lue),
        )
        for lue in lues
    ]


def alerte(lue: HeuresDUneAnnee) -> str:
    """When more is engaged, or asked, than there is."""
    if lue.restantes is None or lue.si_tout_est_accorde is None:
        return ""
    if lue.restantes < 0:
        return f"Il manque {heures_en_mots(-lue.restantes)}\u00a0: plus est engagé que ce que le district a."
    if lue.si_tout_est_accorde < 0:
        return (
            f"Tout ne pourra pas être accordé\u00a0: il manquerait {heures_en_mots(-lue.si_tout_est_accorde)}. Il en "
            f"reste {decimal_en_phrase(lue.restantes)}."
        )
    return ""
