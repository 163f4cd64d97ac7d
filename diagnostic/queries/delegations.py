"""The champs that are confided to somebody."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from diagnostic.models import Delegation
from strategie.socle.models import Utilisateur


def champs_confies_a(utilisateur: Utilisateur | int) -> ArraySubquery:
    """An expression for a queryset of diagnostics: the codes of the champs that each confides to `utilisateur`."""
    confies = Delegation.objects.filter(diagnostic=OuterRef("pk"), utilisateur=utilisateur)
    return ArraySubquery(confies.order_by("champ").values("champ"))
