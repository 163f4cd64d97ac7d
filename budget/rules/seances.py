"""When a session of a training may be planned, held or given up: French sentences that say why not, or None."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from budget.rules.formations import ARRETS, DEMANDE, EN_MOTS, ENGAGES, EXPRIME, refus_du_jour
from strategie.socle.rules import date_en_phrase

if TYPE_CHECKING:
    from budget.domain.seances import SaisieSeance

HEURES_MAX, COUT_MAX = Decimal(100), Decimal("9999999999.99")
LONGUEURS = {"organisme": 120, "note": 300}
INTERVENANTS = ("district", "eafc", "collegue", "collectivite", "prestataire", "aucun")
CHANGEE = "Cette séance a changé ou n'est plus là\u00a0: rechargez la page."
TENUE, ANNULEE = "tenue", "annulee"
NOMS = {
    "enseignants": "enseignants",
    "vie_scolaire": "personnes de la vie scolaire",
    "aesh": "AESH",
    "administration": "personnes de l'administration et de la santé",
    "agents": "agents",
    "direction": "personnes de la direction",
}


def defauts_de_la_seance(saisie: SaisieSeance, annee: str) -> dict[str, str]:
    """What is wrong, by field; `annee`: the school year of the training."""
    return dict(reversed(list(_defauts(saisie, annee))))


def _defauts(saisie: SaisieSeance, annee: str) -> Iterator[tuple[str, str]]:
    for champ, longueur in LONGUEURS.items():
        if len(getattr(saisie, champ)) > longueur:
            yield champ, f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."
    if refus := refus_du_jour(saisie.jour, annee):
        yield "jour", refus
    if not 0 < saisie.heures <= HEURES_MAX:
        yield "heures", f"Une séance dure un peu plus de 0 à {HEURES_MAX}\u00a0heures."
    if saisie.intervenant not in INTERVENANTS:
        yield "intervenant", "Choisissez qui l'anime dans la liste."
    if saisie.cout < 0:
        yield "cout", "Un coût est positif ou nul."
    elif saisie.cout > COUT_MAX:
        yield "cout", "Ce coût est démesuré."


def empechement_prevoir(etat: str, *, tenir: bool = False) -> str | None:
    """`etat`: that of the training."""
    if etat in ARRETS:
        return f"La formation est {EN_MOTS[etat]}\u00a0: reprenez-la d'abord."
    if tenir and etat in (EXPRIME, DEMANDE):
        return "La formation n'est pas encore accordée\u00a0: une séance se tient après l'accord."
    return None


def empechement_modifier_seance(etat: str) -> str | None:
    return "Cette séance est annulée\u00a0: ajoutez-en une autre." if etat == ANNULEE else None


def empechement_annuler_seance(formation: str, etat: str) -> str | None:
    """A training that is said held rests on its sessions."""
    if etat == TENUE and formation in ENGAGES[1:]:
        return f"La formation est {EN_MOTS[formation]} grâce à cette séance\u00a0: corrigez plutôt les présents."
    return None


def empechement_tenir_seance(jour: datetime.date, aujourd_hui: datetime.date) -> str | None:
    if jour > aujourd_hui:
        return f"Cette séance est prévue le {date_en_phrase(jour)}\u00a0: les présents se comptent le jour venu."
    return None


def defauts_des_presents(
    presents: Mapping[str, int], effectif: int, effectifs: Mapping[str, int], annee: str
) -> dict[str, str]:
    """By team, « total » for all; `effectif`: how many the training is for, `effectifs`: how many each team has in the
    school year, those that are known.
    """
    defauts = {}
    for equipe, combien in presents.items():
        if equipe not in NOMS or combien < 0:
            defauts[equipe] = "Comptez les présents\u00a0: un nombre entier, 0 quand il n'y a personne."
        elif equipe in effectifs and combien > effectifs[equipe]:
            defauts[equipe] = (
                f"{combien} {NOMS[equipe]} présents, et l'établissement en compte {effectifs[equipe]} en {annee}"
                "\u00a0: corrigez les présents, ou l'effectif de l'équipe."
            )
    total = sum(presents.values())
    if total > effectif:
        defauts["total"] = (
            f"{total} présents, et la formation est prévue pour {effectif}\u00a0: corrigez les présents, ou le nombre "
            "de personnes de la formation."
        )
    elif total == 0:
        defauts["total"] = "Une séance tenue compte au moins une personne\u00a0: si personne n'est venu, annulez-la."
    return defauts
