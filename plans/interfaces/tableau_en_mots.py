"""The seed's table and its matrix as texts, line by line: what a sheet and a text document hold, as on screen."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from django.http import QueryDict

from plans.domain.fraicheur import perimee
from plans.interfaces import mots
from plans.interfaces.selection import choisir
from plans.interfaces.tableau_du_plan import LEVIERS, THEMES, Groupe, groupes
from plans.models import Action, Axe
from plans.queries.matrice import LigneMatrice
from plans.queries.plan import IndicateurLu, LigneDuPlan, Plan

COLONNES_MATRICE = ("Thème", "Irritants", "Besoins", "Axes d'amélioration")
ETATS = dict(Action.Etat.choices)
Texte = tuple[str, ...]


@dataclass(frozen=True)
class LigneEnMots:
    """A row of the seed's table: each cell, line by line."""

    theme: Texte
    quoi: Texte
    comment: Texte
    qui: Texte
    quand: Texte
    mesures: Texte

    @property
    def cellules(self) -> tuple[str, ...]:
        return tuple("\n".join(cellule) for cellule in astuple(self))


def tableau_en_mots(plan: Plan, jour: datetime.date) -> list[LigneEnMots]:
    """Every row of the table of a year, without a filter; thème and axe are said on each."""
    selection = choisir(plan, QueryDict(), "", entier=True)
    return [ligne for groupe in groupes(selection) for ligne in _lignes(groupe, jour)]


def matrice_en_mots(lignes: Sequence[LigneMatrice]) -> list[tuple[str, ...]]:
    return [
        (ligne.theme, "\n".join(ligne.irritants), "\n".join(ligne.besoins), "\n".join(ligne.axes)) for ligne in lignes
    ]


def _lignes(groupe: Groupe, jour: datetime.date) -> Iterator[LigneEnMots]:
    axe = groupe.axe
    theme = (THEMES[axe.theme],) if axe else ("Sans thème",)
    quoi = (axe.intitule, *(["Clos"] if axe.clos_le else [])) if axe else ("Sans axe",)
    if not groupe.lignes:
        yield LigneEnMots(theme, quoi, ("Aucune action ne sert encore cet axe.",), (), (), ())
    for ligne in groupe.lignes:
        yield LigneEnMots(
            theme,
            quoi,
            tuple(_comment(ligne, axe)),
            tuple(_qui(ligne)),
            tuple(mots.quand(ligne.action)),
            tuple(_mesures(ligne, jour)),
        )


def _comment(ligne: LigneDuPlan, axe: Axe | None) -> Iterator[str]:
    yield from _titre(ligne)
    yield LEVIERS[ligne.action.levier]
    if ligne.parent:
        yield f"Sous-action de «\u00a0{ligne.parent}\u00a0»"
    if axe is not None and (autres := [autre.intitule for autre in ligne.axes if autre.pk != axe.pk]):
        yield f"Aussi sous {', '.join(f'«\u00a0{autre}\u00a0»' for autre in autres)}"
    for sous in ligne.sous_actions:
        yield from _titre(sous)
        periode = mots.periode(sous.action)
        yield f"{sous.qui}, {periode[0].lower()}{periode[1:]}" if sous.qui else periode


def _titre(ligne: LigneDuPlan) -> Iterator[str]:
    yield ligne.action.intitule
    yield ETATS[ligne.action.etat]
    if ligne.en_retard:
        yield "En retard"


def _qui(ligne: LigneDuPlan) -> Iterator[str]:
    yield ligne.qui or "Sans porteur"
    if avec := mots.avec(ligne):
        yield f"Avec {avec}"
    if pour := mots.pour(ligne.action):
        yield f"Pour {pour[0].lower()}{pour[1:]}"


def _mesures(ligne: LigneDuPlan, jour: datetime.date) -> Iterator[str]:
    lignes = [ligne, *ligne.sous_actions]
    indicateurs = [indicateur for une in lignes for indicateur in une.indicateurs]
    facteurs = [facteur for une in lignes for facteur in une.facteurs]
    for indicateur in indicateurs:
        yield from _indicateur(indicateur, jour)
    if facteurs:
        yield "Facteurs de réussite"
        yield from facteurs
    elif not indicateurs:
        yield "Aucun indicateur"


def _indicateur(indicateur: IndicateurLu, jour: datetime.date) -> Iterator[str]:
    chemin, releve = mots.chemin(indicateur), mots.dernier_releve(indicateur)
    yield f"{indicateur.intitule}\u00a0: {chemin}" if chemin else indicateur.intitule
    if releve:
        ancienne = " (valeur ancienne)" if perimee(indicateur.date, indicateur.cadence, jour) else ""
        yield f"Dernier relevé\u00a0: {releve}{ancienne}"
