"""Reading calendar links: whose one is, and what its owner may still read."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from plans.models import Action, LienAgenda
from plans.queries.plan import LigneDuPlan, axes_du_plan, lignes_du_plan
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.droits import Droit, droits_de
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import empreinte_jeton


@dataclass(frozen=True)
class Agenda:
    """The school, whether it is somebody's own actions only, and the deadlines that the link's owner may read now."""

    etablissement: Etablissement
    les_miennes: bool
    lignes: Sequence[LigneDuPlan]


def lien_vivant(etablissement: Etablissement, personne: Utilisateur) -> LienAgenda | None:
    return LienAgenda.objects.filter(etablissement=etablissement, utilisateur=personne, revoque_le__isnull=True).first()


def agenda_du_jeton(jeton: str, maintenant: datetime.datetime) -> Agenda | None:
    """None when the link is unknown or revoked, its owner's account closed, or her right to read the plan gone."""
    lien = (
        LienAgenda.objects.filter(
            empreinte=empreinte_jeton(jeton), revoque_le__isnull=True, utilisateur__is_active=True
        )
        .select_related("etablissement__academie")
        .first()
    )
    if lien is None:
        return None
    jour = maintenant.astimezone(lien.etablissement.academie.zone).date()
    droits = _droits(lien, jour)
    if not droits & {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE}:
        return None
    lignes = _lignes(lien, jour, brouillons=Droit.LIRE_PLAN in droits)
    return Agenda(lien.etablissement, lien.les_miennes, lignes)


def _droits(lien: LienAgenda, jour: datetime.date) -> frozenset[Droit]:
    """On the day it is where the school is."""
    etablissement = Etablissement.objects.avec_roles(lien.utilisateur_id, jour).filter(pk=lien.etablissement_id).first()
    return droits_de(etablissement.mes_roles) if etablissement else frozenset()


def _lignes(lien: LienAgenda, jour: datetime.date, *, brouillons: bool) -> list[LigneDuPlan]:
    """What is not finished, and what was to finish since last year: a calendar keeps what it was told."""
    recentes = Q(annee_fin__gte=annee_precedente(annee_scolaire(jour))) | ~Q(etat__in=Action.FINIES)
    actions = Action.objects.vivants().filter(recentes, etablissement=lien.etablissement)
    lignes = lignes_du_plan(actions if brouillons else actions.publiees(), axes_du_plan(lien.etablissement), jour)
    return [ligne for ligne in lignes if not lien.les_miennes or ligne.est_a(lien.utilisateur_id)]
