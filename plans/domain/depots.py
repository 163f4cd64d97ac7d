"""Keeping a file between its rehearsal and its confirmation."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from plans.models import Depot
from plans.models.depot import DUREE
from strategie.socle.models import Etablissement, Utilisateur


def deposer(
    *,
    etablissement: Etablissement,
    nom: str,
    contenu: bytes,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    objet: str = Depot.Objet.PLAN,
) -> Depot:
    """One a person, a school and what it brings: a new file takes the place of the last, under a key of its own, even
    sent twice at once; files that nobody confirmed go.
    """
    with transaction.atomic():
        Depot.objects.filter(depose_le__lt=maintenant - DUREE).delete()
        recu = {"nom": nom, "contenu": contenu, "correspondance": None, "repetition": None, "depose_le": maintenant}
        depot: Depot
        depot, _ = Depot.objects.update_or_create(
            etablissement=etablissement, auteur=auteur, objet=objet, defaults=recu | {"cle": uuid.uuid4()}
        )
    return depot


def noter_repetition(
    *, depot: Depot, repetition: Mapping[str, Any], correspondance: Mapping[str, Any] | None = None
) -> None:
    """What importing it would do, and the columns chosen for a plan made elsewhere; nothing of a file that was
    confirmed or replaced meanwhile.
    """
    colonnes = dict(correspondance) if correspondance else None
    Depot.objects.filter(cle=depot.cle).update(repetition=dict(repetition), correspondance=colonnes)


def retirer_depot(*, depot: Depot) -> None:
    Depot.objects.filter(cle=depot.cle).delete()
