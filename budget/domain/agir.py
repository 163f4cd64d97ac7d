"""One act on several lines of the inventory, or on part of one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from budget.domain.equipements import (
    Tenant,
    changer_etat_en_lot,
    constater,
    deplacer,
    detacher,
    preter,
    regrouper,
)
from budget.models import Equipement, Salle
from budget.rules.equipements import CHANGE, SALLE_D_AILLEURS
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Demande:
    """`nombre`: how many of the one line that is chosen; all of what is chosen when it is None. `salle` is a key."""

    acte: str
    cles: frozenset[int]
    nombre: int | None = None
    etat: str = ""
    salle: int | None = None
    destination: str = ""
    sorti_le: datetime.date | None = None
    a: str = ""
    jusqu_au: datetime.date | None = None


def agir(
    *, etablissement: Etablissement, demande: Demande, tenant: Tenant, maintenant: datetime.datetime
) -> frozenset[int]:
    """All of it or nothing; the keys of the lines that it is about: a part is a line of its own, and lines that are put
    together are one. Raises Empeche.
    """
    with transaction.atomic():
        cles = _partager(etablissement, demande, tenant)
        if demande.acte == "deplacer":
            salle = _salle(etablissement, demande.salle)
            deplacer(etablissement=etablissement, cles=cles, salle=salle, tenant=tenant)
        elif demande.acte == "constater":
            constater(etablissement=etablissement, cles=cles, tenant=tenant, maintenant=maintenant)
        elif demande.acte == "preter":
            preter(
                etablissement=etablissement,
                cles=cles,
                a=demande.a,
                jusqu_au=demande.jusqu_au,
                tenant=tenant,
                maintenant=maintenant,
            )
        elif demande.acte == "regrouper":
            gardee = regrouper(etablissement=etablissement, cles=cles, tenant=tenant, maintenant=maintenant)
            cles = frozenset({gardee.pk})
        elif demande.etat:
            changer_etat_en_lot(
                etablissement=etablissement,
                cles=cles,
                etat=demande.etat,
                destination=demande.destination,
                sorti_le=demande.sorti_le,
                tenant=tenant,
                maintenant=maintenant,
            )
    return cles


def _partager(etablissement: Etablissement, demande: Demande, tenant: Tenant) -> frozenset[int]:
    if demande.nombre is None:
        return demande.cles
    ligne = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=demande.cles).first()
    if ligne is None:
        raise Empeche(CHANGE)
    return frozenset({detacher(equipement=ligne, nombre=demande.nombre, tenant=tenant).pk})


def _salle(etablissement: Etablissement, cle: int | None) -> Salle | None:
    if cle is None:
        return None
    salle = Salle.objects.filter(etablissement=etablissement, pk=cle).first()
    if salle is None:
        raise Empeche(SALLE_D_AILLEURS)
    return salle
