"""What a school takes away waits thirty days in its bin, whole, before it is destroyed."""

from __future__ import annotations

from typing import Self

from django.db import models

from strategie.socle.models import ModelePerimetre, QuerySetPerimetre, Utilisateur


class QuerySetCorbeille(QuerySetPerimetre):
    def vivants(self) -> Self:
        """Those that are not in the bin."""
        return self.filter(supprime_le__isnull=True)

    def en_corbeille(self) -> Self:
        return self.filter(supprime_le__isnull=False)


class ModeleCorbeille(ModelePerimetre):
    """`version` rises with each change: a form says which one it read."""

    version = models.PositiveIntegerField(default=1)
    supprime_le = models.DateTimeField("mis à la corbeille le", null=True, blank=True)
    supprime_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mis à la corbeille par"
    )

    objects = QuerySetCorbeille.as_manager()

    class Meta:
        abstract = True
