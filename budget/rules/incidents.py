"""When an act on an incident is possible: opened, sent, closed, opened again."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from budget.rules.equipements import NOMBRE_MAX
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

if TYPE_CHECKING:
    from budget.domain.incidents import Cloture, SaisieIncident

TEXTE_MAX = 300
ANNEES_DE_RECUL = 5
SORTI = "Cet équipement est sorti de l'inventaire\u00a0: il ne tombe plus en panne."
RIEN_A_SOI = (
    "Une collectivité ouvre un incident sur un bien dont elle est propriétaire\u00a0: partez de la fiche d'un "
    "équipement ou d'un lot."
)
PAS_CLOS = "Cet incident est déjà ouvert."
DEJA_CLOS = "Cet incident est clos\u00a0: rouvrez-le d'abord s'il ne devait pas l'être."
SANS_SUITE = "sans_suite"


def defauts_de_l_incident(saisie: SaisieIncident, jour: datetime.date, sur: int | None) -> dict[str, str]:
    """What is wrong, by field; `sur`: how many things there are, when that is known."""
    defauts = {}
    if not saisie.constat:
        defauts["constat"] = "Dites en une phrase ce qui ne va pas."
    elif len(saisie.constat) > TEXTE_MAX:
        defauts["constat"] = f"Ce texte dépasse {TEXTE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if not 1 <= saisie.hors_service <= (sur or NOMBRE_MAX):
        defauts["hors_service"] = f"Un nombre de 1 à {decimal_en_phrase(sur or NOMBRE_MAX)} était attendu."
    if refus := _date_passee(saisie.ouvert_le, jour):
        defauts["ouvert_le"] = refus
    if saisie.envoye_a and saisie.envoye_le is None:
        defauts["envoye_le"] = "Dites quand la demande a été envoyée."
    elif saisie.envoye_le and not saisie.envoye_a:
        defauts["envoye_a"] = "Dites à qui la demande a été envoyée."
    elif saisie.envoye_le and saisie.envoye_le > jour:
        defauts["envoye_le"] = "Cette date n'est pas encore passée."
    elif saisie.envoye_le and saisie.envoye_le < saisie.ouvert_le:
        defauts["envoye_le"] = "La demande s'envoie le jour de l'incident, ou après."
    return defauts


def defauts_de_la_cloture(cloture: Cloture, ouvert_le: datetime.date, jour: datetime.date) -> dict[str, str]:
    defauts = {}
    if not cloture.issue:
        defauts["issue"] = "Dites comment l'incident finit."
    if cloture.issue == SANS_SUITE and not cloture.conclusion:
        defauts["conclusion"] = "Sans suite\u00a0: dites pourquoi."
    elif len(cloture.conclusion) > TEXTE_MAX:
        defauts["conclusion"] = f"Ce texte dépasse {TEXTE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if cloture.clos_le > jour:
        defauts["clos_le"] = "Cette date n'est pas encore passée."
    elif cloture.clos_le < ouvert_le:
        defauts["clos_le"] = f"L'incident est ouvert depuis le {date_en_phrase(ouvert_le)}\u00a0: il se clôt après."
    return defauts


def _date_passee(date: datetime.date, jour: datetime.date) -> str | None:
    if date > jour:
        return "Cette date n'est pas encore passée."
    if date.year < jour.year - ANNEES_DE_RECUL:
        return f"Cette date est trop ancienne\u00a0: {ANNEES_DE_RECUL} ans au plus."
    return None
