"""The page that asks which column of a file is what, and the choice that is kept for the next one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms

from budget.interfaces.dates_de_tableau import JOUR_D_ABORD, MOIS_D_ABORD
from budget.interfaces.fichiers_d_inventaire import CIBLES, nomment_des_gens
from budget.interfaces.lecture_d_inventaire import Correspondance, deviner, reconnaitre
from budget.interfaces.sources_d_inventaire import Source
from budget.queries.correspondances import correspondance_retenue
from strategie.socle.interfaces.classeurs import lettres
from strategie.socle.interfaces.imports import clef
from strategie.socle.models import Etablissement

EXEMPLES, EXEMPLE_MAX = 20, 60
DATES = [
    ("", "Comme le fichier le montre"),
    (JOUR_D_ABORD, "Jour, mois, année (31/12/2026)"),
    (MOIS_D_ABORD, "Mois, jour, année (12/31/2026)"),
]


def empreinte(entetes: list[str]) -> str:
    """The same for the same headings, however they are typed."""
    return hashlib.sha256("\n".join(clef(entete) for entete in entetes).encode()).hexdigest()


def correspondance_du_fichier(source: Source, etablissement: Etablissement) -> Correspondance | None:
    """What the school has chosen for these headings, else what they say by themselves."""
    retenue = None if source.par_agent else correspondance_retenue(etablissement, empreinte(source.entetes))
    return Correspondance.from_json(retenue) if retenue else reconnaitre(source)


@dataclass(frozen=True)
class ColonneDuFichier:
    place: int
    nom: str
    exemple: str


def colonnes_du_fichier(source: Source) -> list[ColonneDuFichier]:
    """Those that may be chosen, each with the first thing that it says; those that name people are not there."""
    lignes = [cellules for _, cellules in islice(source.lignes(), EXEMPLES)]
    return [
        ColonneDuFichier(place, entete or f"(sans titre, {lettres(place)})", _exemple(place, lignes))
        for place, (entete, des_gens) in enumerate(zip(source.entetes, nomment_des_gens(source.entetes), strict=True))
        if not des_gens and (entete or _exemple(place, lignes))
    ]


def _exemple(place: int, lignes: list[list[str]]) -> str:
    dit = next((cellules[place].strip() for cellules in lignes if cellules[place].strip()), "")
    propre = "".join(lettre if lettre.isprintable() else " " for lettre in dit)
    return propre if len(propre) <= EXEMPLE_MAX else f"{propre[:EXEMPLE_MAX]}…"


class CorrespondanceForm(forms.Form):
    """A choice a column, guessed from its heading; then what its dates do not say."""

    dates = forms.ChoiceField(
        label="Dates",
        choices=DATES,
        required=False,
        help_text="Une date comme 03/04/2026 peut se lire de deux façons\u00a0: le reste de la colonne le dit souvent.",
    )

    def __init__(self, source: Source, actuelle: Correspondance | None, donnees: Any = None) -> None:
        self.source, self.depart = source, actuelle or deviner(source)
        super().__init__(donnees, initial={"dates": self.depart.dates})
        self.colonnes = colonnes_du_fichier(source)
        for colonne in self.colonnes:
            self.fields[self.nom(colonne.place)] = forms.ChoiceField(
                label=f"Colonne {lettres(colonne.place)}\u00a0: {colonne.nom}",
                choices=list(CIBLES.items()),
                required=False,
                initial=self.depart.cibles.get(colonne.place, ""),
                help_text=f"Par exemple\u00a0: {colonne.exemple}" if colonne.exemple else "Colonne vide.",
            )
        self.order_fields([self.nom(colonne.place) for colonne in self.colonnes])

    @staticmethod
    def nom(place: int) -> str:
        return f"colonne_{place}"

    def _choisies(self) -> Iterator[tuple[int, str]]:
        for colonne in self.colonnes:
            if cible := self.cleaned_data.get(self.nom(colonne.place), ""):
                yield colonne.place, cible

    def clean(self) -> None:
        fois = Counter(cible for _, cible in self._choisies())
        if not fois.keys() & {"designation", "modele", "marque", "categorie"}:
            self.add_error(None, "Dites quelle colonne dit ce que c'est\u00a0: la désignation, à défaut le modèle.")
        for cible, combien in fois.items():
            if combien > 1:
                self.add_error(None, f"Une seule colonne peut être «\u00a0{CIBLES[cible]}\u00a0».")

    def correspondance(self) -> Correspondance:
        return Correspondance(
            self.depart.modele, self.depart.source, dict(self._choisies()), self.cleaned_data["dates"]
        )
