"""A school whose signed diagnostic lacks some conditions: what proposals start from."""

from collections.abc import Mapping

from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.models import CopieSignee, Referentiel
from plans.queries.offre import Offre, propositions_pour
from plans.queries.propositions import Proposition, propositions_nationales
from strategie.socle.models import Etablissement
from tests.dossier import commencer, repondre_partout, signer
from tests.personnages import Monde
from tests.plans.plans import cette_annee


def un_diagnostic_signe(
    monde: Monde, referentiel: Referentiel, sauf: Mapping[str, Valeur], annee: str | None = None
) -> CopieSignee:
    """The collège's, all « oui » but those named."""
    maintenant = timezone.now()
    diagnostic = commencer(monde.college, annee or cette_annee(monde.college), referentiel, monde.chef, maintenant)
    repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant, sauf=sauf)
    return signer(diagnostic, monde.chef, maintenant)


def l_offre(etablissement: Etablissement, *, brouillon: bool = True) -> Offre:
    jour = timezone.localdate(timezone=etablissement.academie.zone)
    return propositions_pour(etablissement, jour, brouillon=brouillon)


def la_proposition(code: str) -> Proposition:
    return propositions_nationales()[code]
