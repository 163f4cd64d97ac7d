"""The yearly check, room by room: what is expected, what was seen, what is left."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from budget.models import Equipement, Salle
from strategie.socle.models import Etablissement
from strategie.socle.rules import decimal_en_phrase

SORTI = Q(etat=Equipement.Etat.SORTI)
PRETE = ~Q(prete_a="")
SANS_SALLE = "Sans salle"


@dataclass(frozen=True)
class SalleControlee:
    """`cle` is nothing for what has no room. What is lent is not expected there."""

    cle: int | None
    nom: str
    batiment: str
    attendus: int
    vus: int

    @property
    def reste(self) -> int:
        return self.attendus - self.vus

    @property
    def commencee(self) -> bool:
        return self.vus > 0

    @property
    def en_mots(self) -> str:
        return vus_sur(self.vus, self.attendus)


@dataclass(frozen=True)
class Controle:
    salles: Sequence[SalleControlee]
    sans_salle: SalleControlee
    pretes: int

    @property
    def toutes(self) -> list[SalleControlee]:
        return [*self.salles, self.sans_salle]

    @property
    def attendus(self) -> int:
        return sum(salle.attendus for salle in self.toutes)

    @property
    def vus(self) -> int:
        return sum(salle.vus for salle in self.toutes)

    @property
    def reste(self) -> int:
        return self.attendus - self.vus

    @property
    def en_mots(self) -> str:
        return vus_sur(self.vus, self.attendus)


def vus_sur(vus: int, attendus: int) -> str:
    """« 1 234 vus sur 2 000 »."""
    return f"{decimal_en_phrase(vus)}\u00a0{'vu' if vus < 2 else 'vus'} sur {decimal_en_phrase(attendus)}"


def siens(etablissement: Etablissement, proprietaire: str = "") -> QuerySet[Equipement]:
    """The school's live things; those of one owner where the person keeps those alone."""
    lignes = Equipement.objects.vivants().filter(etablissement=etablissement).exclude(SORTI)
    return lignes.filter(proprietaire=proprietaire) if proprietaire else lignes


def attendus(etablissement: Etablissement, proprietaire: str = "") -> QuerySet[Equipement]:
    """What the check looks for: what is lent is seen when it comes back."""
    return siens(etablissement, proprietaire).exclude(PRETE)


def lire_controle(etablissement: Etablissement, debut: datetime.date, proprietaire: str = "") -> Controle:
    """Every room, empty ones too; `debut`: the first day that counts for the year's check."""
    vus = Q(vu_le__gte=debut)
    par_salle: dict[int | None, Any] = {
        ligne["salle"]: ligne
        for ligne in attendus(etablissement, proprietaire)
        .order_by()
        .values("salle")
        .annotate(total=Sum("nombre"), deja=Sum("nombre", filter=vus, default=0))
    }
    pretes = siens(etablissement, proprietaire).filter(PRETE).aggregate(total=Sum("nombre", default=0))["total"]
    salles = Salle.objects.filter(etablissement=etablissement).filter(Q(archivee_le__isnull=True) | Q(pk__in=par_salle))

    def controlee(cle: int | None, nom: str, batiment: str) -> SalleControlee:
        comptes = par_salle.get(cle, {"total": 0, "deja": 0})
        return SalleControlee(cle, nom, batiment, comptes["total"], comptes["deja"])

    return Controle(
        salles=[controlee(salle.pk, salle.nom, salle.batiment) for salle in salles],
        sans_salle=controlee(None, SANS_SALLE, ""),
        pretes=pretes,
    )


def salle_controlee(
    etablissement: Etablissement, salle: Salle | None, debut: datetime.date, proprietaire: str = ""
) -> SalleControlee:
    comptes = choses_de_la_salle(etablissement, salle, proprietaire).aggregate(
        total=Sum("nombre", default=0), deja=Sum("nombre", filter=Q(vu_le__gte=debut), default=0)
    )
    nom, batiment = (salle.nom, salle.batiment) if salle else (SANS_SALLE, "")
    return SalleControlee(salle.pk if salle else None, nom, batiment, comptes["total"], comptes["deja"])


def choses_de_la_salle(
    etablissement: Etablissement, salle: Salle | None, proprietaire: str = ""
) -> QuerySet[Equipement]:
    return attendus(etablissement, proprietaire).filter(salle=salle).order_by("designation", "etiquette", "pk")


def jamais_vus(lignes: QuerySet[Equipement], debut: datetime.date) -> QuerySet[Equipement]:
    return lignes.filter(Q(vu_le__isnull=True) | Q(vu_le__lt=debut))


def pretes_de_la_salle(etablissement: Etablissement, salle: Salle | None, proprietaire: str = "") -> int:
    """How many things of the room are lent: nobody looks for them there."""
    pretes = siens(etablissement, proprietaire).filter(PRETE, salle=salle)
    return int(pretes.aggregate(total=Sum("nombre", default=0))["total"])


def non_vus(etablissement: Etablissement, debut: datetime.date, proprietaire: str = "") -> QuerySet[Equipement]:
    """What nobody has seen this year, room after room."""
    lignes = jamais_vus(attendus(etablissement, proprietaire), debut)
    return lignes.select_related("salle").order_by("salle__batiment", "salle__nom", "designation", "etiquette", "pk")


def dans(lignes: QuerySet[Equipement], salles: Sequence[SalleControlee]) -> QuerySet[Equipement]:
    """Those of these rooms alone."""
    condition = Q(salle__in=[salle.cle for salle in salles if salle.cle])
    if any(salle.cle is None for salle in salles):
        condition |= Q(salle__isnull=True)
    return lignes.filter(condition)


def choses_nommees(etablissement: Etablissement, cles: Sequence[int]) -> dict[int, Equipement]:
    """Those that a form names, wherever they are now, for it to say what became of them."""
    return {chose.pk: chose for chose in Equipement.objects.filter(etablissement=etablissement, pk__in=cles)}
