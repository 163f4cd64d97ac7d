"""Reading what the year's turn asks: the actions that were to end, the axes that are open."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.models import Action, Axe
from plans.models.action import ActionQuerySet
from plans.queries.plan import ActionLue, LigneDuPlan, a_decider, axes_du_plan, emboiter, lignes_du_plan
from plans.rules.tour import Situation
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Tour:
    """`lignes`: each action followed by its sub-actions; `axes`: those that are open and began by that year."""

    annee: str
    lignes: Sequence[LigneDuPlan]
    situations: Mapping[int, Situation]
    axes: Sequence[Axe]

    @property
    def versions(self) -> dict[int, int]:
        return {ligne.action.pk: ligne.action.version for ligne in self.lignes}


def tour_a_faire(etablissement: Etablissement, annee: str, jour: datetime.date) -> Tour:
    """Five queries, whatever the number of actions."""
    axes = axes_du_plan(etablissement)
    lues = lignes_du_plan(actions_a_decider(etablissement, annee), axes, jour)
    lignes = [ligne for racine in emboiter(lues) for ligne in (racine, *racine.sous_actions)]
    ouverts = [axe for axe in axes if axe.clos_le is None and axe.annee_scolaire <= annee]
    return Tour(annee, lignes, situations([ligne.action for ligne in lignes], annee), ouverts)


def actions_a_decider(etablissement: Etablissement, annee: str) -> ActionQuerySet:
    return Action.objects.vivants().filter(a_decider(annee), etablissement=etablissement)


def situations(actions: Sequence[Action | ActionLue], annee: str) -> dict[int, Situation]:
    """By action; one query, for the sub-actions that go on after the year."""
    cles = [action.pk for action in actions]
    continuent: dict[int | None, list[str]] = {}
    suivantes = Action.objects.vivants().filter(parent__in=cles, annee_fin__gt=annee).exclude(etat__in=Action.FINIES)
    for parent, intitule in suivantes.values_list("parent", "intitule"):
        continuent.setdefault(parent, []).append(intitule)
    return {
        action.pk: Situation(
            etat=action.etat,
            brouillon=not action.publiee,
            continuent=tuple(continuent.get(action.pk, ())),
            sous_actions=tuple(autre.pk for autre in actions if autre.parent_id == action.pk),
        )
        for action in actions
    }
