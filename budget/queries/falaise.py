"""The renewal cliff: what falls due each year, of the inventory and of purchases to come, against what is planned."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum

from budget.domain.argent import total
from budget.domain.cycle import Echeance, Prevision
from budget.models import LigneBudget
from budget.queries.achats import Renouvellement, achats_vivants, renouvellements_de
from budget.queries.chiffres import parc_de
from plans.models import Action
from strategie.socle.models import Etablissement

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class AnneeDeFalaise:
    """`achats`: purchases whose service ends; `prevu`: what investment lines of equipment plan in this exercice."""

    annee: int
    inventaire: Echeance
    achats: Sequence[Renouvellement]
    prevu: Decimal

    @property
    def des_achats(self) -> Decimal:
        return total(renouvellement.montant for renouvellement in self.achats)

    @property
    def total(self) -> Decimal:
        return self.inventaire.montant + self.des_achats

    @property
    def manque(self) -> Decimal:
        return max(self.total - self.prevu, ZERO)


@dataclass(frozen=True)
class Falaise:
    prevision: Prevision
    renouvellements: Sequence[Renouvellement]
    prevus: Mapping[int, Decimal]

    @cached_property
    def annees(self) -> list[AnneeDeFalaise]:
        return [
            AnneeDeFalaise(
                annee,
                echeance,
                [un for un in self.renouvellements if un.annee == annee],
                self.prevus.get(annee, ZERO),
            )
            for annee, echeance in self.prevision.annees.items()
        ]

    @property
    def en_retard(self) -> Echeance:
        return self.prevision.en_retard

    @property
    def total(self) -> Decimal:
        return self.en_retard.montant + total(annee.total for annee in self.annees)

    @property
    def prevu(self) -> Decimal:
        return total(annee.prevu for annee in self.annees)

    @property
    def manque(self) -> Decimal:
        """What one year plans in excess does not pay for another."""
        return self.en_retard.montant + total(annee.manque for annee in self.annees)

    @property
    def sans_prix(self) -> int:
        return self.prevision.a_l_horizon.sans_prix

    @property
    def plus_haute(self) -> AnneeDeFalaise | None:
        """The year that asks most, if any asks something."""
        haute = max(self.annees, key=lambda annee: annee.total)
        return haute if haute.total else None


def lire_falaise(etablissement: Etablissement, jour: datetime.date) -> Falaise:
    """Five queries, whatever the school has."""
    lignes = LigneBudget.objects.vivants().filter(
        etablissement=etablissement, section=LigneBudget.Section.INVESTISSEMENT, levier=Action.Levier.EQUIPEMENT
    )
    return Falaise(
        parc_de(etablissement, jour).prevision,
        renouvellements_de(achats_vivants(etablissement).prefetch_related("postes")),
        dict(lignes.order_by().values_list("exercice").annotate(Sum("prevu"))),
    )
