"""Whom a comment is for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from plans.models import Action, Commentaire, Participation
from strategie.socle.models import Utilisateur
from strategie.socle.queries.equipe import membres


def concernes(commentaire: Commentaire, jour: datetime.date) -> QuerySet[Utilisateur]:
    """Those of the school's team who carry the action, contribute to it or have commented it, but its author."""
    participe = Participation.objects.filter(action=commentaire.action_id, utilisateur=OuterRef("pk"))
    a_commente = Commentaire.objects.filter(action=commentaire.action_id, auteur=OuterRef("pk"), retire_le=None)
    return Utilisateur.objects.filter(
        Q(pk=commentaire.action.porteur_id) | Exists(participe) | Exists(a_commente),
        pk__in=membres(commentaire.action.etablissement, jour).values("utilisateur"),
    ).exclude(pk=commentaire.auteur_id)


@dataclass(frozen=True)
class Envoi:
    """A comment for somebody; they carry the action, contribute to it, or else have commented it."""

    commentaire: Commentaire
    personne: Utilisateur
    porte: bool
    contribue: bool


def envoi(commentaire: int, personne: int, maintenant: datetime.datetime) -> Envoi | None:
    """Nothing when it was taken back meanwhile, or when the person is no longer concerned."""
    lu = (
        Commentaire.objects.filter(pk=commentaire, retire_le=None, action__in=Action.objects.vivants())
        .select_related("auteur", "action__etablissement__academie")
        .first()
    )
    if lu is None:
        return None
    jour = maintenant.astimezone(lu.action.etablissement.academie.zone).date()
    concerne = concernes(lu, jour).filter(pk=personne).first()
    if concerne is None:
        return None
    contribue = lu.action.participations.filter(utilisateur=concerne).exists()
    return Envoi(lu, concerne, lu.action.porteur_id == concerne.pk, contribue)
