"""The hours that a district's trainers may give: fixed by its animateur or by the rectorat."""

from __future__ import annotations

import datetime
from decimal import Decimal

from budget.models import CapaciteFormateurs
from budget.rules.formateurs import empechement_fixer_capacite
from plans.rules.besoins import est_une_annee
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import District, Utilisateur


class CapaciteChangee(Empeche):
    """Somebody else has said another number since the page was shown: `actuelle` is what is kept now."""

    def __init__(self, actuelle: CapaciteFormateurs) -> None:
        super().__init__("Quelqu'un d'autre a fixé ces heures pendant que vous écriviez\u00a0: rien n'est enregistré.")
        self.actuelle = actuelle


def fixer_capacite(
    *,
    district: District,
    annee: str,
    heures: Decimal,
    version: int,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> CapaciteFormateurs:
    """`version` is 0 when the page showed none. Fewer hours than are engaged are said as they are: what lacks shows.
    Raises Empeche; CapaciteChangee when somebody else has written since.
    """
    refuser(None if est_une_annee(annee) else "Cette année scolaire n'existe pas.")
    refuser(empechement_fixer_capacite(heures))
    with acte("fixer_capacite_formateurs", auteur):
        capacite, nouvelle = CapaciteFormateurs.objects.select_for_update().get_or_create(
            district=district,
            annee_scolaire=annee,
            defaults={"heures": heures, "fixee_par": auteur, "fixee_le": maintenant},
        )
        if nouvelle or capacite.heures == heures:
            return capacite
        if capacite.version != version:
            raise CapaciteChangee(capacite)
        capacite.heures, capacite.fixee_par, capacite.fixee_le = heures, auteur, maintenant
        capacite.version += 1
        capacite.save()
    return capacite
