"""E-mails: written by templates, sent after commit."""

import logging
from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse

from strategie.socle.models import Affectation, Invitation, Utilisateur

journal = logging.getLogger(__name__)


def composer(prefixe: str, destinataire: str, **contexte: object) -> EmailMultiAlternatives:
    """The three templates that allauth too looks for: subject, text, HTML."""
    objet = " ".join(render_to_string(f"{prefixe}_subject.txt", contexte).split())
    texte = render_to_string(f"{prefixe}_message.txt", contexte).strip()
    message = EmailMultiAlternatives(objet, f"{texte}\n", to=[destinataire])
    message.attach_alternative(render_to_string(f"{prefixe}_message.html", contexte), "text/html")
    return message


def envoyer_invitation(invitation: Invitation, lien: str) -> bool:
    """False when the mail server does not take it: the link is then for the inviter to pass on.

    Sent here and not by the background worker: a task's arguments stay in the database, where this
    link's secret must never be.
    """
    try:
        composer("courriels/invitation", invitation.email, invitation=invitation, lien=lien).send()
    except OSError:  # smtplib's errors are of this kind
        journal.exception("The e-mail of invitation %s was not sent.", invitation.pk)
        return False
    return True


def demander_lien_mot_de_passe(compte: Utilisateur, racine: str) -> None:
    """By the background worker: the answer takes the same time whether the account exists or not."""
    transaction.on_commit(partial(envoyer_lien_mot_de_passe.enqueue, compte.pk, racine))


@task()
def envoyer_lien_mot_de_passe(compte: int, racine: str) -> None:
    """`racine` is the site's address. The key is made here, so that it is in no task's arguments."""
    personne = Utilisateur.objects.filter(pk=compte, is_active=True).first()
    if personne is None:
        return
    lien = lien_mot_de_passe(personne, racine)
    composer("account/email/password_reset_key", personne.email, user=personne, password_reset_url=lien).send()


def lien_mot_de_passe(personne: Utilisateur, racine: str) -> str:
    chemin = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(personne), "key": default_token_generator.make_token(personne)},
    )
    return f"{racine.rstrip('/')}{chemin}"


def annoncer_district(affectation: Affectation, racine: str) -> None:
    """To somebody to whom a district is given; a new account gets the link that chooses its password."""
    transaction.on_commit(partial(envoyer_annonce_de_district.enqueue, affectation.pk, racine))


@task()
def envoyer_annonce_de_district(affectation: int, racine: str) -> None:
    confiee = (
        Affectation.objects.filter(pk=affectation, utilisateur__is_active=True, district__isnull=False)
        .select_related("utilisateur", "district__academie")
        .first()
    )
    if confiee is None:
        return
    personne = confiee.utilisateur
    nouveau = not personne.has_usable_password()
    lien = lien_mot_de_passe(personne, racine) if nouveau else racine
    composer("courriels/district_confie", personne.email, affectation=confiee, nouveau=nouveau, lien=lien).send()
