"""Reading actions: what one may name, what decides whether it leaves draft."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import QuerySet

from plans.models import Action, Axe, Contribution, IndicateurSuivi
from plans.rules.actions import ActionAPublier, AxeServi, BesoinVise, Cadre, IndicateurPrevu, derniere_annee_possible
from plans.rules.indicateurs import manques_de_l_indicateur
from strategie.socle.models import Etablissement
from strategie.socle.queries.equipe import membres


def cadre_de_l_action(
    etablissement: Etablissement, jour: datetime.date, action: Action | None = None, *, sous_action: bool = False
) -> Cadre:
    """What an action of this school may name; an existing one keeps whom and what it names already."""
    equipe = set(membres(etablissement, jour).values_list("utilisateur", flat=True))
    axes = set(Axe.objects.vivants().filter(etablissement=etablissement, clos_le=None).values_list("pk", flat=True))
    if action is not None:
        equipe |= set(action.participations.values_list("utilisateur", flat=True))
        equipe |= {action.porteur_id} if action.porteur_id else set()
        axes |= set(action.contributions.values_list("axe", flat=True))
    return Cadre(
        equipe=frozenset(equipe),
        axes=frozenset() if sous_action else frozenset(axes),
        derniere_annee=derniere_annee_possible(jour),
        sous_action=sous_action,
    )


# --- What decides whether it leaves draft --------------------------------------------------------------------
def action_a_publier(action: Action) -> ActionAPublier:
    """Three queries, whatever hangs on it."""
    if action.parent is not None:
        return a_publier(action)
    return a_publier(
        action,
        axes=axes_servis(action),
        indicateurs=IndicateurSuivi.objects.vivants().filter(action=action),
        avis=dict(action.examens.values_list("question", "favorable")),
    )


def a_publier(
    action: Action,
    *,
    axes: Sequence[AxeServi] = (),
    indicateurs: Iterable[IndicateurSuivi] = (),
    avis: Mapping[str, bool] = MappingProxyType({}),
) -> ActionAPublier:
    """From what is read already; a sub-action inherits the rest."""
    parent = action.parent
    return ActionAPublier(
        intitule=action.intitule,
        porteur=bool(action.porteur_id or action.fonction_porteuse),
        quand=bool(action.annee_scolaire),
        axes=axes,
        indicateurs=[IndicateurPrevu(un.intitule, manques_de_l_indicateur(un)) for un in indicateurs],
        avis=avis,
        parent=parent.intitule if parent else "",
        parent_publie=(parent.publiee and parent.supprime_le is None) if parent else None,
    )


class _Chemin(NamedTuple):
    """One path from an action to a fact, as far as it goes."""

    axe: int
    quoi: str
    clos_le: datetime.datetime | None
    besoin: int | None
    intitule: str
    origine: str
    reference: str
    annee: str
    besoin_supprime_le: datetime.datetime | None
    constat: int | None
    texte: str
    constat_supprime_le: datetime.datetime | None


def axes_servis(action: Action) -> list[AxeServi]:
    """With the needs and the facts behind each, in one query; a sub-action has its parent's."""
    besoin = "axe__justifications__besoin"
    constat = f"{besoin}__fondements__constat"
    chemins = (
        Contribution.objects.filter(action=action.parent_id or action.pk, axe__supprime_le__isnull=True)
        .order_by("axe__cree_le", "axe", f"{besoin}__retenu_le", besoin, constat)
        .values_list(
            *("axe", "axe__intitule", "axe__clos_le"),
            *(besoin, f"{besoin}__intitule", f"{besoin}__origine", f"{besoin}__reference"),
            *(f"{besoin}__annee_scolaire", f"{besoin}__supprime_le"),
            *(constat, f"{constat}__texte", f"{constat}__supprime_le"),
        )
    )
    return [_axe(list(siens)) for _, siens in groupby(map(_Chemin._make, chemins), key=lambda chemin: chemin.axe)]


def _axe(chemins: list[_Chemin]) -> AxeServi:
    vivants = [chemin for chemin in chemins if chemin.besoin is not None and chemin.besoin_supprime_le is None]
    besoins = [_besoin(list(siens)) for _, siens in groupby(vivants, key=lambda chemin: chemin.besoin)]
    return AxeServi(chemins[0].quoi, besoins, chemins[0].axe, chemins[0].clos_le is not None)


def _besoin(chemins: list[_Chemin]) -> BesoinVise:
    un = chemins[0]
    constats = {c.constat: c.texte for c in chemins if c.constat is not None and c.constat_supprime_le is None}
    return BesoinVise(un.intitule, un.origine, constats, un.besoin or 0, un.reference, un.annee)


def sous_actions_ouvertes(action: Action) -> list[str]:
    """The names of those that are neither done nor given up."""
    siennes = action.sous_actions.vivants().exclude(etat__in=Action.FINIES)
    return list(siennes.values_list("intitule", flat=True))


def etat_a_la_version(action: Action, version: int) -> str | None:
    """The state that somebody read with this version; None when there was no such version."""
    lus = evenements(action).filter(version=version).order_by("-pgh_id").values_list("etat", flat=True)
    return lus.first()


def evenements(action: Action) -> QuerySet[Any]:
    """What django-pghistory keeps of it."""
    evenements: QuerySet[Any] = getattr(action, "evenements")  # noqa: B009 (no type stub knows of it)
    return evenements
