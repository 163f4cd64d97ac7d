"""The inventory's share of the bin: what was entered by mistake waits there, and may come back."""

from __future__ import annotations

import datetime

from django.db.models import Sum

from budget.domain.equipements import Tenant
from budget.models import Equipement, Lot
from budget.rules.corbeille import (
    empechement_restaurer_equipement,
    empechement_retirer_equipement,
    empechement_retirer_lot,
)
from budget.rules.equipements import empechement_tenir
from plans.domain.corbeille import inscrire, mettre_a_la_corbeille
from strategie.socle.domain.empechement import refuser


def retirer_equipement(*, equipement: Equipement, tenant: Tenant, maintenant: datetime.datetime) -> None:
    """Asked twice, it is done once. Raises Empeche."""
    refuser(empechement_tenir(equipement.etablissement, equipement.proprietaire, tenant.proprietaire))
    mettre_a_la_corbeille(objet=equipement, auteur=tenant.personne, maintenant=maintenant)


def empechement_de_retirer_equipement(equipement: Equipement) -> str | None:
    return empechement_retirer_equipement(equipement.incidents.count())


def empechement_de_retirer_lot(lot: Lot) -> str | None:
    choses = lot.equipements.vivants().aggregate(total=Sum("nombre", default=0))["total"]
    return empechement_retirer_lot(choses, lot.incidents.count())


def inscrire_a_la_corbeille() -> None:
    """A line is destroyed before its lot."""
    inscrire(Lot, "lot", retirer=empechement_de_retirer_lot)
    inscrire(
        Equipement,
        "equipement",
        retirer=empechement_de_retirer_equipement,
        restaurer=empechement_restaurer_equipement,
    )
