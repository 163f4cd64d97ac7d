"""Which things get a label."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from budget.models import Equipement
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Comptes:
    """Lines that have a tag; single things that have none; lines of several things, which cannot have one."""

    pretes: int
    sans: int
    plusieurs: int


def compter(lignes: QuerySet[Equipement]) -> Comptes:
    comptes = lignes.aggregate(
        pretes=Count("pk", filter=~Q(etiquette="")),
        sans=Count("pk", filter=Q(etiquette="", nombre=1)),
        plusieurs=Count("pk", filter=Q(nombre__gt=1)),
    )
    return Comptes(**comptes)


def etiquetees(lignes: QuerySet[Equipement]) -> QuerySet[Equipement]:
    return lignes.exclude(etiquette="").select_related("salle").order_by("designation", "etiquette", "pk")


def a_numeroter(lignes: QuerySet[Equipement]) -> QuerySet[Equipement]:
    return lignes.filter(etiquette="", nombre=1).order_by("designation", "numero_serie", "pk")


def par_etiquette(etablissement: Etablissement, etiquette: str) -> Equipement | None:
    """The thing that carries a tag, whatever the case."""
    siens = Equipement.objects.vivants().filter(etablissement=etablissement).exclude(etiquette="")
    return siens.alias(tag=Lower("etiquette")).filter(tag=etiquette.lower()).select_related("salle").first()
