"""When a meeting of the board may be written or changed: French sentences that say why not, or None."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategie.pilotage.domain.seances import SaisieSeance

MEMBRES_MAX = 100
ANNEES_AUTOUR = 10
VOTEE = "Un vote de cette séance est enregistré\u00a0: elle ne change plus."


def defauts_de_la_seance(saisie: SaisieSeance, aujourd_hui: datetime.date) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    return dict(reversed([*_des_dates(saisie, aujourd_hui), *_des_personnes(saisie, aujourd_hui)]))


def _des_dates(saisie: SaisieSeance, aujourd_hui: datetime.date) -> Iterator[tuple[str, str]]:
    if abs(saisie.date.year - aujourd_hui.year) > ANNEES_AUTOUR:
        yield "date", f"La séance serait en {saisie.date.year}\u00a0: vérifiez l'année."
    elif saisie.convoquee_le and saisie.convoquee_le > saisie.date:
        yield "convoquee_le", "La convocation part avant la séance, ou le jour même."
    elif saisie.convoquee_le and (saisie.date - saisie.convoquee_le).days > 366:
        yield "convoquee_le", "La convocation serait partie plus d'un an avant la séance\u00a0: vérifiez l'année."


def _des_personnes(saisie: SaisieSeance, aujourd_hui: datetime.date) -> Iterator[tuple[str, str]]:
    membres, presents = saisie.membres_en_exercice, saisie.presents
    if membres is not None and not 1 <= membres <= MEMBRES_MAX:
        yield "membres_en_exercice", f"Le conseil a de 1 à {MEMBRES_MAX}\u00a0membres en exercice."
    elif presents is None:
        return
    elif presents < 0:
        yield "presents", "Ce nombre ne peut pas être négatif."
    elif membres is None:
        yield "membres_en_exercice", "Dites aussi combien de membres sont en exercice."
    elif presents > membres:
        yield "presents", f"Il y a {presents} présents pour {membres} membres en exercice\u00a0: vérifiez ces nombres."
    elif saisie.date > aujourd_hui:
        yield "presents", "La séance n'a pas encore eu lieu\u00a0: les présents se notent le jour venu."


def empechement_retirer_seance(votes: int, actes: int) -> str | None:
    """`actes`: those that are written for it, voted or not."""
    if votes:
        return "Un vote de cette séance est enregistré\u00a0: elle reste."
    if actes:
        return "Un acte est préparé pour cette séance\u00a0: retirez-le d'abord, ou donnez-lui une autre séance."
    return None


def empechement_modifier_seance(votes: int) -> str | None:
    """`votes`: how many votes of it are recorded."""
    return VOTEE if votes else None
