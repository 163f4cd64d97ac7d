"""What is lent, and what comes back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet, Sum

from budget.models import Equipement
from budget.queries.controle import PRETE, siens
from strategie.socle.models import Etablissement


def pretes(etablissement: Etablissement, proprietaire: str = "") -> QuerySet[Equipement]:
    """What is still out, the first due first; what has no date comes last."""
    lignes = siens(etablissement, proprietaire).filter(PRETE)
    return lignes.order_by(F("pret_jusqu_au").asc(nulls_last=True), "designation", "etiquette", "pk")


def compte_des_prets(etablissement: Etablissement, jour: datetime.date, proprietaire: str = "") -> tuple[int, int]:
    """How many things are out, and how many of them late."""
    comptes = (
        siens(etablissement, proprietaire)
        .filter(PRETE)
        .aggregate(
            dehors=Sum("nombre", default=0),
            tardifs=Sum("nombre", filter=Q(pret_jusqu_au__lt=jour), default=0),
        )
    )
    return comptes["dehors"], comptes["tardifs"]


def revenus(etablissement: Etablissement, cles: Sequence[int]) -> dict[int, Equipement]:
    """Those of a pile, as they are now."""
    lignes = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=cles)
    return {ligne.pk: ligne for ligne in lignes.select_related("salle")}
