"""Whose names a free text should not carry."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from strategie.socle.models import Affectation, Utilisateur
from strategie.socle.queries.preparees import preparee


def noms_de_l_equipe(enquete: int, jour: datetime.date) -> list[tuple[str, str]]:
    """First and last name of those who have an account in the survey's school on `jour`."""
    return [(compte.first_name, compte.last_name) for compte in _comptes(enquete=enquete, jour=jour)]


@preparee
def _comptes(enquete: int, jour: datetime.date) -> QuerySet[Utilisateur]:
    roles = Affectation.objects.actives(jour).filter(etablissement__enquetes=enquete)
    return Utilisateur.objects.filter(affectations__in=roles, is_active=True).only("first_name", "last_name").distinct()
