"""When the infrastructure may be written."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from budget.rules.equipements import empechement_date
from strategie.socle.rules import decimal_en_phrase

if TYPE_CHECKING:
    from budget.domain.reseau import SaisieMesure, SaisieRaccordement, SaisieService

INTITULE_MAX, LIEU_MAX, PRECISION_MAX = 80, 80, 300
DEBIT_MAX = Decimal(100_000)
ANNEES_DE_RECUL = 10
RETIRE = "Ce raccordement est retiré\u00a0: rétablissez-le d'abord."
DEJA_MESURE = "Une autre mesure de ce raccordement porte cette date et cette heure."


def defauts_du_raccordement(saisie: SaisieRaccordement, jour: datetime.date) -> dict[str, str]:
    """What is wrong, by field."""
    defauts = {}
    if not saisie.intitule:
        defauts["intitule"] = "Donnez un nom à ce raccordement."
    elif refus := _trop_long(saisie.intitule, INTITULE_MAX):
        defauts["intitule"] = refus
    for champ in ("descendant", "montant"):
        debit = getattr(saisie, champ)
        if debit is not None and debit <= 0:
            defauts[champ] = "Un débit prévu est plus grand que zéro\u00a0; s'il n'est pas connu, laissez vide."
        elif refus := _demesure(debit):
            defauts[champ] = refus
    if refus := empechement_date(saisie.contrat_jusqu_au, jour, passee=False):
        defauts["contrat_jusqu_au"] = refus
    return defauts


def defauts_de_la_mesure(saisie: SaisieMesure, maintenant: datetime.datetime) -> dict[str, str]:
    defauts = {}
    for champ in ("descendant", "montant"):
        debit = getattr(saisie, champ)
        if debit is not None and debit < 0:
            defauts[champ] = "Un débit n'est jamais négatif."
        elif refus := _demesure(debit):
            defauts[champ] = refus
    if saisie.mesure_le > maintenant:
        defauts["heure"] = "Cette mesure n'est pas encore faite\u00a0: la date et l'heure sont à venir."
    elif saisie.mesure_le.year < maintenant.year - ANNEES_DE_RECUL:
        defauts["jour"] = f"Cette mesure est trop ancienne\u00a0: {ANNEES_DE_RECUL} ans au plus."
    if refus := _trop_long(saisie.lieu, LIEU_MAX):
        defauts["lieu"] = refus
    return defauts


def defauts_du_service(saisie: SaisieService, jour: datetime.date) -> dict[str, str]:
    defauts = {}
    if not saisie.en_place:
        defauts["en_place"] = "Choisissez une réponse\u00a0; «\u00a0On ne sait pas\u00a0» en est une."
    if refus := _trop_long(saisie.precision, PRECISION_MAX):
        defauts["precision"] = refus
    if saisie.verifie_le and saisie.verifie_le > jour:
        defauts["verifie_le"] = "Cette date n'est pas encore passée."
    elif saisie.verifie_le and saisie.verifie_le.year < jour.year - ANNEES_DE_RECUL:
        defauts["verifie_le"] = f"Cette date est trop ancienne\u00a0: {ANNEES_DE_RECUL} ans au plus."
    return defauts


def _trop_long(texte: str, longueur: int) -> str | None:
    if len(texte) <= longueur:
        return None
    return f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."


def _demesure(debit: Decimal | None) -> str | None:
    if debit is None or debit <= DEBIT_MAX:
        return None
    trop = decimal_en_phrase(DEBIT_MAX)
    return f"Ce débit dépasse {trop}\u00a0Mbit/s\u00a0: vérifiez l'unité (1\u00a0Gbit/s = 1\u202f000\u00a0Mbit/s)."
