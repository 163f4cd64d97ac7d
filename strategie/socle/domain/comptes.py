"""Accounts: invited, accepted, named, put to an end."""

from __future__ import annotations

import datetime
import secrets

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.droits import Droit, droits_de, roles_a_inviter
from strategie.socle.models import Affectation, Etablissement, Invitation, Utilisateur
from strategie.socle.queries import equipe
from strategie.socle.rules import (
    LIEN_INVALIDE,
    empechement_accepter,
    empechement_annuler_invitation,
    empechement_inviter,
    empechement_retirer_acces,
)

VALIDITE_INVITATION = datetime.timedelta(days=14)
OCTETS_DU_JETON = 32


def inviter(
    *,
    etablissement: Etablissement,
    email: str,
    role: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    fonction: str = "",
) -> tuple[Invitation, str]:
    """A link for `email`, and its token, which is kept nowhere. Replaces the one pending for that role."""
    email = email.strip().lower()
    with acte("inviter", auteur):
        verrouiller(etablissement)
        droits = droits_sur(etablissement, auteur)
        if role not in roles_a_inviter(droits):
            raise PermissionDenied("Votre rôle ne permet pas d'inviter une personne à ce titre.")
        equipe_du_jour = equipe.membres(etablissement, jour(maintenant))
        deja = equipe_du_jour.filter(role=role, utilisateur__email__iexact=email).exists()
        a_un_chef = equipe.chefs(etablissement, jour(maintenant)).exists()
        refuser(empechement_inviter(droits=droits, a_un_chef=a_un_chef, deja=deja))
        Invitation.objects.filter(
            etablissement=etablissement, email__iexact=email, role=role, acceptee_le=None, annulee_le=None
        ).update(annulee_le=maintenant)
        jeton = secrets.token_urlsafe(OCTETS_DU_JETON)
        invitation = Invitation.objects.create(
            etablissement=etablissement,
            email=email,
            role=role,
            fonction=fonction.strip(),
            empreinte=equipe.empreinte_jeton(jeton),
            invite_par=auteur,
            cree_le=maintenant,
            expire_le=maintenant + VALIDITE_INVITATION,
        )
    return invitation, jeton


def annuler_invitation(*, invitation: Invitation, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """The link stops working. Cancelling twice changes nothing."""
    with acte("annuler_invitation", auteur):
        verrouiller(invitation.etablissement)
        invitation.refresh_from_db(fields=["acceptee_le", "annulee_le"])
        refuser(empechement_annuler_invitation(acceptee_le=invitation.acceptee_le))
        invitation.annulee_le = invitation.annulee_le or maintenant
        invitation.save(update_fields=["annulee_le"])


def creer_compte_invite(
    *, jeton: str, prenom: str, nom: str, mot_de_passe: str, maintenant: datetime.datetime
) -> tuple[Utilisateur, Invitation]:
    """A new person's account and her role, in one act."""
    with acte("creer_compte_invite", None):
        invitation = ouvrir(jeton, maintenant)
        refuser(LIEN_INVALIDE if equipe.compte_de(invitation.email) else None)
        try:
            compte = Utilisateur.objects.create_user(
                invitation.email, mot_de_passe, first_name=prenom.strip(), last_name=nom.strip()
            )
        except IntegrityError as doublon:  # made at the same moment, by the link of another school
            raise Empeche(LIEN_INVALIDE) from doublon
        affecter(compte, invitation, maintenant)
    return compte, invitation


def accepter_invitation(*, jeton: str, compte: Utilisateur, maintenant: datetime.datetime) -> Invitation:
    """The role, for somebody who has an account with the invited address. A replay changes nothing."""
    with acte("accepter_invitation", compte):
        deja = equipe.invitation_du_jeton(jeton)
        if deja and deja.acceptee_le and deja.email == compte.email:
            return deja
        invitation = ouvrir(jeton, maintenant)
        refuser(LIEN_INVALIDE if invitation.email != compte.email else None)
        affecter(compte, invitation, maintenant)
    return invitation


def retirer_acces(*, affectation: Affectation, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Ends a role in a school at once; the links that the person had sent there stop working too."""
    aujourd_hui = jour(maintenant)
    if affectation.etablissement is None:
        raise PermissionDenied("Seul un rôle tenu dans un établissement se retire ici.")
    personne, role = affectation.utilisateur_id, affectation.role
    with acte("retirer_acces", auteur):
        etablissement = verrouiller(affectation.etablissement)
        autres_chefs = equipe.chefs(etablissement, aujourd_hui).exclude(utilisateur=personne).count()
        refuser(empechement_retirer_acces(role=role, autres_chefs=autres_chefs))
        # Both bounds count: what began today can only be taken back whole; history keeps it.
        active = Affectation.objects.actives(aujourd_hui).filter(pk=affectation.pk)
        active.filter(debut=aujourd_hui).delete()
        active.update(fin=aujourd_hui - datetime.timedelta(days=1))
        Invitation.objects.filter(
            etablissement=etablissement, invite_par=personne, acceptee_le=None, annulee_le=None
        ).update(annulee_le=maintenant)


def renommer(*, compte: Utilisateur, prenom: str, nom: str) -> None:
    with acte("renommer_compte", compte):
        compte.first_name, compte.last_name = prenom.strip(), nom.strip()
        compte.save(update_fields=["first_name", "last_name"])


def jour(maintenant: datetime.datetime) -> datetime.date:
    """The day on which affectations are read (`Affectation.objects.actives`)."""
    return timezone.localdate(maintenant)


def verrouiller(etablissement: Etablissement) -> Etablissement:
    """One act at a time on a school's people, so that two of them never leave it without a chef."""
    return Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)


def droits_sur(etablissement: Etablissement, personne: Utilisateur) -> frozenset[Droit]:
    """Read from the database, not from what the caller believes."""
    if not personne.is_active:
        return frozenset()
    return droits_de(Etablissement.objects.avec_roles(personne).get(pk=etablissement.pk).mes_roles)


def ouvrir(jeton: str, maintenant: datetime.datetime) -> Invitation:
    """The invitation behind a link, alone on its school; it gives no more than its author could still give."""
    lue = equipe.invitation_du_jeton(jeton)
    if lue is None:
        raise Empeche(LIEN_INVALIDE)
    etablissement = verrouiller(lue.etablissement)
    invitation = Invitation.objects.select_related("etablissement", "invite_par").get(pk=lue.pk)
    refuser(
        empechement_accepter(
            acceptee_le=invitation.acceptee_le,
            annulee_le=invitation.annulee_le,
            expire_le=invitation.expire_le,
            maintenant=maintenant,
        )
    )
    droits = droits_sur(etablissement, invitation.invite_par)
    refuser(None if invitation.role in roles_a_inviter(droits) else LIEN_INVALIDE)
    a_un_chef = equipe.chefs(etablissement, jour(maintenant)).exists()
    refuser(empechement_inviter(droits=droits, a_un_chef=a_un_chef))
    return invitation


def affecter(compte: Utilisateur, invitation: Invitation, maintenant: datetime.datetime) -> None:
    """The role, unless it is held already; the link is used."""
    with acte("accepter_invitation", compte):
        tenu = equipe.membres(invitation.etablissement, jour(maintenant)).filter(
            role=invitation.role, utilisateur=compte
        )
        if not tenu.exists():
            Affectation.objects.create(
                utilisateur=compte,
                role=invitation.role,
                fonction=invitation.fonction,
                etablissement=invitation.etablissement,
                debut=jour(maintenant),
            )
        invitation.acceptee_le = maintenant
        invitation.save(update_fields=["acceptee_le"])
