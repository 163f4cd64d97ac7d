"""Dates as tables write them: their order, day or month first, is judged by the whole column."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from strategie.socle.interfaces.imports import ValeurRefusee

HEURE = r"(?:[ T][0-9]{1,2}[:h][0-9]{2}.*)?"
ISO = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){HEURE}")
COURTE = re.compile(rf"([0-9]{{1,2}})[-/. ]([0-9]{{1,2}})[-/. ]([0-9]{{4}}|[0-9]{{2}}){HEURE}")
VIDES = {"0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "-", "N/A"}
JOUR_D_ABORD, MOIS_D_ABORD, MELEES = "jma", "mja", "melees"
ILLISIBLE = "une date est attendue, comme 2026-09-01 ou 01/09/2026."
AMBIGUE = (
    "cette colonne mêle les dates françaises et américaines, et celle-ci peut être l'une ou l'autre\u00a0: {} ou {}."
)
MOIS_MAX = 12


def preuve(valeur: str) -> str | None:
    """What this date proves of the order of its column, if it does."""
    lue = COURTE.fullmatch(valeur)
    if lue is None:
        return None
    premier, second = int(lue[1]), int(lue[2])
    if premier > MOIS_MAX >= second:
        return JOUR_D_ABORD
    return MOIS_D_ABORD if second > MOIS_MAX >= premier else None


def est_ambigue(valeur: str) -> bool:
    lue = COURTE.fullmatch(valeur)
    return lue is not None and lue[1].lstrip("0") != lue[2].lstrip("0") and preuve(valeur) is None


def ordre_de(preuves: Iterable[str]) -> str | None:
    """The order that a column proves; MELEES when it proves both, None when it proves none."""
    prouves = set(preuves)
    return MELEES if len(prouves) > 1 else next(iter(prouves), None)


def lire_date(valeur: str, ordre: str, annee_courante: int) -> datetime.date | None:
    """Two figures of a year are the century of those up to thirty years ahead. Raises ValeurRefusee."""
    if valeur in VIDES:
        return None
    if iso := ISO.fullmatch(valeur):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    courte = COURTE.fullmatch(valeur)
    if courte is None:
        raise ValeurRefusee(ILLISIBLE)
    annee = int(courte[3])
    if len(courte[3]) == 2:
        annee += 2000 if 2000 + annee <= annee_courante + 30 else 1900
    if ordre == MELEES:
        if est_ambigue(valeur):
            lues = [_date(annee, int(courte[m]), int(courte[j])).strftime("%d/%m/%Y") for m, j in ((2, 1), (1, 2))]
            raise ValeurRefusee(AMBIGUE.format(*lues))
        ordre = preuve(valeur) or JOUR_D_ABORD
    mois, jour = (courte[1], courte[2]) if ordre == MOIS_D_ABORD else (courte[2], courte[1])
    return _date(annee, int(mois), int(jour))


def _date(annee: int, mois: int, jour: int) -> datetime.date:
    try:
        return datetime.date(annee, mois, jour)
    except ValueError:
        raise ValeurRefusee("cette date n'existe pas.") from None
