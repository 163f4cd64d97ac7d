"""Reading the infrastructure of a school."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from budget.models import MesureDebit, Raccordement, Salle, ServiceReseau
from strategie.socle.models import Etablissement

UN_AN = datetime.timedelta(days=365)


def raccordements_de(etablissement: Etablissement) -> QuerySet[Raccordement]:
    """Retired ones too, each with its measures, the oldest first; two queries."""
    mesures = MesureDebit.objects.select_related("mesure_par").order_by("mesure_le")
    siens = Raccordement.objects.filter(etablissement=etablissement).order_by("pk")
    return siens.prefetch_related(Prefetch("mesures", mesures))


def de_la_derniere_annee(mesures: Sequence[MesureDebit], maintenant: datetime.datetime) -> list[MesureDebit]:
    return [mesure for mesure in mesures if mesure.mesure_le > maintenant - UN_AN]


def services_de(etablissement: Etablissement) -> dict[str, ServiceReseau]:
    siens = ServiceReseau.objects.filter(etablissement=etablissement).select_related("dit_par")
    return {service.sorte: service for service in siens}


@dataclass(frozen=True)
class WifiDesSalles:
    """Rooms by what was seen there; `le`: the oldest of what was seen."""

    salles: Sequence[Salle]

    @property
    def le(self) -> datetime.date | None:
        return min((salle.wifi_le for salle in self.salles if salle.wifi_le), default=None)

    def nombre(self, wifi: str) -> int:
        return sum(salle.wifi == wifi for salle in self.salles)


def wifi_des_salles(etablissement: Etablissement) -> WifiDesSalles:
    """One query."""
    salles = Salle.objects.filter(etablissement=etablissement, archivee_le__isnull=True)
    return WifiDesSalles(list(salles.order_by("batiment", "nom", "pk")))
