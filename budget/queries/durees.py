"""How long each category is meant to serve: what a collectivité chose, elsewhere the proposal of `domain.cycle`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, DateField, DurationField, F, Func, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, Coalesce

from budget.domain.cycle import REPERES
from budget.models import Categorie, DureeDeVie
from strategie.socle.droits import Droit, roles_ayant
from strategie.socle.models import Affectation, Collectivite, Etablissement, Utilisateur


@dataclass(frozen=True)
class LigneDuree:
    """A category, its proposal, and what the collectivité chose, if it did."""

    categorie: Categorie
    repere: int
    choisie: DureeDeVie | None


def durees_de(etablissement: Etablissement) -> dict[str, int]:
    """Years by category, as the school's collectivité means them; one query."""
    if etablissement.collectivite_id is None:
        return dict(REPERES)
    choisies = DureeDeVie.objects.filter(collectivite=etablissement.collectivite_id)
    return {**REPERES, **dict(choisies.values_list("categorie", "annees"))}


def fin_prevue(durees: Mapping[str, int]) -> Expression:
    """`domain.cycle.fin_prevue` of a row of equipment, in SQL: the last day of its planned life, or NULL."""
    annees = Case(
        *(When(categorie=categorie, then=Value(annees)) for categorie, annees in durees.items()),
        output_field=IntegerField(),
    )
    duree: Combinable = Func(
        annees,
        function="make_interval",
        template="%(function)s(years => %(expressions)s)",
        output_field=DurationField(),
    )
    return Coalesce(F("prevu_jusqu_au"), Cast(F("achete_le") + duree, DateField()))


def collectivites_confiees(utilisateur: Utilisateur) -> QuerySet[Collectivite]:
    """Those whose lives the person fixes, by name."""
    actives = Affectation.objects.actives().filter(utilisateur=utilisateur, role__in=roles_ayant(Droit.FIXER_DUREES))
    return Collectivite.objects.filter(pk__in=actives.filter(collectivite__isnull=False).values("collectivite"))


def lignes_des_durees(collectivite: Collectivite) -> list[LigneDuree]:
    """Every category, in the order of lists."""
    choisies = {duree.categorie: duree for duree in collectivite.durees_de_vie.select_related("fixee_par")}
    return [LigneDuree(categorie, REPERES[categorie], choisies.get(categorie)) for categorie in Categorie]
