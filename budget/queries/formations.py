"""Reading what a school needs and holds of training."""

from __future__ import annotations

import datetime

from budget.models import BesoinFormation, Seance
from budget.rules.formations import empechement_acheter


def etat_de_formation_pour_achat(formation: BesoinFormation | None, livraison: datetime.date | None) -> str | None:
    """Why a purchase that rests on this training is blocked, in a sentence; None when nothing is wanting. One query,
    none when `seances` was prefetched.
    """
    if formation is None:
        return empechement_acheter(intitule=None, etat="", retiree=False, seances=(), livraison=livraison)
    return empechement_acheter(
        intitule=formation.intitule,
        etat=formation.etat,
        retiree=formation.supprime_le is not None,
        seances=[seance.jour for seance in formation.seances.all() if seance.etat != Seance.Etat.ANNULEE],
        livraison=livraison,
    )
