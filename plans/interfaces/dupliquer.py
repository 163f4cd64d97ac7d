"""The page that copies a plan: where to, what, and what the copy leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from plans.domain.dupliquer import Choix, Copie
from plans.models import Action, Axe
from plans.queries.plan import LigneDuPlan, Plan
from strategie.socle.models import Etablissement

RAISON_MAX = 1_000


@dataclass(frozen=True)
class Case:
    """Something to copy; `cochee` unless it goes on by itself, or was unticked."""

    nom: str
    libelle: str
    cochee: bool
    sous_actions: int = 0


@dataclass(frozen=True)
class GroupeACopier:
    """An axe, None for the actions that serve none, and its actions."""

    axe: Case | None
    actions: Sequence[Case]


@dataclass(frozen=True)
class Destination:
    etablissement: Etablissement
    annee: str


def groupes_a_copier(
    plan: Plan, destination: Destination, source: Etablissement, choix: Choix | None
) -> list[GroupeACopier]:
    """Each action once, under the first axe that it serves; at home, an axe that is open goes on without a copy."""
    chez_soi = destination.etablissement.pk == source.pk
    restantes = [ligne for ligne in plan.racines if ligne.action.parent_id is None]
    groupes = []
    for axe in plan.axes:
        siennes = [ligne for ligne in restantes if axe in ligne.axes]
        restantes = [ligne for ligne in restantes if axe not in ligne.axes]
        if siennes or axe.annee_scolaire == plan.annee:
            groupes.append(
                GroupeACopier(_case_axe(axe, chez_soi, choix), [_case(ligne, chez_soi, choix) for ligne in siennes])
            )
    if restantes:
        groupes.append(GroupeACopier(None, [_case(ligne, chez_soi, choix) for ligne in restantes]))
    return groupes


def _case_axe(axe: Axe, chez_soi: bool, choix: Choix | None) -> Case:
    cochee = axe.pk in choix.axes if choix else not (chez_soi and axe.clos_le is None)
    return Case(f"axe-{axe.pk}", axe.intitule, cochee)


def _case(ligne: LigneDuPlan, chez_soi: bool, choix: Choix | None) -> Case:
    """What was given up is not proposed again, nor, at home, what is done."""
    laissees = {Action.Etat.ABANDONNEE, *([Action.Etat.REALISEE] if chez_soi else [])}
    cochee = ligne.action.pk in choix.actions if choix else ligne.action.etat not in laissees
    return Case(f"action-{ligne.action.pk}", ligne.action.intitule, cochee, len(ligne.sous_actions))


def lire_choix(donnees: QueryDict) -> Choix:
    return Choix(
        axes=_cles(donnees, "axe-"),
        actions=_cles(donnees, "action-"),
        raison_de_plus=" ".join(donnees.get("raison", "").replace("\x00", "").split())[:RAISON_MAX],
    )


def _cles(donnees: QueryDict, prefixe: str) -> frozenset[int]:
    cles = [nom.removeprefix(prefixe) for nom in donnees if nom.startswith(prefixe)]
    return frozenset(int(cle) for cle in cles if cle.isascii() and cle.isdigit() and len(cle) < 10)


def phrase_de_la_copie(copie: Copie) -> str:
    """What was made; then what was left behind, and what is to be done about it."""
    faits = [_nombre(copie.axes, "axe"), _nombre(copie.actions, "action"), _nombre(copie.sous_actions, "sous-action")]
    dits = ", ".join(fait for fait in faits if fait)
    phrases = [f"Copié, en brouillon\u00a0: {dits}." if dits else "Rien à copier\u00a0: tout y était déjà."]
    if copie.deja_la and dits:
        phrases.append(f"{_nombre(copie.deja_la, 'action')} y {'était' if copie.deja_la == 1 else 'étaient'} déjà.")
    if copie.personnes_laissees:
        qui = _nombre(len(copie.personnes_laissees), "personne")
        ou = "dans l'autre établissement" if copie.autre_etablissement else "car elles ne sont plus de l'équipe"
        verbe = "n'est pas nommée" if len(copie.personnes_laissees) == 1 else "ne sont pas nommées"
        phrases.append(f"{qui} {verbe} {ou}\u00a0: désignez un porteur.")
    if copie.sans_axe:
        rattachez = "rattachez-la" if copie.sans_axe == 1 else "rattachez-les"
        phrases.append(f"{_nombre(copie.sans_axe, 'action')} sans axe\u00a0: {rattachez} à un axe.")
    return " ".join(phrases)


def _nombre(nombre: int, mot: str) -> str:
    return f"{nombre}\u00a0{mot}{'s' if nombre > 1 else ''}" if nombre else ""
