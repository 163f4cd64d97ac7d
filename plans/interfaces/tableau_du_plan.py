"""The plan as the seed's table: thème, quoi, comment, qui, quand, indicateurs et facteurs de réussite."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from plans.domain.fraicheur import perimee
from plans.interfaces import mots
from plans.interfaces.morceaux import adresses, etiquettes, liste, saisi
from plans.interfaces.selection import Selection
from plans.models import Action, Axe, Theme
from plans.queries.plan import ActionLue, IndicateurLu, LigneDuPlan

COLONNES = ("Thème", "Quoi", "Comment", "Qui", "Quand", "Indicateurs et facteurs de réussite")
ENTETES = tuple(zip(("theme", "quoi", "comment", "qui", "quand", "mesure"), COLONNES, strict=True))
LEVIERS = dict(Action.Levier.choices)
THEMES = dict(Theme.choices)
ANNEE = re.compile(r"\d{4}-\d{4}")
AUCUNE_ACTION = '<td colspan="4" class="discret">Aucune action ne sert encore cet axe.</td>'


@dataclass(frozen=True)
class Groupe:
    """The rows of an axe; `axe` is None for those that serve none."""

    axe: Axe | None
    lignes: Sequence[LigneDuPlan]


def groupes(selection: Selection) -> list[Groupe]:
    """By thème then by axe; an action that serves several axes is under each. Without a filter, the open axes that
    nothing serves yet are there too.
    """
    par_axe: dict[int, list[LigneDuPlan]] = {axe.pk: [] for axe in selection.plan.axes}
    sans_axe = []
    for racine in selection.racines:
        for axe in racine.axes:
            par_axe[axe.pk].append(racine)
        if not racine.axes:
            sans_axe.append(racine)
    vides = not selection.choisis
    montres = [
        Groupe(axe, par_axe[axe.pk])
        for axe in selection.plan.axes
        if par_axe[axe.pk] or (vides and _ouvert(axe, selection.plan.annee))
    ]
    return [*montres, *([Groupe(None, sans_axe)] if sans_axe else [])]


def _ouvert(axe: Axe, annee: str) -> bool:
    return axe.clos_le is None and axe.annee_scolaire <= annee


def corps_du_tableau(selection: Selection, uai: str, jour: datetime.date, *, peut_ajouter: bool) -> SafeString:
    """Every row, ready: a page of three hundred actions is made in the time that a template takes to begin."""
    rendu = _Rendu(
        adresse_action=adresses("action", uai),
        adresse_axe=adresses("axe", uai),
        ajouter=f"{reverse('action_creer', args=[uai])}?axe=" if peut_ajouter else "",
        jour=jour,
        montrees=set(),
    )
    return mark_safe("".join(rendu.groupe(groupe) for groupe in groupes(selection)))  # noqa: S308 - escaped piece by piece


@dataclass(frozen=True)
class _Rendu:
    adresse_action: Callable[[int], str]
    adresse_axe: Callable[[int], str]
    ajouter: str
    jour: datetime.date
    montrees: set[int]

    def groupe(self, groupe: Groupe) -> str:
        tete = self._tete(groupe)
        if not groupe.lignes:
            return f"<tbody><tr>{tete}{AUCUNE_ACTION}</tr></tbody>"
        premiere, *suivantes = groupe.lignes
        rangs = [f"<tr{self._ancre(premiere)}>{tete}{self._cellules(premiere, groupe.axe)}</tr>"]
        rangs += [f"<tr{self._ancre(ligne)}>{self._cellules(ligne, groupe.axe)}</tr>" for ligne in suivantes]
        return f"<tbody>{''.join(rangs)}</tbody>"

    def _tete(self, groupe: Groupe) -> str:
        """Thème and axe, said once for all their rows."""
        hauteur = len(groupe.lignes)
        portee = f' scope="rowgroup" rowspan="{hauteur}"' if hauteur > 1 else ' scope="rowgroup"'
        if groupe.axe is None:
            return f'<th{portee} class="theme discret">Sans thème</th><th{portee} class="quoi">Sans axe</th>'
        axe = groupe.axe
        quoi = f'<a href="{self.adresse_axe(axe.pk)}">{saisi(axe.intitule)}</a>'
        clos = ' <span class="etiquette">Clos</span>' if axe.clos_le else ""
        ajouter = (
            f'<p class="d-print-none"><a href="{self.ajouter}{axe.pk}">Ajouter une action'
            f'<span class="visually-hidden"> à l\'axe «\u00a0{saisi(axe.intitule)}\u00a0»</span></a></p>'
            if self.ajouter and not axe.clos_le
            else ""
        )
        return (
            f'<th{portee} class="theme">{escape(THEMES[axe.theme])}</th>'
            f'<th{portee} class="quoi">{quoi}{clos}{ajouter}</th>'
        )

    def _ancre(self, ligne: LigneDuPlan) -> str:
        """The address of a row, the first time that its action is shown."""
        cle = ligne.action.id
        if cle in self.montrees:
            return ""
        self.montrees.add(cle)
        return f' id="action-{cle}"'

    def _cellules(self, ligne: LigneDuPlan, axe: Axe | None) -> str:
        return (
            f'<th scope="row" class="comment">{self._comment(ligne, axe)}</th>'
            f'<td class="qui">{_qui(ligne)}</td><td class="quand">{_quand(ligne.action)}</td>'
            f'<td class="mesure">{"".join(self._mesures(ligne))}</td>'
        )

    def _comment(self, ligne: LigneDuPlan, axe: Axe | None) -> str:
        autres = [autre.intitule for autre in ligne.axes if axe is not None and autre is not axe]
        aussi = f"<br>Aussi sous {', '.join(f'«\u00a0{saisi(autre)}\u00a0»' for autre in autres)}" if autres else ""
        mere = f"<br>Sous-action de «\u00a0{saisi(ligne.parent)}\u00a0»" if ligne.parent else ""
        return (
            f"{self._titre(ligne)} {etiquettes(ligne)}"
            f'<p class="discret">{LEVIERS[ligne.action.levier]}{mere}{aussi}</p>'
            f"{liste([self._sous_action(sous) for sous in ligne.sous_actions], 'sous-actions')}"
        )

    def _titre(self, ligne: LigneDuPlan) -> str:
        return f'<a href="{self.adresse_action(ligne.action.id)}">{saisi(ligne.action.intitule)}</a>'

    def _sous_action(self, ligne: LigneDuPlan) -> str:
        qui = f"{saisi(ligne.qui)}, " if ligne.qui else ""
        periode = mots.periode(ligne.action)
        quand = periode[0].lower() + periode[1:] if qui else periode
        return f'{self._titre(ligne)} {etiquettes(ligne)}<br><span class="discret">{qui}{quand}</span>'

    def _mesures(self, ligne: LigneDuPlan) -> Iterator[str]:
        """Its own and its sub-actions'."""
        lignes = [ligne, *ligne.sous_actions]
        yield liste([self._indicateur(indicateur) for une in lignes for indicateur in une.indicateurs])
        facteurs = [saisi(facteur) for une in lignes for facteur in une.facteurs]
        if facteurs:
            yield f'<p class="discret">Facteurs de réussite</p>{liste(facteurs)}'
        elif not any(une.indicateurs for une in lignes):
            yield '<span class="discret">Aucun indicateur</span>'

    def _indicateur(self, indicateur: IndicateurLu) -> str:
        chemin, releve = mots.chemin(indicateur), mots.dernier_releve(indicateur)
        texte = f"{saisi(indicateur.intitule)}\u00a0: {escape(chemin)}" if chemin else saisi(indicateur.intitule)
        if not releve:
            return texte
        ancienne = " (valeur ancienne)" if _est_ancienne(indicateur.date, indicateur.cadence, self.jour) else ""
        return f'{texte}<br><span class="discret">Dernier relevé\u00a0: {escape(releve)}{ancienne}</span>'


def _qui(ligne: LigneDuPlan) -> str:
    avec, pour = mots.avec(ligne), mots.pour(ligne.action)
    qui = saisi(ligne.qui) if ligne.qui else '<span class="discret">Sans porteur</span>'
    return (
        f"{qui}{f'<p>Avec {saisi(avec)}</p>' if avec else ''}"
        f"{f'<p class="discret">Pour {saisi(pour[0].lower() + pour[1:])}</p>' if pour else ''}"
    )


def _quand(action: ActionLue) -> str:
    return _en_html(mots.quand(action))


@mots.une_fois
def _en_html(quand: tuple[str, ...]) -> str:
    """A school year is never cut in two."""
    premier, *suite = (ANNEE.sub(r'<span class="annee">\g<0></span>', dit) for dit in quand)
    return f'{premier}<br><span class="discret">{"<br>".join(suite)}</span>'


_est_ancienne = mots.une_fois(perimee)
