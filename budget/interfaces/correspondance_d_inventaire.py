"""The page that asks which column of a file is what, and the choice that is kept for the next one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

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


class ColonnesForm(forms.Form):
    """A choice a column, guessed from its heading. `necessaires`: at least one of each of these sets is chosen."""

    cibles: ClassVar[Mapping[str, str]]
    necessaires: ClassVar[Sequence[tuple[frozenset[str], str]]]

    def __init__(self, source: Source, depart: Mapping[int, str], donnees: Any = None, **options: Any) -> None:
        super().__init__(donnees, **options)
        self.source, self.colonnes = source, colonnes_du_fichier(source)
        for colonne in self.colonnes:
            self.fields[self.nom(colonne.place)] = forms.ChoiceField(
                label=f"Colonne {lettres(colonne.place)}\u00a0: {colonne.nom}",
                choices=list(self.cibles.items()),
                required=False,
                initial=depart.get(colonne.place, ""),
                help_text=f"Par exemple\u00a0: {colonne.exemple}" if colonne.exemple else "Colonne vide.",
            )
        self.order_fields([self.nom(colonne.place) for colonne in self.colonnes])

    @staticmethod
    def nom(place: int) -> str:
        return f"colonne_{place}"

    def choisies(self) -> dict[int, str]:
        dites = ((colonne.place, self.cleaned_data.get(self.nom(colonne.place), "")) for colonne in self.colonnes)
        return {place: cible for place, cible in dites if cible}

    def clean(self) -> None:
        fois = Counter(self.choisies().values())
        for cibles, il_manque in self.necessaires:
            if not fois.keys() & cibles:
                self.add_error(None, il_manque)
        for cible, combien in fois.items():
            if combien > 1:
                self.add_error(None, f"Une seule colonne peut être «\u00a0{self.cibles[cible]}\u00a0».")


class CorrespondanceForm(ColonnesForm):
    """Then what its dates do not say."""

    cibles = CIBLES
    necessaires = (
        (
            frozenset({"designation", "modele", "marque", "categorie"}),
            "Dites quelle colonne dit ce que c'est\u00a0: la désignation, à défaut le modèle.",
        ),
    )

    dates = forms.ChoiceField(
        label="Dates",
        choices=DATES,
        required=False,
        help_text="Une date comme 03/04/2026 peut se lire de deux façons\u00a0: le reste de la colonne le dit souvent.",
    )

    def __init__(self, source: Source, actuelle: Correspondance | None, donnees: Any = None) -> None:
        self.depart = actuelle or deviner(source)
        super().__init__(source, self.depart.cibles, donnees, initial={"dates": self.depart.dates})

    def correspondance(self) -> Correspondance:
        return Correspondance(self.depart.modele, self.depart.source, self.choisies(), self.cleaned_data["dates"])
