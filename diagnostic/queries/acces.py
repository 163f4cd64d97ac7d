"""What each page of a diagnostic starts from."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from diagnostic.models import Diagnostic
from diagnostic.queries.delegations import champs_confies_a
from strategie.socle.queries.preparees import preparee


@preparee
def diagnostics_a_la_porte(utilisateur: int, jour: datetime.date, uai: str, annee: str) -> QuerySet[Diagnostic]:
    """The diagnostic that a school has begun that year (one or none), with the roles that `utilisateur` holds there on
    `jour` and the champs confided to them. Whether they may see it is for the caller to decide.
    """
    return (
        Diagnostic.objects.avec_roles(utilisateur, jour)
        .commences()
        .annotate(mes_champs=champs_confies_a(utilisateur))
        .select_related("etablissement__academie", "etablissement__departement")
        .select_related("campagne__academie", "referentiel")
        .filter(etablissement__uai=uai, campagne__annee_scolaire=annee)
        .order_by()
    )
