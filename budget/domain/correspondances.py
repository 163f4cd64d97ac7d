"""Keeping which column of a file said what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from budget.models import CorrespondanceImport
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


def retenir_correspondance(
    *,
    etablissement: Etablissement,
    entetes: str,
    colonnes: Mapping[str, Any],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    """For the school's next file with these headings: the last choice stands."""
    with acte("retenir_correspondance", auteur):
        CorrespondanceImport.objects.update_or_create(
            etablissement=etablissement,
            entetes=entetes,
            defaults={"colonnes": dict(colonnes), "choisie_par": auteur, "choisie_le": maintenant},
        )
