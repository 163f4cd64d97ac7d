"""What leaves in a workbook and comes back: a school's plan as it is kept, and as it was at an earlier version."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef

from plans.models import Action, Axe, Contribution, FacteurReussite, IndicateurSuivi, Participation, Releve
from plans.queries.plan import axes_du_plan
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import membres

Valeurs = Mapping[str, Any]
CleReleve = tuple[int, datetime.date]

CHAMPS_ACTION = (
    *("levier", "intitule", "description", "fonction_porteuse", "autres_contributeurs", "autres_concernes"),
    *("annee_scolaire", "trimestre", "annee_fin", "trimestre_fin", "echeance", "etat", "raison"),
)
CHAMPS_INDICATEUR = (
    *("intitule", "unite", "depart", "depart_le", "cible", "cible_le", "sens", "source", "responsable"),
    *("cadence", "agregation", "mesure"),
)
CHAMPS_FACTEUR = ("texte", "atteint", "preuve")
CHAMPS_RELEVE = ("valeur", "note", "origine")


@dataclass(frozen=True)
class Tenu:
    """A row of the plan, field by field; `en_corbeille`: it is there no more, and may come back."""

    cle: Any
    version: Any
    valeurs: Valeurs
    en_corbeille: bool = False


@dataclass(frozen=True)
class PlanTenu:
    """`noms` and `adresses` are those of the team, and of whoever the plan names; `equipe`: of the team alone.

    `anciens_titres`: what axes were called once, and those in the bin, by title.
    """

    actions: Mapping[int, Tenu]
    indicateurs: Mapping[int, Tenu]
    facteurs: Mapping[int, Tenu]
    releves: Mapping[CleReleve, Tenu]
    axes: Sequence[Axe]
    anciens_titres: Mapping[str, int]
    noms: Mapping[int, str]
    adresses: Mapping[int, str]
    equipe: frozenset[int]

    @property
    def vivantes(self) -> dict[int, Tenu]:
        return {cle: action for cle, action in self.actions.items() if not action.en_corbeille}

    @cached_property
    def derniers_releves(self) -> dict[int, Tenu]:
        """By indicator."""
        return {indicateur: self.releves[indicateur, date] for indicateur, date in sorted(self.releves)}


def lire_plan_tenu(etablissement: Etablissement, jour: datetime.date) -> PlanTenu:
    """All of it, the bin too; eight queries. Actions in the order of the plan, each before its sub-actions."""
    axes = axes_du_plan(etablissement)
    lues: list[Any] = list(_actions(etablissement))
    equipe = frozenset(membres(etablissement, jour).values_list("utilisateur", flat=True))
    nommees = {cle for lue in lues for cle in (lue.porteur_id, *lue.cles_contributeurs) if cle}
    personnes = Utilisateur.objects.filter(pk__in=equipe | nommees).order_by("pk")
    return PlanTenu(
        actions={lue.pk: _action(lue, lue.cles_axes, lue.cles_contributeurs) for lue in _en_ordre(lues, axes)},
        indicateurs={
            lu.pk: Tenu(lu.pk, lu.version, _valeurs_indicateur(lu), lu.supprime_le is not None)
            for lu in IndicateurSuivi.objects.filter(action__etablissement=etablissement).order_by("pk")
        },
        facteurs={
            lu.pk: Tenu(lu.pk, lu.version, _valeurs_facteur(lu))
            for lu in FacteurReussite.objects.filter(action__etablissement=etablissement).order_by("pk")
        },
        releves={
            (lu.indicateur_id, lu.date): Tenu((lu.indicateur_id, lu.date), lu.releve_le, _valeurs_releve(lu))
            for lu in Releve.objects.filter(indicateur__action__etablissement=etablissement).order_by("date")
        },
        axes=axes,
        anciens_titres=dict(_evenements(Axe).filter(etablissement=etablissement).values_list("intitule", "pgh_obj_id")),
        noms={personne.pk: str(personne) for personne in personnes},
        adresses={personne.pk: personne.email for personne in personnes},
        equipe=equipe,
    )


def adresses_de(cles: Iterable[int]) -> dict[int, str]:
    return dict(Utilisateur.objects.filter(pk__in=cles).values_list("pk", "email"))


def _actions(etablissement: Etablissement) -> Iterable[Action]:
    contributions = Contribution.objects.filter(action=OuterRef("pk"))
    participations = Participation.objects.filter(action=OuterRef("pk"))
    return Action.objects.filter(etablissement=etablissement).annotate(
        cles_axes=ArraySubquery(contributions.values("axe")),
        cles_contributeurs=ArraySubquery(participations.values("utilisateur")),
    )


def _en_ordre(lues: Sequence[Any], axes: Sequence[Axe]) -> list[Any]:
    """By axe, as the plan's table; what serves none comes last."""
    rangs = {axe.pk: rang for rang, axe in enumerate(axes)}
    dessous: defaultdict[int, list[Any]] = defaultdict(list)
    for lue in lues:
        dessous[lue.parent_id].append(lue)
    racines = sorted(
        (lue for lue in lues if lue.parent_id is None),
        key=lambda lue: min((rangs[axe] for axe in lue.cles_axes if axe in rangs), default=len(rangs)),
    )
    return [lue for racine in racines for lue in (racine, *dessous[racine.pk])]


def _action(lue: Any, axes: Iterable[int], contributeurs: Iterable[int]) -> Tenu:
    return Tenu(lue.pk, lue.version, _valeurs_action(lue, axes, contributeurs), lue.supprime_le is not None)


# --- The fields of a row, and of one of its events -------------------------------------------------------------
def _valeurs_action(lue: Any, axes: Iterable[int], contributeurs: Iterable[int]) -> dict[str, Any]:
    return {champ: getattr(lue, champ) for champ in CHAMPS_ACTION} | {
        "parent": lue.parent_id,
        "axes": frozenset(axes),
        "porteur": lue.porteur_id,
        "contributeurs": frozenset(contributeurs),
        "groupes": tuple(lue.groupes),
    }


def _valeurs_indicateur(lu: Any) -> dict[str, Any]:
    return {champ: getattr(lu, champ) for champ in CHAMPS_INDICATEUR} | {"action": lu.action_id}


def _valeurs_facteur(lu: Any) -> dict[str, Any]:
    return {champ: getattr(lu, champ) for champ in CHAMPS_FACTEUR} | {"action": lu.action_id}


def _valeurs_releve(lu: Any) -> dict[str, Any]:
    return {champ: getattr(lu, champ) for champ in CHAMPS_RELEVE} | {"indicateur": lu.indicateur_id, "date": lu.date}


# --- As they were --------------------------------------------------------------------------------------------
def _evenements(modele: type[Model]) -> Any:
    """The events of a model's rows, oldest first."""
    evenement: Any = modele._meta.get_field("evenements_query").related_model
    return evenement.objects.order_by("pgh_id")


def actions_passees(versions: Mapping[int, int]) -> dict[int, Valeurs]:
    """Each action as it was at that version, with the axes and contributors that the acts up to it had left."""
    etats: dict[int, Any] = {}
    actes: defaultdict[int, set[Any]] = defaultdict(set)
    for evenement in _evenements(Action).filter(pgh_obj__in=versions):
        if evenement.version <= versions[evenement.pgh_obj_id]:
            etats[evenement.pgh_obj_id] = evenement
            actes[evenement.pgh_obj_id].add(evenement.pgh_context_id)
    axes = _liens_passes(Contribution, "axe_id", actes)
    contributeurs = _liens_passes(Participation, "utilisateur_id", actes)
    return {
        cle: _valeurs_action(etat, axes[cle], contributeurs[cle])
        for cle, etat in etats.items()
        if etat.version == versions[cle]
    }


def _liens_passes(modele: type[Model], vers: str, actes: Mapping[int, set[Any]]) -> defaultdict[int, set[int]]:
    """What each action was linked to once these acts were done."""
    liens: defaultdict[int, set[int]] = defaultdict(set)
    for evenement in _evenements(modele).filter(action__in=actes):
        if evenement.pgh_context_id in actes[evenement.action_id]:
            siens = liens[evenement.action_id]
            (siens.discard if evenement.pgh_label == "delete" else siens.add)(getattr(evenement, vers))
    return liens


def indicateurs_passes(versions: Mapping[int, int]) -> dict[int, Valeurs]:
    return {
        evenement.pgh_obj_id: _valeurs_indicateur(evenement)
        for evenement in _evenements(IndicateurSuivi).filter(pgh_obj__in=versions)
        if evenement.version == versions[evenement.pgh_obj_id]
    }


def facteurs_passes(versions: Mapping[int, int]) -> dict[int, Valeurs]:
    return {
        evenement.pgh_obj_id: _valeurs_facteur(evenement)
        for evenement in _evenements(FacteurReussite).filter(pgh_obj__in=versions)
        if evenement.version == versions[evenement.pgh_obj_id]
    }


def releves_passes(versions: Mapping[CleReleve, datetime.datetime]) -> dict[CleReleve, Valeurs]:
    """`versions`: when each had been read."""
    return {
        (evenement.indicateur_id, evenement.date): _valeurs_releve(evenement)
        for evenement in _evenements(Releve).filter(indicateur__in={indicateur for indicateur, _ in versions})
        if versions.get((evenement.indicateur_id, evenement.date)) == evenement.releve_le
    }
