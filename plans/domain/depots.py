"""Keeping a file between its rehearsal and its confirmation."""

from __future__ import annotations

import datetime
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
    """One a person, a school and what it brings: a new file takes the place of the last; files that nobody confirmed
    go.
    """
    with transaction.atomic():
        Depot.objects.filter(depose_le__lt=maintenant - DUREE).delete()
        Depot.objects.filter(etablissement=etablissement, auteur=auteur, objet=objet).delete()
        depot: Depot = Depot.objects.create(
            etablissement=etablissement, auteur=auteur, objet=objet, nom=nom, contenu=contenu, depose_le=maintenant
        )
    return depot


def noter_repetition(
    *, depot: Depot, repetition: Mapping[str, Any], correspondance: Mapping[str, Any] | None = None
) -> None:
    """What importing it would do, and the columns chosen for a plan made elsewhere."""
    depot.repetition, depot.correspondance = dict(repetition), dict(correspondance) if correspondance else None
    depot.save(update_fields=["repetition", "correspondance"])


def retirer_depot(*, depot: Depot) -> None:
    depot.delete()
