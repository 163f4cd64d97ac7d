"""What colleagues say of an action."""

from __future__ import annotations

import datetime
import uuid

from plans.domain.actions import verrouiller_action
from plans.models import Action, Commentaire
from plans.rules.actions import empechement_commenter, empechement_retirer_commentaire
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

DEJA_DIT = "Un commentaire est déjà parti de cette page, avec d'autres mots\u00a0: enregistrez de nouveau."


def commenter_action(
    *, action: Action, texte: str, cle: uuid.UUID, auteur: Utilisateur, maintenant: datetime.datetime
) -> tuple[Commentaire, bool]:
    """The comment, and whether it is new: a form sent twice is one comment. Raises Empeche."""
    refuser(empechement_commenter(texte))
    with acte("commenter_action", auteur):
        tenue = verrouiller_action(action.pk)
        commentaire, nouveau = Commentaire.objects.get_or_create(
            cle=cle, defaults={"action": tenue, "texte": texte, "auteur": auteur, "ecrit_le": maintenant}
        )
        if (commentaire.action_id, commentaire.auteur_id, commentaire.texte) != (tenue.pk, auteur.pk, texte):
            raise Empeche(DEJA_DIT)
    return commentaire, nouveau


def retirer_commentaire(*, commentaire: Commentaire, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """One's own; asked twice, it is done once. Raises Empeche."""
    refuser(empechement_retirer_commentaire(commentaire.auteur_id, auteur.pk))
    with acte("retirer_commentaire", auteur):
        verrouiller_action(commentaire.action_id)
        Commentaire.objects.filter(pk=commentaire.pk, retire_le=None).update(retire_le=maintenant)
