"""The e-mail that says to those concerned what a colleague has just written of an action."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone

from plans.models import Commentaire
from plans.queries.commentaires import concernes, envoi
from strategie.socle.interfaces.courriels import composer


def prevenir(commentaire: Commentaire, racine: str) -> int:
    """One e-mail a person, by the background worker; how many. `racine` is the site's address."""
    jour = timezone.localdate(timezone=commentaire.action.etablissement.academie.zone)
    cles = list(concernes(commentaire, jour).values_list("pk", flat=True))
    for cle in cles:
        transaction.on_commit(partial(envoyer_commentaire.enqueue, commentaire.pk, cle, racine))
    return len(cles)


@task()
def envoyer_commentaire(commentaire: int, personne: int, racine: str) -> None:
    """Nothing is sent of what was taken back, nor to somebody who is no longer concerned."""
    a_envoyer = envoi(commentaire, personne, timezone.now())
    if a_envoyer is None:
        return
    action = a_envoyer.commentaire.action
    lien = f"{racine.rstrip('/')}{reverse('action', args=[action.etablissement.uai, action.pk])}#commentaires"
    composer("courriels/commentaire", a_envoyer.personne.email, envoi=a_envoyer, action=action, lien=lien).send()
