"""A school's plan of one year, whole: what its table, its other views, its exports and its print show.

Four reads whatever the number of actions: axes, actions with what hangs on them, indicators with their last reading,
names of people.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from plans.models import Action, Axe, Contribution, FacteurReussite, IndicateurSuivi, Participation, Releve, Theme
from plans.models.action import ActionQuerySet
from plans.queries.completude import en_retard, silencieuse
from plans.rules.tour import annee_qui_finit
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.models import Etablissement, Utilisateur

RANG_DES_THEMES = {theme: rang for rang, theme in enumerate(Theme.values)}


class IndicateurLu(NamedTuple):
    """An indicator, and the last value read, if any."""

    cle: int
    action: int
    intitule: str
    unite: str
    depart: Decimal | None
    cible: Decimal | None
    cadence: str
    mesure: str
    valeur: Decimal | None
    date: datetime.date | None


@dataclass(slots=True)
class LigneDuPlan:
    """An action with all that the seed's table says of it; the axes of a sub-action are its parent's."""

    action: Action
    porteur: str
    contributeurs: list[str]
    cles_contributeurs: list[int]
    axes: list[Axe]
    indicateurs: list[IndicateurLu]
    facteurs: list[str]
    justifiee: bool
    en_retard: bool
    silencieuse: bool
    parent: str
    sous_actions: list[LigneDuPlan] = field(default_factory=list)

    @property
    def qui(self) -> str:
        """The person or the function that carries it."""
        return self.porteur or self.action.fonction_porteuse

    def est_a(self, personne: int) -> bool:
        """Whether this person carries it or contributes to it."""
        return personne == self.action.porteur_id or personne in self.cles_contributeurs


@dataclass(frozen=True)
class Plan:
    """`lignes`: every action and sub-action, each once; `racines`: those that have a row of their own, a sub-action
    among them only when its action is not there.
    """

    annee: str
    axes: Sequence[Axe]
    lignes: Sequence[LigneDuPlan]
    racines: Sequence[LigneDuPlan]


def lire_plan(etablissement: Etablissement, annee: str, jour: datetime.date, *, brouillons: bool) -> Plan:
    """The plan of `annee` as it is on `jour`; without drafts for those who read what is published only."""
    actions = Action.objects.vivants().filter(etablissement=etablissement).de_l_annee(annee)
    axes = axes_du_plan(etablissement)
    lignes = lignes_du_plan(actions if brouillons else actions.publiees(), axes, jour)
    return Plan(annee, axes, lignes, emboiter(lignes))


def mes_actions(etablissement: Etablissement, personne: Utilisateur, jour: datetime.date) -> list[LigneDuPlan]:
    """Those that a person carries or contributes to, whatever the year, until the end of the one they finish in."""
    siennes = Action.objects.vivants().filter(
        Q(porteur=personne) | Exists(Participation.objects.filter(action=OuterRef("pk"), utilisateur=personne)),
        ~Q(etat__in=Action.FINIES) | Q(annee_fin__gte=annee_scolaire(jour)),
        etablissement=etablissement,
    )
    return lignes_du_plan(siennes, axes_du_plan(etablissement), jour)


def axes_du_plan(etablissement: Etablissement) -> list[Axe]:
    """The school's axes of every year, by theme then as they were opened."""
    axes = Axe.objects.vivants().filter(etablissement=etablissement).order_by("cree_le", "pk")
    return sorted(axes, key=lambda axe: RANG_DES_THEMES[axe.theme])


def lignes_du_plan(actions: ActionQuerySet, axes: Sequence[Axe], jour: datetime.date) -> list[LigneDuPlan]:
    """These actions of one school with all that is said of them, in the order of the plan."""
    lues: list[Any] = list(_avec_ce_qui_s_y_attache(actions, jour))
    noms = _noms({cle for lue in lues for cle in (lue.porteur_id, *lue.cles_contributeurs) if cle})
    indicateurs = _indicateurs([lue.pk for lue in lues])
    return [
        LigneDuPlan(
            action=lue,
            porteur=noms.get(lue.porteur_id, ""),
            contributeurs=[noms[cle] for cle in lue.cles_contributeurs],
            cles_contributeurs=lue.cles_contributeurs,
            axes=[axe for axe in axes if axe.pk in lue.cles_axes] if lue.cles_axes else [],
            indicateurs=indicateurs[lue.pk],
            facteurs=lue.textes_facteurs,
            justifiee=lue.justifiee,
            en_retard=bool(lue.est_en_retard),  # NULL where a term is not said
            silencieuse=bool(lue.est_silencieuse),
            parent=lue.intitule_du_parent or "",
        )
        for lue in lues
    ]


def emboiter(lignes: Sequence[LigneDuPlan]) -> list[LigneDuPlan]:
    """Puts each sub-action in its action's; gives back those that are in none."""
    par_cle = {ligne.action.pk: ligne for ligne in lignes}
    racines: list[LigneDuPlan] = []
    for ligne in lignes:
        mere = par_cle.get(ligne.action.parent_id) if ligne.action.parent_id else None
        (mere.sous_actions if mere else racines).append(ligne)
    return racines


@dataclass(frozen=True)
class Etendue:
    """The school years that have actions, newest first; how many are to be decided at the year's turn."""

    annees: Sequence[str]
    a_tourner: int


def etendue_du_plan(etablissement: Etablissement, jour: datetime.date, *, brouillons: bool) -> Etendue:
    actions = Action.objects.vivants().filter(etablissement=etablissement)
    actions = actions if brouillons else actions.publiees()
    bornes = actions.aggregate(
        premiere=Min("annee_scolaire"),
        derniere=Max("annee_fin"),
        a_tourner=Count("pk", filter=a_decider(annee_qui_finit(jour))),
    )
    annees = []
    annee = bornes["premiere"]
    while annee and annee <= bornes["derniere"]:
        annees.append(annee)
        annee = annee_suivante(annee)
    return Etendue(annees[::-1], bornes["a_tourner"])


def a_decider(annee: str) -> Q:
    """Neither done nor given up, although it was to end by that school year."""
    return ~Q(etat__in=Action.FINIES) & Q(annee_fin__lte=annee)


def _avec_ce_qui_s_y_attache(actions: ActionQuerySet, jour: datetime.date) -> ActionQuerySet:
    """One statement; what a long text says elsewhere is not read."""
    contributions = Contribution.objects.filter(action=Coalesce(OuterRef("parent_id"), OuterRef("pk")))
    participations = Participation.objects.filter(action=OuterRef("pk")).order_by("pk")
    facteurs = FacteurReussite.objects.filter(action=OuterRef("pk")).order_by("pk")
    return (
        actions.avec_justification()
        .defer("description")
        .annotate(
            est_en_retard=en_retard(jour),
            est_silencieuse=silencieuse(jour),
            cles_axes=ArraySubquery(contributions.values("axe")),
            cles_contributeurs=ArraySubquery(participations.values("utilisateur")),
            textes_facteurs=ArraySubquery(facteurs.values("texte")),
            intitule_du_parent=F("parent__intitule"),
        )
    )


def _indicateurs(actions: Sequence[int]) -> dict[int, list[IndicateurLu]]:
    releves = Releve.objects.filter(indicateur=OuterRef("pk")).order_by("-date")[:1]
    lus = (
        IndicateurSuivi.objects.vivants()
        .filter(action__in=actions)
        .values_list(
            *("pk", "action", "intitule", "unite", "depart", "cible", "cadence", "mesure"),
            Subquery(releves.values("valeur")),
            Subquery(releves.values("date")),
        )
    )
    par_action: dict[int, list[IndicateurLu]] = defaultdict(list)
    for indicateur in map(IndicateurLu._make, lus):
        par_action[indicateur.action].append(indicateur)
    return par_action


def _noms(cles: set[int]) -> dict[int, str]:
    personnes = Utilisateur.objects.filter(pk__in=cles).order_by("pk")
    return {
        cle: f"{prenom} {nom}".strip() or email
        for cle, prenom, nom, email in personnes.values_list("pk", "first_name", "last_name", "email")
    }
