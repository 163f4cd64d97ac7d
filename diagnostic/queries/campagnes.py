"""Campaigns as the rectorat follows them."""

from __future__ import annotations

import datetime

from django.db.models import Count, F, Q, QuerySet

from diagnostic.models import Campagne, Diagnostic, Referentiel
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.models import Academie, Etablissement


def campagnes_suivies(academies: QuerySet[Academie]) -> QuerySet[Campagne]:
    """Newest first, each with `commences` and `signes`: how many schools have begun, how many have signed."""
    return (
        Campagne.objects.filter(academie__in=academies)
        .select_related("academie", "referentiel")
        .annotate(
            commences=Count("diagnostics", filter=~Q(diagnostics__etat=Diagnostic.Etat.A_COMMENCER), distinct=True),
            signes=Count("diagnostics__copies__diagnostic", distinct=True),
        )
        .order_by("-annee_scolaire", "academie__nom")
    )


def annee_a_ouvrir(academies: QuerySet[Academie], jour: datetime.date) -> str:
    """This school year, or the next one where every académie has opened this one."""
    annee = annee_scolaire(jour)
    a_ouvrir = academies.exclude(campagnes__annee_scolaire=annee).exists()
    return annee if a_ouvrir else annee_suivante(annee)


def referentiel_en_vigueur(academie: Academie | None = None) -> Referentiel | None:
    """The newest version published: common to all, or the académie's own."""
    return referentiels_publies(academie).order_by("-version", F("academie").asc(nulls_last=True)).first()


def referentiels_publies(academie: Academie | None) -> QuerySet[Referentiel]:
    """The versions that an académie's campaign may use: the common ones and its own."""
    return Referentiel.objects.filter(
        Q(academie__isnull=True) | Q(academie=academie), publie_le__isnull=False
    ).order_by("-version")


def cloture_pour(campagne: Campagne, etablissement: Etablissement) -> datetime.date:
    """The last day the school may sign: the campaign's, or its district's extension."""
    prolongees = campagne.prolongations.filter(district=etablissement.district_id, district__isnull=False)
    return max([campagne.date_cloture, *prolongees.values_list("date_cloture", flat=True)])
