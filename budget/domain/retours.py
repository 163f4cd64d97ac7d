"""What was lent comes back, in a stack at the end of the year."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F

from budget.domain.equipements import Tenant, constater, rendre
from budget.models import Equipement
from budget.rules.equipements import empechement_tenir
from budget.rules.retours import A_CHANGE
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Retour:
    """A thing that came back, and what it was before: lent to a kind of borrower or, where `prete_a` is empty, not lent
    at all. Never to whom by name.
    """

    cle: int
    etat: str
    vu_le: datetime.date | None
    prete_a: str = ""
    prete_le: datetime.date | None = None
    pret_jusqu_au: datetime.date | None = None


def recevoir(
    *, etablissement: Etablissement, cles: Collection[int], tenant: Tenant, maintenant: datetime.datetime
) -> list[Retour]:
    """What was lent is returned, the rest is noted as seen. Raises Empeche."""
    with acte("recevoir_retours", tenant.personne):
        lignes = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=cles)
        tenues = list(lignes.select_for_update(no_key=True).order_by("pk"))
        retours = [
            Retour(ligne.pk, ligne.etat, ligne.vu_le, ligne.prete_a, ligne.prete_le, ligne.pret_jusqu_au)
            for ligne in tenues
        ]
        rendre(etablissement=etablissement, cles=cles, tenant=tenant, maintenant=maintenant)
        constater(etablissement=etablissement, cles=cles, tenant=tenant, maintenant=maintenant)
    return retours


def annuler_retour(*, etablissement: Etablissement, retour: Retour, tenant: Tenant) -> None:
    """As it was before: lent again where it was, unless somebody has lent it or taken it out meanwhile. Raises
    Empeche.
    """
    refuser(empechement_tenir(etablissement, tenant.proprietaire, tenant.proprietaire))
    with acte("annuler_retour", tenant.personne):
        lignes = Equipement.objects.vivants().filter(etablissement=etablissement, pk=retour.cle, prete_a="")
        if tenant.proprietaire:
            lignes = lignes.filter(proprietaire=tenant.proprietaire)
        faits = lignes.exclude(etat=Equipement.Etat.SORTI).update(
            etat=retour.etat,
            vu_le=retour.vu_le,
            prete_a=retour.prete_a,
            prete_le=retour.prete_le,
            pret_jusqu_au=retour.pret_jusqu_au,
            version=F("version") + 1,
        )
        refuser(None if faits else A_CHANGE)
