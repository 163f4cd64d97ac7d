"""The form of a meeting of the board."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict

from budget.interfaces.achats import entier
from budget.interfaces.champs import jour
from budget.interfaces.lignes import champ_de_cle
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from strategie.pilotage.domain.conseil import Regles
from strategie.pilotage.domain.seances import SaisieSeance
from strategie.socle.rules import date_en_phrase

ENTIER = "Donnez un nombre entier."


class SeanceForm(FormulaireAPlusieurs):
    """A meeting to come has no date of notice, or nobody present, yet."""

    date = jour("Date de la séance", required=True)
    convoquee_le = jour("Convocation envoyée le")
    urgente = forms.BooleanField(label="Convoquée en urgence", required=False)
    seconde = forms.BooleanField(label="Seconde convocation, faute de quorum à la première", required=False)
    membres_en_exercice = entier("Membres en exercice", ENTIER, required=False)
    presents = entier("Membres présents", ENTIER, required=False)

    def __init__(
        self, donnees: QueryDict | None, *, tenu: SaisieSeance | None, regles: Regles, nouveau: bool = False
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu) if tenu else {}, nouveau=nouveau)
        self.fields["convoquee_le"].help_text = delais_en_mots(regles)
        self.fields["membres_en_exercice"].help_text = "Les sièges pourvus, sans les suppléants."
        self.fields["presents"].help_text = "Un nombre, jamais des noms. À noter après la séance."
        if not regles.quorum:
            del self.fields["seconde"], self.fields["urgente"]
        if nouveau:
            self.fields["cle"] = champ_de_cle()

    def saisie(self) -> SaisieSeance:
        return SaisieSeance(**self._de_la_seance(self.cleaned_data))

    def base(self) -> SaisieSeance:
        """What the page showed."""
        return SaisieSeance(**self._de_la_seance(self.lu()))

    def _de_la_seance(self, lues: Mapping[str, Any]) -> dict[str, Any]:
        return {nom: lues[nom] for nom in self.fields if nom != "cle"}

    def en_mots(self, nom: str, valeur: Any) -> str:
        match valeur:
            case bool():
                return "oui" if valeur else "non"
            case datetime.date():
                return date_en_phrase(valeur)
        return super().en_mots(nom, valeur)


def delais_en_mots(regles: Regles) -> str:
    """« 8 jours avant la séance, 1 jour en urgence. »"""
    ordinaire = f"Au moins {jours(regles.convocation_jours)} avant la séance"
    if regles.urgence_jours == regles.convocation_jours:
        return f"{ordinaire}."
    return f"{ordinaire}, {jours(regles.urgence_jours)} en cas d'urgence."


def jours(nombre: int) -> str:
    return f"{nombre}\u00a0jour{'s' if nombre > 1 else ''}"
