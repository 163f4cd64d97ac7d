"""The plan of accompaniment and training over three school years: its rows, and totals that are the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from budget.models import BesoinFormation, Seance
from strategie.socle.domain.calendrier import annee_suivante
from strategie.socle.models import Etablissement

ZERO = Decimal("0.00")
DUREE = 3


@dataclass(frozen=True)
class LigneDuPlanDeFormation:
    """`cout`: of its sessions that are not cancelled; `action`: nothing for a reader who may not know of it."""

    formation: BesoinFormation
    cout: Decimal
    action: str

    @property
    def heures(self) -> Decimal:
        """Of training received: a person's, times how many they are."""
        return self.formation.heures * self.formation.effectif


@dataclass(frozen=True)
class Totaux:
    """A person in two trainings is counted twice: nobody is named."""

    formations: int
    personnes: int
    heures: Decimal
    heures_formateur: Decimal
    cout: Decimal


@dataclass(frozen=True)
class AnneeDuPlan:
    annee: str
    lignes: tuple[LigneDuPlanDeFormation, ...]

    @property
    def total(self) -> Totaux:
        return totaux(self.lignes)


@dataclass(frozen=True)
class PlanDeFormation:
    """`arretees`: how many of these years' trainings were refused or given up, and are not in it."""

    annees: tuple[AnneeDuPlan, ...]
    arretees: int

    @property
    def total(self) -> Totaux:
        return totaux(ligne for annee in self.annees for ligne in annee.lignes)

    @property
    def etendue(self) -> str:
        """« 2026-2027 à 2028-2029 »."""
        return f"{self.annees[0].annee} à {self.annees[-1].annee}"


def totaux(lignes: Iterable[LigneDuPlanDeFormation]) -> Totaux:
    siennes = list(lignes)
    return Totaux(
        len(siennes),
        sum(ligne.formation.effectif for ligne in siennes),
        sum((ligne.heures for ligne in siennes), ZERO),
        sum((ligne.formation.heures_formateur for ligne in siennes), ZERO),
        sum((ligne.cout for ligne in siennes), ZERO),
    )


def trois_annees(premiere: str) -> tuple[str, ...]:
    annees = [premiere]
    while len(annees) < DUREE:
        annees.append(annee_suivante(annees[-1]))
    return tuple(annees)


def lire_plan_formation(etablissement: Etablissement, annees: Sequence[str], *, brouillons: bool) -> PlanDeFormation:
    """`brouillons`: the reader knows of actions that are not published. Two queries."""
    toutes: QuerySet[BesoinFormation] = BesoinFormation.objects.vivants().filter(
        etablissement=etablissement, annee_scolaire__in=annees
    )
    comptees = toutes.exclude(etat__in=BesoinFormation.A_RAISON).select_related("action")
    cout = Sum("seances__cout", filter=~Q(seances__etat=Seance.Etat.ANNULEE), default=ZERO)
    lignes = [
        LigneDuPlanDeFormation(formation, vars(formation)["cout"], _action(formation, brouillons))
        for formation in comptees.annotate(cout=cout)
    ]
    return PlanDeFormation(
        tuple(
            AnneeDuPlan(annee, tuple(ligne for ligne in lignes if ligne.formation.annee_scolaire == annee))
            for annee in annees
        ),
        toutes.filter(etat__in=BesoinFormation.A_RAISON).count(),
    )


def _action(formation: BesoinFormation, brouillons: bool) -> str:
    action = formation.action
    if action is None or action.supprime_le or not (brouillons or action.publiee):
        return ""
    return action.intitule
