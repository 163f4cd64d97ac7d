"""Opening an académie's campaign."""

import datetime

from django.db import connection

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
    jours_de_correction: int = 15,
) -> Campagne:
    """Open the campaign for every school of the académie that the référentiel speaks to, in one set-based act.

    Dates are local to the académie. Raises ValidationError with French sentences.
    """
    campagne = Campagne(
        academie=academie,
        annee_scolaire=annee_scolaire,
        referentiel=referentiel,
        date_ouverture=date_ouverture,
        date_cloture=date_cloture,
        jours_de_correction=jours_de_correction,
    )
    campagne.full_clean()
    with acte("ouvrir_campagne", auteur):
        campagne.save()
        _attendre_un_diagnostic_de_chacun(campagne)
    return campagne


# One statement for the whole académie: a campaign is opened while schools work.
_ATTENDRE = """
INSERT INTO diagnostic_diagnostic
    (etablissement_id, campagne_id, referentiel_id, date_cloture, etat, version, motif_reouverture)
SELECT id, %(campagne)s, %(referentiel)s, %(cloture)s, 'a_commencer', 1, ''
FROM socle_etablissement
WHERE academie_id = %(academie)s AND etat <> 'ferme' AND type IN ('ecole', 'college', 'lycee', 'erea')
ON CONFLICT DO NOTHING
"""


def _attendre_un_diagnostic_de_chacun(campagne: Campagne) -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            _ATTENDRE,
            {
                "campagne": campagne.pk,
                "referentiel": campagne.referentiel_id,
                "cloture": campagne.date_cloture,
                "academie": campagne.academie_id,
            },
        )
