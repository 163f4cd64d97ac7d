"""Opening an académie's campaign."""

import datetime

from diagnostic.models import Campagne, Referentiel
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Utilisateur


def ouvrir_campagne(
    *,
    academie: Academie,
    annee_scolaire: str,
    referentiel: Referentiel,
    date_ouverture: datetime.date,
    date_cloture: datetime.date,
    auteur: Utilisateur | None,
) -> Campagne:
    """Open the campaign; its dates are local to the académie. Raises ValidationError with French sentences."""
    campagne = Campagne(
        academie=academie,
        annee_scolaire=annee_scolaire,
        referentiel=referentiel,
        date_ouverture=date_ouverture,
        date_cloture=date_cloture,
    )
    campagne.full_clean()
    with acte("ouvrir_campagne", auteur):
        campagne.save()
    return campagne
