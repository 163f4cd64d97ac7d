"""Campaigns as the rectorat follows them."""

from __future__ import annotations

import datetime

from django.db.models import Count, F, Q, QuerySet

from diagnostic.models import Campagne, Diagnostic, Referentiel
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.models import Academie, Etablissement


def campagnes_suivies(academies: QuerySet[Academie]) -> QuerySet[Campagne]:
    """Newest first, each with `commences` and `signes`: how many schools have begun, how many have signed."""
    signes = Q(diagnostics__etat__in=[Diagnostic.Etat.SOUMIS, Diagnostic.Etat.ROUVERT])
    return (
        Campagne.objects.filter(academie__in=academies)
        .select_related("academie", "referentiel")
        .annotate(
            commences=Count("diagnostics", filter=~Q(diagnostics__etat=Diagnostic.Etat.A_COMMENCER)),
            signes=Count("diagnostics", filter=signes),
        )
        .order_by("-annee_scolaire", "academie__nom")
    )


def campagne_confiee(academies: QuerySet[Academie], cle: int) -> Campagne | None:
    return Campagne.objects.filter(academie__in=academies, pk=cle).select_related("academie", "referentiel").first()


def annee_a_ouvrir(academies: QuerySet[Academie], jour: datetime.date) -> str:
    """This school year, or the next one where every académie has opened this one."""
    annee = annee_scolaire(jour)
    a_ouvrir = academies.exclude(campagnes__annee_scolaire=annee).exists()
    return annee if a_ouvrir else annee_suivante(annee)


def referentiels_proposes(academies: QuerySet[Academie]) -> QuerySet[Referentiel]:
    """The versions that a campaign of one of these académies may use, newest first."""
    propres = Q(academie__isnull=True) | Q(academie__in=academies)
    publies = Referentiel.objects.filter(propres, publie_le__isnull=False)
    return publies.order_by("-version", F("academie").asc(nulls_last=True), "pk")


def cloture_pour(campagne: Campagne, etablissement: Etablissement) -> datetime.date:
    """The last day the school may sign: the campaign's, or its district's extension."""
    prolongees = campagne.prolongations.filter(district=etablissement.district_id, district__isnull=False)
    return max([campagne.date_cloture, *prolongees.values_list("date_cloture", flat=True)])
