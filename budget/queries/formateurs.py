"""The hours of a district's trainers: how many there are, engaged, asked for, left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from budget.models import BesoinFormation, CapaciteFormateurs
from budget.rules.formations import heures_en_mots, manque_en_mots
from plans.models import Action
from strategie.socle.models import District

ZERO = Decimal("0.00")
Etat = BesoinFormation.Etat


def heures_engagees(district: District, annee: str) -> Decimal:
    """By what is granted, held or evaluated."""
    return _somme(_du_district(district, [annee]).filter(etat__in=BesoinFormation.ENGAGES))


@dataclass(frozen=True)
class HeuresDUneAnnee:
    """`capacite` is the row that says the hours, None when nobody has. `demandees` wait for an answer."""

    annee: str
    capacite: CapaciteFormateurs | None
    engagees: Decimal
    demandees: Decimal
    accordees: tuple[BesoinFormation, ...]
    en_attente: tuple[BesoinFormation, ...]

    @property
    def restantes(self) -> Decimal | None:
        """Less than nothing when the capacity was lowered afterwards."""
        return None if self.capacite is None else self.capacite.heures - self.engagees

    @property
    def si_tout_est_accorde(self) -> Decimal | None:
        return None if self.restantes is None else self.restantes - self.demandees


def lire_heures(district: District, annees: Sequence[str]) -> list[HeuresDUneAnnee]:
    """Each year with the trainings behind its figures: two queries."""
    capacites = {
        capacite.annee_scolaire: capacite
        for capacite in CapaciteFormateurs.objects.filter(district=district, annee_scolaire__in=annees).select_related(
            "fixee_par"
        )
    }
    formations = list(
        _du_district(district, annees)
        .filter(etat__in=[Etat.DEMANDE, *BesoinFormation.ENGAGES])
        .filter(Q(heures_formateur__gt=0) | Q(etat=Etat.DEMANDE))
        .select_related("etablissement")
        .order_by("annee_scolaire", "demande_le", "etablissement__nom", "pk")
    )
    return [_annee(annee, capacites.get(annee), formations) for annee in annees]


def _annee(annee: str, capacite: CapaciteFormateurs | None, formations: list[BesoinFormation]) -> HeuresDUneAnnee:
    siennes = [formation for formation in formations if formation.annee_scolaire == annee]
    accordees = tuple(formation for formation in siennes if formation.etat in BesoinFormation.ENGAGES)
    en_attente = tuple(formation for formation in siennes if formation.etat == Etat.DEMANDE)
    return HeuresDUneAnnee(annee, capacite, _total(accordees), _total(en_attente), accordees, en_attente)


def _total(formations: Sequence[BesoinFormation]) -> Decimal:
    return sum((formation.heures_formateur for formation in formations), ZERO)


def _du_district(district: District, annees: Sequence[str]) -> QuerySet[BesoinFormation]:
    siennes: QuerySet[BesoinFormation] = BesoinFormation.objects.vivants().filter(
        etablissement__district=district, annee_scolaire__in=annees
    )
    return siennes


def _somme(formations: QuerySet[BesoinFormation]) -> Decimal:
    somme: Decimal = formations.aggregate(heures=Sum("heures_formateur", default=ZERO))["heures"]
    return somme


# --- Is an action feasible? (row 92) -------------------------------------------------------------------------------
@dataclass(frozen=True)
class HeuresVoulues:
    """What the trainings of an action still ask in a year, and what its district has left (None: nobody knows)."""

    annee: str
    voulues: Decimal
    restantes: Decimal | None


def heures_d_une_action(action: Action) -> list[HeuresVoulues]:
    """By school year; what is granted already is engaged, and asks no more. One query."""
    attendues = BesoinFormation.objects.vivants().filter(
        action=action, etat__in=[Etat.EXPRIME, Etat.DEMANDE], heures_formateur__gt=0
    )
    du_district = {"district": action.etablissement.district_id, "annee_scolaire": OuterRef("annee_scolaire")}
    engages = BesoinFormation.objects.vivants().filter(
        etablissement__district=action.etablissement.district_id,
        annee_scolaire=OuterRef("annee_scolaire"),
        etat__in=BesoinFormation.ENGAGES,
    )
    engagees = engages.order_by().values("annee_scolaire").annotate(heures=Sum("heures_formateur")).values("heures")
    par_annee = (
        attendues.order_by("annee_scolaire")
        .values("annee_scolaire")
        .annotate(
            voulues=Sum("heures_formateur"),
            capacite=Subquery(CapaciteFormateurs.objects.filter(**du_district).values("heures")),
            engagees=Coalesce(Subquery(engagees), ZERO, output_field=DecimalField()),
        )
    )
    return [
        HeuresVoulues(annee, voulues, None if capacite is None else capacite - engagees)
        for annee, voulues, capacite, engagees in par_annee.values_list(
            "annee_scolaire", "voulues", "capacite", "engagees"
        )
    ]


def obstacle_des_heures(action: Action) -> str | None:
    """« 120 heures de formateurs sont demandées, il en reste 80 en 2026-2027 »."""
    trop = [h for h in heures_d_une_action(action) if h.restantes is not None and h.voulues > h.restantes]
    if not trop:
        return None
    dits = "\u00a0; ".join(manque_en_mots(h.voulues, h.restantes or ZERO, h.annee) for h in trop)
    return f"{dits} dans «\u00a0{action.etablissement.district}\u00a0»."


def note_des_heures(action: Action) -> str | None:
    """Nothing is refused when nobody has said how many hours there are."""
    inconnues = [h for h in heures_d_une_action(action) if h.restantes is None]
    if not inconnues:
        return None
    total = sum((h.voulues for h in inconnues), ZERO)
    annees = ", ".join(h.annee for h in inconnues)
    return (
        f"Ses formations demandent {heures_en_mots(total)} de formateurs en {annees}\u00a0: le district n'a pas dit "
        "combien il en a."
    )
