"""Which campaign and which diagnostic a school is in."""

from __future__ import annotations

import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from diagnostic.models import Campagne, Diagnostic
from diagnostic.queries.delegations import champs_confies_a
from diagnostic.queries.etat import EtatDiagnostic, etat_du_diagnostic
from diagnostic.queries.referentiels import lignee
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.models import Etablissement, Utilisateur


def campagne_en_cours(etablissement: Etablissement, maintenant: datetime.datetime) -> Campagne | None:
    """The campaign of the school year it is in the académie, open or about to be; once the school can no longer
    do anything in it, the next year's where there is one: it may be prepared before it opens.
    """
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    annee = annee_scolaire(jour)
    suivies = (
        Campagne.objects.filter(academie=etablissement.academie_id, annee_scolaire__in=[annee, annee_suivante(annee)])
        .select_related("academie", "referentiel")
        .annotate(fin=_fin_pour(etablissement))
        .order_by("annee_scolaire")
    )
    campagnes = list(suivies)
    ouverte = next((campagne for campagne in campagnes if campagne.fin >= jour), None)
    return ouverte or next(iter(campagnes), None)


def _fin_pour(etablissement: Etablissement) -> Coalesce:
    """The school's own deadline in each campaign, else the campaign's."""
    sien = Diagnostic.objects.filter(campagne=OuterRef("pk"), etablissement=etablissement)
    return Coalesce(Subquery(sien.values("date_cloture")[:1]), F("date_cloture"))


def diagnostic_en_cours(
    etablissement: Etablissement, campagne: Campagne | None, lecteur: Utilisateur
) -> EtatDiagnostic | None:
    """The school's diagnostic of that campaign, whatever its state once it is begun, with what it confides to
    `lecteur`.
    """
    if campagne is None:
        return None
    diagnostic = (
        Diagnostic.objects.filter(etablissement=etablissement, campagne=campagne)
        .commences()
        .annotate(mes_champs=champs_confies_a(lecteur))
        .select_related("referentiel")
        .first()
    )
    if diagnostic is None:
        return None
    diagnostic.etablissement, diagnostic.campagne = etablissement, campagne
    return etat_du_diagnostic(diagnostic)


def depart_possible(
    etablissement: Etablissement, campagne: Campagne | None, etat: EtatDiagnostic | None
) -> Diagnostic | None:
    """The diagnostic that this year's may start from, begun (`etat`) or not, as long as it has no answer."""
    if campagne is None or (etat is not None and (etat.donnees or not etat.diagnostic.modifiable)):
        return None
    if etat is not None:
        return derniere_source(etat.diagnostic)
    return derniere_source(Diagnostic(etablissement=etablissement, campagne=campagne, referentiel=campagne.referentiel))


def derniere_source(diagnostic: Diagnostic) -> Diagnostic | None:
    """The newest diagnostic of an earlier year that the school signed, where its version leads to this one's."""
    source = (
        Diagnostic.objects.filter(
            etablissement=diagnostic.etablissement_id,
            campagne__annee_scolaire__lt=diagnostic.campagne.annee_scolaire,
            copies__isnull=False,
        )
        .select_related("campagne", "referentiel")
        .order_by("-campagne__annee_scolaire")
        .first()
    )
    if source is None or source.referentiel_id == diagnostic.referentiel_id:
        return source
    return source if lignee(diagnostic.referentiel, source.referentiel) is not None else None
