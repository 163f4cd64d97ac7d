"""The words of a plan's columns, the same on screen, in exports and on paper: qui, quand, indicateurs."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import lru_cache

from plans.models import Action
from plans.queries.plan import ActionLue, IndicateurLu, LigneDuPlan
from plans.rules.plan import TERMES, terme
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

INSECABLE = "\u00a0"
GROUPES = dict(Action.Groupe.choices)
ORDINAUX = {1: f"1er{INSECABLE}trimestre", 2: f"2e{INSECABLE}trimestre", 3: f"3e{INSECABLE}trimestre"}


# A long table says the same days, figures and periods many times; Django takes its time to write a date.
une_fois = lru_cache(maxsize=4096)
le_jour = une_fois(date_en_phrase)


@une_fois
def valeur(nombre: Decimal, unite: str = "") -> str:
    """« 1 234,5 élèves »: the unit never alone on the next line."""
    ecrit = decimal_en_phrase(nombre)
    return f"{ecrit}{INSECABLE}{unite}" if unite else ecrit


def moment(annee: str, trimestre: int | None) -> str:
    """« 2e trimestre 2026-2027 », « année 2026-2027 »."""
    return f"{ORDINAUX[trimestre]} {annee}" if trimestre else f"année {annee}"


def periode(action: Action | ActionLue) -> str:
    """« Année 2026-2027 », « Du 1er au 3e trimestre 2026-2027 », « De 2026-2027 au 1er trimestre 2027-2028 »."""
    return _periode(action.annee_scolaire, action.trimestre, action.annee_fin, action.trimestre_fin)


@une_fois
def _periode(annee: str, trimestre: int | None, annee_fin: str, trimestre_fin: int | None) -> str:
    debut = f"{ORDINAUX[trimestre]} {annee}" if trimestre else annee
    fin = f"{ORDINAUX[trimestre_fin]} {annee_fin}" if trimestre_fin else annee_fin
    if annee != annee_fin:
        return f"{'Du' if trimestre else 'De'} {debut} {'au' if trimestre_fin else 'à la fin de'} {fin}"
    if trimestre == trimestre_fin:
        return debut if trimestre else f"Année {annee}"
    if trimestre and trimestre_fin:
        return f"Du {ORDINAUX[trimestre].removesuffix(INSECABLE + 'trimestre')} au {fin}"
    return f"À partir du {debut}" if trimestre else f"Jusqu'au {fin}"


def quand(action: Action | ActionLue) -> tuple[str, ...]:
    """Its period, its own deadline, how long it is."""
    return _quand(action.annee_scolaire, action.trimestre, action.annee_fin, action.trimestre_fin, action.echeance)


@une_fois
def _quand(
    annee: str, trimestre: int | None, annee_fin: str, trimestre_fin: int | None, echeance: datetime.date | None
) -> tuple[str, ...]:
    precise = (f"Échéance{INSECABLE}: {le_jour(echeance)}",) if echeance else ()
    return (_periode(annee, trimestre, annee_fin, trimestre_fin), *precise, TERMES[terme(annee, annee_fin)])


def avec(ligne: LigneDuPlan) -> str:
    """Those who contribute, by name then in words."""
    return ", ".join([*ligne.contributeurs, *filter(None, [ligne.action.autres_contributeurs])])


def pour(action: Action | ActionLue) -> str:
    """Those whom it concerns."""
    groupes = [GROUPES[groupe] for groupe in action.groupes]
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
    return f"{valeur(indicateur.valeur, indicateur.unite)}, le {le_jour(indicateur.date)}"
