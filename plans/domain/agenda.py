"""Calendar links: one a person and a school, secret, revoked as soon as another one is made."""

from __future__ import annotations

import datetime
import secrets

from plans.models import LienAgenda
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import empreinte_jeton

OCTETS_DU_JETON = 32


def creer_lien_agenda(
    *, etablissement: Etablissement, les_miennes: bool, auteur: Utilisateur, maintenant: datetime.datetime
) -> tuple[LienAgenda, str]:
    """The link, and its token, which is kept nowhere; the one that the person had stops working."""
    jeton = secrets.token_urlsafe(OCTETS_DU_JETON)
    with acte("creer_lien_agenda", auteur):
        Utilisateur.objects.select_for_update(no_key=True).get(pk=auteur.pk)  # one link at a time
        _revoquer(etablissement, auteur, maintenant)
        lien = LienAgenda.objects.create(
            etablissement=etablissement,
            utilisateur=auteur,
            les_miennes=les_miennes,
            empreinte=empreinte_jeton(jeton),
            cree_le=maintenant,
        )
    return lien, jeton


def revoquer_lien_agenda(*, etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Her own link of this school stops working; asked twice, it is done once."""
    with acte("revoquer_lien_agenda", auteur):
        _revoquer(etablissement, auteur, maintenant)


def _revoquer(etablissement: Etablissement, personne: Utilisateur, maintenant: datetime.datetime) -> None:
    LienAgenda.objects.filter(etablissement=etablissement, utilisateur=personne, revoque_le__isnull=True).update(
        revoque_le=maintenant
    )
