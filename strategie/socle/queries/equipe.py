"""Who works in a school, who is invited there, and what a person is in charge of."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from strategie.socle.droits import ROLES_DE_L_ETABLISSEMENT, Role
from strategie.socle.models import Affectation, Etablissement, Invitation, Utilisateur
from strategie.socle.models.comptes import NIVEAUX
from strategie.socle.rules import empechement_retirer_acces


def empreinte_jeton(jeton: str) -> str:
    """What is kept of an invitation's token: its SHA-256."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def membres(etablissement: Etablissement, jour: datetime.date) -> QuerySet[Affectation]:
    """Roles in force on `jour` in the school itself, in the order of the grid, then by name."""
    rang = {role.value: rang for rang, role in enumerate(ROLES_DE_L_ETABLISSEMENT)}
    return (
        Affectation.objects.actives(jour)
        .filter(etablissement=etablissement, utilisateur__is_active=True)
        .select_related("utilisateur")
        .alias(rang=Case(*(When(role=role, then=Value(n)) for role, n in rang.items()), output_field=IntegerField()))
        .order_by("rang", "utilisateur__last_name", "utilisateur__first_name", "pk")
    )


def chefs(etablissement: Etablissement, jour: datetime.date) -> QuerySet[Affectation]:
    """Those in charge of the school on `jour`, whose account can sign in."""
    return membres(etablissement, jour).filter(role=Role.CHEF)


@dataclass(frozen=True)
class Membre:
    """A role in the school, and why it cannot be put to an end now, if so."""

    affectation: Affectation
    empechement: str | None


def equipe(etablissement: Etablissement, jour: datetime.date) -> list[Membre]:
    affectations = list(membres(etablissement, jour))
    en_charge = {a.utilisateur_id for a in affectations if a.role == Role.CHEF}
    return [
        Membre(a, empechement_retirer_acces(role=a.role, autres_chefs=len(en_charge - {a.utilisateur_id})))
        for a in affectations
    ]


def invitations_en_attente(
    etablissement: Etablissement, roles: Collection[str], maintenant: datetime.datetime
) -> QuerySet[Invitation]:
    """Links sent for one of these roles that still work."""
    return Invitation.objects.filter(
        etablissement=etablissement, role__in=roles, acceptee_le=None, annulee_le=None, expire_le__gt=maintenant
    ).select_related("invite_par", "etablissement")


def invitation_du_jeton(jeton: str) -> Invitation | None:
    """The invitation that a link opens, whatever its state; the token is the only right needed."""
    return (
        Invitation.objects.filter(empreinte=empreinte_jeton(jeton))
        .select_related("etablissement", "invite_par")
        .first()
    )


def compte_de(email: str) -> Utilisateur | None:
    return Utilisateur.objects.filter(email__iexact=email.strip()).first()


def affectations_de(utilisateur: Utilisateur, jour: datetime.date) -> QuerySet[Affectation]:
    """What the person is or will be in charge of, with its territory."""
    return (
        Affectation.objects.filter(Q(fin=None) | Q(fin__gte=jour), utilisateur=utilisateur)
        .select_related(*NIVEAUX)
        .order_by("debut", "pk")
    )
