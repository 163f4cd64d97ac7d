"""The words of a plan's columns, the same on screen, in exports and on paper: qui, quand, indicateurs."""

from __future__ import annotations

from decimal import Decimal

from plans.models import Action
from plans.queries.plan import IndicateurLu, LigneDuPlan
from plans.rules.plan import TERMES, terme
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

INSECABLE = "\u00a0"
ORDINAUX = {1: f"1er{INSECABLE}trimestre", 2: f"2e{INSECABLE}trimestre", 3: f"3e{INSECABLE}trimestre"}


def valeur(nombre: Decimal, unite: str = "") -> str:
    """« 1 234,5 élèves »: the unit never alone on the next line."""
    ecrit = decimal_en_phrase(nombre)
    return f"{ecrit}{INSECABLE}{unite}" if unite else ecrit


def moment(annee: str, trimestre: int | None) -> str:
    """« 2e trimestre 2026-2027 », « année 2026-2027 »."""
    return f"{ORDINAUX[trimestre]} {annee}" if trimestre else f"année {annee}"


def periode(action: Action) -> str:
    """« Année 2026-2027 », « Du 1er trimestre 2026-2027 au 2e trimestre 2027-2028 »."""
    debut, fin = moment(action.annee_scolaire, action.trimestre), moment(action.annee_fin, action.trimestre_fin)
    if debut == fin:
        return debut[0].upper() + debut[1:]
    if action.annee_scolaire == action.annee_fin and action.trimestre and action.trimestre_fin:
        return f"Du {ORDINAUX[action.trimestre].removesuffix(INSECABLE + 'trimestre')} au {fin}"
    return f"{_de(debut)} {_a(fin)}"


def _de(moment: str) -> str:
    return f"De l'{moment}" if moment.startswith("année") else f"Du {moment}"


def _a(moment: str) -> str:
    return f"à l'{moment}" if moment.startswith("année") else f"au {moment}"


def quand(action: Action) -> list[str]:
    """Its period, its own deadline, how long it is."""
    echeance = [f"Échéance{INSECABLE}: {date_en_phrase(action.echeance)}"] if action.echeance else []
    return [periode(action), *echeance, TERMES[terme(action.annee_scolaire, action.annee_fin)]]


def avec(ligne: LigneDuPlan) -> str:
    """Those who contribute, by name then in words."""
    return ", ".join([*ligne.contributeurs, *filter(None, [ligne.action.autres_contributeurs])])


def pour(action: Action) -> str:
    """Those whom it concerns."""
    groupes = [Action.Groupe(groupe).label for groupe in action.groupes]
    return ", ".join([*groupes, *filter(None, [action.autres_concernes])])


def chemin(indicateur: IndicateurLu) -> str:
    """« de 10 à 2 coupures », « cible : 2 coupures », or nothing."""
    if indicateur.cible is None:
        return ""
    cible = valeur(indicateur.cible, indicateur.unite)
    if indicateur.depart is None:
        return f"cible{INSECABLE}: {cible}"
    return f"de {valeur(indicateur.depart)} à {cible}"


def dernier_releve(indicateur: IndicateurLu) -> str:
    """« 7 coupures, le 3 mars 2027 », or nothing."""
    if indicateur.valeur is None or indicateur.date is None:
        return ""
    return f"{valeur(indicateur.valeur, indicateur.unite)}, le {date_en_phrase(indicateur.date)}"
