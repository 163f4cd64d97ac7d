"""When a need of training may be written, change state, or open the way to a purchase: French sentences that say why
not, or None. States and modalities are given by their codes: this room knows no model.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire, bornes_du_trimestre, trimestre
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

if TYPE_CHECKING:
    from budget.domain.formations import SaisieFormation

EXPRIME, DEMANDE, ACCORDE, REALISE, EVALUE = "exprime", "demande", "accorde", "realise", "evalue"
REFUSE, ANNULE = "refuse", "annule"
ARRETS = {REFUSE: "refusée", ANNULE: "annulée"}
LOCALE = "locale"


# --- What a purchase waits for (row 93) ------------------------------------------------------------------------
def fin_du_trimestre_suivant(jour: datetime.date) -> datetime.date:
    """The last day by which those who will use a thing delivered on that day are to be trained: the end of the term
    that follows its own.
    """
    debut = jour.year if jour.month >= 9 else jour.year - 1
    rang = trimestre(jour)
    annee = f"{debut}-{debut + 1}" if rang < 3 else f"{debut + 1}-{debut + 2}"
    return bornes_du_trimestre(annee, rang % 3 + 1)[1]


def empechement_acheter(
    *,
    intitule: str | None,
    etat: str,
    retiree: bool,
    seances: Collection[datetime.date],
    livraison: datetime.date | None,
) -> str | None:
    """`intitule` is None when the purchase names no training; `seances`: the days of those that are not cancelled."""
    if intitule is None:
        return "Aucune formation n'est prévue pour ceux qui s'en serviront\u00a0: choisissez-en une, ou écrivez-la."
    nommee = f"La formation «\u00a0{intitule}\u00a0»"
    if retiree:
        return f"{nommee} est à la corbeille\u00a0: restaurez-la, ou choisissez-en une autre."
    if etat in ARRETS:
        return f"{nommee} est {ARRETS[etat]}\u00a0: reprenez-la, ou choisissez-en une autre."
    if not seances:
        return f"{nommee} n'a pas de séance datée\u00a0: prévoyez-en une."
    if livraison is None:
        return f"La livraison n'est pas datée\u00a0: on ne sait pas si «\u00a0{intitule}\u00a0» viendra à temps."
    limite = fin_du_trimestre_suivant(livraison)
    if min(seances) > limite:
        return (
            f"{nommee} vient trop tard\u00a0: sa première séance est le {date_en_phrase(min(seances))}. Pour une "
            f"livraison le {date_en_phrase(livraison)}, il en faut une avant, ou au plus tard le "
            f"{date_en_phrase(limite)}, à la fin du trimestre suivant."
        )
    return None
