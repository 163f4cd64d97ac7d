"""Reading lots: what each is made of, and in what state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from budget.models import Equipement, Lot
from budget.queries.salles import LIGNES_MONTREES
from plans.models import Action
from strategie.socle.models import Etablissement


def lots_a_choisir(etablissement: Etablissement) -> QuerySet[Lot]:
    return Lot.objects.vivants().filter(etablissement=etablissement).order_by("intitule", "pk")


def lots_de(etablissement: Etablissement) -> QuerySet[Lot]:
    """Each with how many of its things are in each state: `reutilisable`, `a_reparer`, `reformable`, `sorti`."""
    dehors = Q(equipements__supprime_le__isnull=True)
    comptes: dict[str, Any] = {
        etat: Sum("equipements__nombre", filter=dehors & Q(equipements__etat=etat), default=0)
        for etat in Equipement.Etat.values
    }
    return lots_a_choisir(etablissement).annotate(**comptes)


def choses_sans_lot(etablissement: Etablissement) -> int:
    """How many live things are in none."""
    sans = Equipement.objects.vivants().filter(etablissement=etablissement, lot__isnull=True)
    total: int = sans.exclude(etat=Equipement.Etat.SORTI).aggregate(total=Sum("nombre", default=0))["total"]
    return total


@dataclass(frozen=True)
class LignesDUnLot:
    """The first of `total` lines, gone ones last."""

    lignes: Sequence[Equipement]
    total: int


def lignes_du_lot(lot: Lot) -> LignesDUnLot:
    siennes = Equipement.objects.vivants().filter(lot=lot)
    ordonnees = siennes.select_related("salle").order_by(F("sorti_le").desc(nulls_first=True), "classement", "pk")
    montrees = list(ordonnees[: LIGNES_MONTREES + 1])
    total = len(montrees) if len(montrees) <= LIGNES_MONTREES else siennes.count()
    return LignesDUnLot(montrees[:LIGNES_MONTREES], total)


def actions_a_choisir(etablissement: Etablissement, tenue: int | None = None) -> list[Action]:
    """Those of the school's plan that a lot may serve; `tenue`, the one that it serves already."""
    siennes = Action.objects.filter(etablissement=etablissement).filter(Q(supprime_le__isnull=True) | Q(pk=tenue))
    return list(siennes.order_by("-annee_scolaire", "intitule", "pk"))
