"""Reading what a copy of a plan takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from plans.models import Action, Axe, Besoin, Contribution
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement, Utilisateur

ETABLISSEMENTS_MAX = 50


@dataclass(frozen=True)
class PlanACopier:
    """What was chosen: each action with its indicators, factors and contributors, its sub-actions and its axes."""

    axes: Sequence[Axe]
    actions: Sequence[Action]
    sous_actions: Mapping[int, Sequence[Action]]
    axes_des_actions: Mapping[int, Sequence[Axe]]


def plan_a_copier(
    etablissement: Etablissement, annee: str, axes: Collection[int], actions: Collection[int]
) -> PlanACopier:
    """Living ones of the school, whatever else was asked for."""
    vivants = Prefetch("besoins", Besoin.objects.vivants())
    axes_vivants = Axe.objects.vivants().filter(etablissement=etablissement).prefetch_related(vivants)
    siens = {axe.pk: axe for axe in axes_vivants}
    lues = Action.objects.vivants().filter(etablissement=etablissement).de_l_annee(annee)
    completes = lues.prefetch_related("indicateurs", "facteurs", "participations")
    dessous: dict[int, list[Action]] = {}
    for sous_action in completes.filter(parent__in=actions):
        dessous.setdefault(sous_action.parent_id or 0, []).append(sous_action)
    servis: dict[int, list[Axe]] = {}
    for contribution in Contribution.objects.filter(action__in=actions, axe__in=siens).order_by("pk"):
        servis.setdefault(contribution.action_id, []).append(siens[contribution.axe_id])
    return PlanACopier(
        axes=[axe for axe in siens.values() if axe.pk in axes],
        actions=list(completes.filter(pk__in=actions, parent__isnull=True)),
        sous_actions=dessous,
        axes_des_actions=servis,
    )


def etablissements_ou_copier(personne: Utilisateur) -> QuerySet[Etablissement]:
    """Where the person writes the plan: her school, and those of a cité scolaire."""
    siens = Etablissement.objects.allowed_to(personne, Droit.MODIFIER_PLAN).exclude(etat=Etablissement.Etat.FERME)
    return siens.select_related("academie").order_by("nom", "pk")[:ETABLISSEMENTS_MAX]
