"""Campaigns as the rectorat follows them."""

from __future__ import annotations

import datetime

from django.db.models import Count, QuerySet

from diagnostic.models import Campagne, Referentiel
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.models import Academie


def campagnes_suivies(academies: QuerySet[Academie]) -> QuerySet[Campagne]:
    """Newest first, each with `commences` and `signes`: how many schools have begun, how many have signed."""
    return (
        Campagne.objects.filter(academie__in=academies)
        .select_related("academie", "referentiel")
        .annotate(
            commences=Count("diagnostics", distinct=True),
            signes=Count("diagnostics__copies__diagnostic", distinct=True),
        )
        .order_by("-annee_scolaire", "academie__nom")
    )


def annee_a_ouvrir(academies: QuerySet[Academie], jour: datetime.date) -> str:
    """This school year, or the next one where every académie has opened this one."""
    annee = annee_scolaire(jour)
    a_ouvrir = academies.exclude(campagnes__annee_scolaire=annee).exists()
    return annee if a_ouvrir else annee_suivante(annee)


def referentiel_en_vigueur() -> Referentiel | None:
    """The newest version published."""
    return Referentiel.objects.filter(publie_le__isnull=False).order_by("-version").first()
