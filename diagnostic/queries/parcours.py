"""Which campaign and which diagnostic a school is in."""

from __future__ import annotations

import datetime

from diagnostic.models import Campagne, Diagnostic
from diagnostic.queries.etat import EtatDiagnostic, etat_du_diagnostic
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement


def campagne_en_cours(etablissement: Etablissement, maintenant: datetime.datetime) -> Campagne | None:
    """The campaign of the school year it is in the académie, open or about to be."""
    annee = annee_scolaire(maintenant.astimezone(etablissement.academie.zone).date())
    return (
        Campagne.objects.filter(academie=etablissement.academie_id, annee_scolaire=annee)
        .select_related("academie", "referentiel")
        .first()
    )


def diagnostic_en_cours(etablissement: Etablissement, campagne: Campagne | None) -> EtatDiagnostic | None:
    """The school's diagnostic of that campaign, whatever its state."""
    if campagne is None:
        return None
    diagnostic = Diagnostic.objects.filter(etablissement=etablissement, campagne=campagne).first()
    if diagnostic is None:
        return None
    diagnostic.etablissement, diagnostic.campagne = etablissement, campagne
    return etat_du_diagnostic(diagnostic)
