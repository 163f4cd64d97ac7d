"""When an act on the indicators of an action is possible, on their readings and on its success factors."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from strategie.socle.rules import date_en_phrase

if TYPE_CHECKING:
    from plans.domain.indicateurs import SaisieIndicateur
    from plans.models import IndicateurSuivi

INDICATEURS_MAX, FACTEURS_MAX = 3, 10
ANNEES_DE_RECUL = ANNEES_D_AVANCE = 10
LONGUEURS = {"intitule": 200, "unite": 40, "source": 200, "responsable": 120}
TEXTE_MAX = 300
HAUSSE = "hausse"


# --- Indicators -----------------------------------------------------------------------------------------------
def manques_de_l_indicateur(indicateur: IndicateurSuivi | SaisieIndicateur) -> list[str]:
    """What it lacks for its action to be published, in the order of its form; nothing when it is complete."""
    dits = (
        (indicateur.unite, "l'unité"),
        (indicateur.depart is not None, "la valeur de départ"),
        (indicateur.depart_le, "la date de la valeur de départ"),
        (indicateur.cible is not None, "la cible"),
        (indicateur.cible_le, "la date où l'atteindre"),
        (indicateur.source, "la source de la valeur"),
        (indicateur.responsable, "qui la relève"),
    )
    return [manque for dit, manque in dits if not dit]


def empechement_un_indicateur_de_plus(suivis: int) -> str | None:
    """`suivis`: how many the action has, those in the bin left out."""
    if suivis < INDICATEURS_MAX:
        return None
    return (
        "Cette action suit déjà trois indicateurs, le plus qu'elle peut suivre\u00a0: retirez-en un, ou dites le reste "
        "en mots, comme facteur de réussite."
    )


def empechement_incomplet(manques: list[str]) -> str | None:
    """`manques`: what an indicator of a published action would lack."""
    if not manques:
        return None
    return f"L'action est publiée, ses indicateurs sont donc complets\u00a0: il manque {', '.join(manques)}."


def defauts_de_l_indicateur(saisie: SaisieIndicateur, jour: datetime.date) -> dict[str, str]:
    """What is wrong, by field; `jour`: the date it is in the académie."""
    defauts = {}
    if not saisie.intitule:
        defauts["intitule"] = "Dites en quelques mots ce qui est mesuré."
    for champ, longueur in LONGUEURS.items():
        if len(getattr(saisie, champ)) > longueur:
            defauts[champ] = f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."
    if saisie.depart_le and (refus := empechement_relever_le(saisie.depart_le, jour)):
        defauts["depart_le"] = refus
    if saisie.cible_le and saisie.cible_le < premier_jour_des_releves(jour):
        defauts["cible_le"] = "Cette date est trop ancienne\u00a0: dix ans au plus."
    elif saisie.cible_le and saisie.cible_le.year > jour.year + ANNEES_D_AVANCE:
        defauts["cible_le"] = "Cette date est trop lointaine\u00a0: dix ans au plus."
    elif saisie.depart_le and saisie.cible_le and saisie.cible_le <= saisie.depart_le:
        defauts["cible_le"] = "La cible s'atteint après le jour de la valeur de départ."
    if refus := empechement_viser(saisie.sens, saisie.depart, saisie.cible):
        defauts["cible"] = refus
    return defauts


def empechement_viser(sens: str, depart: Decimal | None, cible: Decimal | None) -> str | None:
    """A target stands on the side that is better; equal to the baseline, it is to be held."""
    if depart is None or cible is None or cible == depart or (cible > depart) == (sens == HAUSSE):
        return None
    if sens == HAUSSE:
        return "La cible est sous la valeur de départ, alors que plus c'est élevé, mieux c'est."
    return "La cible est au-dessus de la valeur de départ, alors que plus c'est bas, mieux c'est."


def empechement_changer_de_mesure(avant: str, apres: str, saisis: int) -> str | None:
    """`saisis`: how many readings were typed; they are never mixed with computed ones."""
    if apres and apres != avant and saisis:
        return (
            "Des relevés sont déjà saisis pour cet indicateur, et ne se mêlent pas à une valeur calculée\u00a0: "
            "ajoutez plutôt un autre indicateur."
        )
    return None


def empechement_retirer_indicateur(indicateur: IndicateurSuivi) -> str | None:
    """A published action keeps one; a sub-action has its parent's."""
    action = indicateur.action
    if not action.publiee or action.parent_id is not None:
        return None
    if action.indicateurs.filter(supprime_le__isnull=True).exclude(pk=indicateur.pk).exists():
        return None
    return (
        "C'est le seul indicateur d'une action publiée, et rien ne dirait plus si elle réussit\u00a0: ajoutez-en "
        "d'abord un autre."
    )


# --- Readings -------------------------------------------------------------------------------------------------
def premier_jour_des_releves(jour: datetime.date) -> datetime.date:
    """Ten years before `jour`."""
    passe = jour.year - ANNEES_DE_RECUL
    return datetime.date(passe, 2, 28) if (jour.month, jour.day) == (2, 29) else jour.replace(year=passe)


def empechement_relever_le(date: datetime.date, jour: datetime.date) -> str | None:
    """`jour`: the date it is in the académie."""
    if date > jour:
        return "Cette date n'est pas encore passée\u00a0: une valeur se relève le jour même, ou après coup."
    if date < premier_jour_des_releves(jour):
        return f"Une valeur se relève à partir du {date_en_phrase(premier_jour_des_releves(jour))}, dix ans en arrière."
    return None


def empechement_relever(mesure: str) -> str | None:
    """`mesure`: the value that the system reads for the indicator, when it does."""
    if mesure:
        return "Paliers calcule cet indicateur lui-même\u00a0: aucun relevé ne s'y saisit."
    return None


# --- Success factors ------------------------------------------------------------------------------------------
def empechement_un_facteur_de_plus(nombre: int) -> str | None:
    if nombre < FACTEURS_MAX:
        return None
    return "Cette action a déjà dix facteurs de réussite\u00a0: retirez-en un, ou réunissez-en deux."


def defauts_du_facteur(texte: str, atteint: str, preuve: str) -> dict[str, str]:
    """What is wrong, by field: what is said to be there is shown."""
    defauts = {}
    if not texte:
        defauts["texte"] = "Dites en une phrase ce qui montrera la réussite."
    if atteint in ("oui", "en_partie") and not preuve:
        defauts["preuve"] = "Dites ce qui le montre\u00a0: une observation, un document, un témoignage."
    for champ, dit in (("texte", texte), ("preuve", preuve)):
        if len(dit) > TEXTE_MAX:
            defauts[champ] = f"Ce texte dépasse {TEXTE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    return defauts
