"""The forms of rooms."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict

from django import forms
from django.http import QueryDict

from budget.domain.salles import SaisieSalle
from budget.interfaces.champs import CONTROLES, ChoixDeCle, choix, jour, phrase
from budget.models import Salle
from budget.queries.salles import noms_pris
from budget.rules.equipements import SALLE_D_AILLEURS
from budget.rules.salles import NOM_MAX, empechement_deja_la, empechement_noms, empechement_wifi
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import BLANCS
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase


def le_batiment() -> forms.Field:
    return phrase("Bâtiment (facultatif)", 60, required=False)


def deja_la(salles: Sequence[Salle]) -> str | None:
    return empechement_deja_la(
        [salle.nom for salle in salles if not salle.archivee_le], [salle.nom for salle in salles if salle.archivee_le]
    )


class AjouterSallesForm(forms.Form):
    """One name, or many pasted together."""

    noms = forms.CharField(
        label="Noms des salles",
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text="Une salle par ligne, telle qu'on l'appelle\u00a0: B12, CDI, Chariot 2.",
        error_messages={"required": "Donnez au moins un nom de salle."},
    )
    batiment = le_batiment()

    def __init__(self, donnees: QueryDict | None, *, etablissement: Etablissement) -> None:
        super().__init__(donnees)
        self.etablissement = etablissement

    def clean_noms(self) -> list[str]:
        lignes = (CONTROLES.sub("", BLANCS.sub(" ", un)).strip() for un in self.cleaned_data["noms"].splitlines())
        noms = [ligne for ligne in lignes if ligne]
        pris = noms_pris(self.etablissement, noms)
        if refus := empechement_noms(noms) or deja_la(pris):
            raise forms.ValidationError(refus)
        return noms


class SalleForm(FormulaireAPlusieurs):
    nom = phrase("Nom", NOM_MAX, error_messages={"required": "Une salle a un nom."})
    batiment = le_batiment()
    wifi = choix("Le Wi-Fi y est", Salle.Wifi.choices, required=False)
    wifi_le = jour("Wi-Fi constaté le (facultatif)", help_text="Vide\u00a0: aujourd'hui.")

    def __init__(self, donnees: QueryDict | None, *, salle: Salle, tenu: SaisieSalle, jour: datetime.date) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=False)
        self.salle, self.jour = salle, jour

    def clean_nom(self) -> str:
        nom: str = self.cleaned_data["nom"]
        if refus := deja_la(noms_pris(self.salle.etablissement, [nom], self.salle.pk)):
            raise forms.ValidationError(refus)
        return nom

    def clean(self) -> None:
        super().clean()
        dit = self.cleaned_data
        if refus := empechement_wifi(dit.get("wifi", ""), dit.get("wifi_le"), self.jour):
            self.add_error("wifi_le", refus)

    def en_mots(self, nom: str, valeur: object) -> str:
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)

    def saisie(self) -> SaisieSalle:
        return SaisieSalle(**self.cleaned_data)

    def base(self) -> SaisieSalle:
        return SaisieSalle(**self.lu())


class ArchiverForm(forms.Form):
    """Where goes what is there."""

    vers = ChoixDeCle(
        label="Où va ce qui s'y trouve\u00a0?", absent=SALLE_D_AILLEURS, vide="Choisir une salle", required=True
    )

    def __init__(self, donnees: QueryDict | None, *, salles: list[Salle], plein: bool) -> None:
        super().__init__(donnees)
        self.fields["vers"].proposer([*((salle.pk, str(salle)) for salle in salles), (0, "Aucune salle")])
        if not plein:
            del self.fields["vers"]

    def destination(self) -> int | None:
        """The key of the room that is chosen; None for none."""
        return self.cleaned_data.get("vers") or None
