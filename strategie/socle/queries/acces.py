"""The query of every school page's door, its SQL written once a process."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from strategie.socle.models import Etablissement
from strategie.socle.queries.preparees import preparee


@preparee
def ecole_et_roles(uai: str, utilisateur: int, jour: datetime.date) -> QuerySet[Etablissement]:
    """The school of this UAI, with `mes_roles`: those that `utilisateur` holds on it on `jour`."""
    return (
        Etablissement.objects.avec_roles(utilisateur, jour)
        .select_related("academie", "district", "collectivite")
        .filter(uai=uai)
    )
