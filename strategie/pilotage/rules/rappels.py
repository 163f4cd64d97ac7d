"""Who is reminded, of what, and when: pure functions of what is known of a school and of a person."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from strategie.socle.rules import date_en_phrase

JOURS_MAX, JOUR_MAX = 5, 90
MOT_MAX = 300
RATTRAPAGE = 5  # days after which a reminder that could not leave is worth no more
RECAPITULATIF_JUSQU_AU = 10  # day of the month
SANS_RELANCE = datetime.timedelta(days=7)
HEURE_DU_MATIN = 7

# What a mail program turns into a link by itself: an address with its scheme, or something.like-this.
LIENS = re.compile(r"://|www\.|@|\w[.。．][^\W\d_]{2,}\b", re.IGNORECASE)


# --- When ------------------------------------------------------------------------------------------------------
def etape_due(restants: int, jours: Collection[int]) -> int | None:
    """Which reminder is due `restants` days before the deadline: the closest one whose day has come, for a few days.

    With 30, 7 and 1: at 7, and at 6 to 2 for who did not get it at 7, the one of 7 days.
    """
    venues = [etape for etape in jours if 0 <= restants <= etape]
    if not venues or min(venues) - restants > RATTRAPAGE:
        return None
    return min(venues)


def clotures_visees(jour: datetime.date, jours: Collection[int]) -> list[datetime.date]:
    """The deadlines of which a reminder is due on `jour`."""
    restants = (n for n in range(max(jours, default=-1) + 1) if etape_due(n, jours) is not None)
    return [jour + datetime.timedelta(days=n) for n in restants]


def mois_a_recapituler(jour: datetime.date) -> datetime.date | None:
    """The first day of the month whose digest is due on `jour`; late in the month, it is not worth sending."""
    return jour.replace(day=1) if jour.day <= RECAPITULATIF_JUSQU_AU else None


def c_est_le_matin(heure_locale: datetime.datetime) -> bool:
    return heure_locale.hour >= HEURE_DU_MATIN


# --- Who -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Situation:
    """What decides whether a person is written to about a school's diagnostic."""

    etat: str
    cloture: datetime.date
    arrete: bool
    rappele_le: datetime.date | None


def empechement_de_l_ecole(etat: str, *, cloture: datetime.date, jour: datetime.date) -> str | None:
    """Why nobody of the school is reminded, whoever they are."""
    if etat in ("soumis", "rouvert"):
        return "a déjà signé"
    if cloture < jour:
        return f"la clôture est passée depuis le {date_en_phrase(cloture)}"
    return None


def empechement_relancer(situation: Situation, jour: datetime.date) -> str | None:
    ecole = empechement_de_l_ecole(situation.etat, cloture=situation.cloture, jour=jour)
    if ecole:
        return ecole
    if situation.arrete:
        return "ne souhaite plus recevoir de relances"
    if situation.rappele_le:
        return f"déjà rappelé le {date_en_phrase(situation.rappele_le)}"
    return None


def empechement_rappeler(
    situation: Situation, *, jour: datetime.date, echeance: datetime.date, etape: int, jours: Sequence[int]
) -> str | None:
    """For a reminder written for `echeance`, that many days before; `jours` is what the académie wants now."""
    ecole = empechement_de_l_ecole(situation.etat, cloture=situation.cloture, jour=jour)
    if ecole:
        return ecole
    if situation.arrete:
        return "ne souhaite plus recevoir de rappels d'échéance"
    if situation.cloture != echeance:
        return f"la clôture est maintenant le {date_en_phrase(situation.cloture)}"
    if etape not in jours:
        return "l'académie n'envoie plus ce rappel"
    if etape_due((echeance - jour).days, jours) != etape:
        return "ce rappel n'est plus d'actualité"
    return None


# --- What is written ---------------------------------------------------------------------------------------------
def empechement_du_mot(mot: str, adresse_du_site: str) -> str | None:
    """The sender's sentence is plain words: what a mail program would make a link of is this site's, or is not."""
    if len(mot) > MOT_MAX:
        return f"Cette phrase dépasse {MOT_MAX}\u00a0caractères\u00a0: raccourcissez-la."
    if any(unicodedata.category(signe) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for signe in mot):
        return (
            "Cette phrase contient des caractères invisibles\u00a0: écrivez-la de nouveau, sans la copier d'ailleurs."
        )
    if LIENS.search(_sans_les_adresses_du_site(mot, adresse_du_site)):
        return (
            "N'écrivez ni adresse de site ni adresse électronique\u00a0: le message porte déjà le lien vers Paliers. "
            "Laissez aussi une espace après chaque point."
        )
    return None


def _sans_les_adresses_du_site(mot: str, adresse: str) -> str:
    """« https://paliers.exemple/x » goes, « https://paliers.exemple.autre » stays."""
    racine = re.escape(adresse.rstrip("/"))
    return re.sub(rf"(?<!\S){racine}(?:/[\w/#?=&%-]*)?(?=[,;:!?).]*(?:\s|$))", "", mot) if racine else mot


def defauts_des_jours(jours: Sequence[int]) -> str | None:
    if len(jours) > JOURS_MAX:
        return f"{JOURS_MAX} rappels au plus."
    if len(set(jours)) < len(jours):
        return "Chaque nombre de jours ne se dit qu'une fois."
    if any(not 1 <= n <= JOUR_MAX for n in jours):
        return f"Un nombre de jours va de 1 à {JOUR_MAX}."
    return None
