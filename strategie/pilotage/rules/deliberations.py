"""When an act may be written, voted, dated: French sentences that say why not, or None; the words it starts with."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from strategie.pilotage.rules.dossiers import CONTROLES
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

if TYPE_CHECKING:
    from strategie.pilotage.domain.deliberations import SaisieDates, SaisieDeliberation, SaisieVote

OBJET_MAX, VISA_MAX, VISAS_MAX, EXPOSE_MAX, DECISION_MAX, NUMERO_MAX = 250, 400, 20, 4000, 4000, 20
VOIX_MAX = 100
VOIX = ("pour", "contre", "abstentions", "refus")
ADOPTEE, REJETEE, MODIFICATIONS = "adoptee", "rejetee", "modifications"
DEJA_VOTEE = "Le vote est enregistré\u00a0: cet acte ne change plus, sauf ses dates de transmission et de publication."
INVISIBLE = "Ce texte contient un caractère invisible\u00a0: effacez-le, puis écrivez-le de nouveau."
EGALITE = (
    "Il y a autant de voix pour que de voix contre\u00a0: dites comment le président a voté, sa voix est prépondérante."
)


# --- Writing it ------------------------------------------------------------------------------------------------
def objet_propose(*, premier_degre: bool) -> str:
    return f"Stratégie numérique de l'{'école' if premier_degre else 'établissement'}"


def expose_propose(*, premier_degre: bool) -> str:
    ici = "l'école" if premier_degre else "l'établissement"
    return (
        f"La stratégie numérique répond aux besoins constatés dans {ici}. Le dossier joint présente le constat, le "
        "plan d'action, la formation, l'équipement et le financement."
    )


def decision_proposee(*, premier_degre: bool) -> str:
    if premier_degre:
        return "Avis favorable à la stratégie numérique de l'école, présentée dans le dossier joint."
    return "La stratégie numérique de l'établissement, présentée dans le dossier joint, est adoptée."


def defauts_de_la_deliberation(saisie: SaisieDeliberation, familles: Collection[str]) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    return dict(reversed(list(_de_la_deliberation(saisie, familles))))


def _de_la_deliberation(saisie: SaisieDeliberation, familles: Collection[str]) -> Iterator[tuple[str, str]]:
    if not saisie.objet:
        yield "objet", "Dites en quelques mots sur quoi le conseil se prononce."
    if not saisie.decision:
        yield "decision", "Écrivez ce que le conseil décide."
    for champ, longueur in (("objet", OBJET_MAX), ("expose", EXPOSE_MAX), ("decision", DECISION_MAX)):
        if (ecrits := len(getattr(saisie, champ))) > longueur:
            yield champ, trop_long(ecrits, longueur)
        elif CONTROLES.search(getattr(saisie, champ)):
            yield champ, INVISIBLE
    if saisie.famille not in familles:
        yield "famille", "Choisissez la famille de l'acte dans la liste."
    if len(saisie.visas) > VISAS_MAX:
        yield "visas", f"Un acte vise {VISAS_MAX}\u00a0textes au plus\u00a0: il y en a {len(saisie.visas)}."
    for rang, visa in enumerate(saisie.visas, 1):
        if len(visa) > VISA_MAX:
            yield "visas", f"La ligne {rang} dépasse {VISA_MAX}\u00a0caractères\u00a0: raccourcissez-la."
        elif CONTROLES.search(visa):
            yield "visas", INVISIBLE


def trop_long(ecrits: int, longueur: int) -> str:
    dit, limite = decimal_en_phrase(ecrits), decimal_en_phrase(longueur)
    return f"Ce texte dépasse {limite}\u00a0caractères (il en a {dit})\u00a0: raccourcissez-le."


def empechement_retirer(votee: bool) -> str | None:
    return "Le vote de cet acte est enregistré\u00a0: il reste." if votee else None


def empechement_modifier(votee: bool) -> str | None:
    return DEJA_VOTEE if votee else None


# --- Its vote --------------------------------------------------------------------------------------------------
def defauts_du_vote(saisie: SaisieVote) -> dict[str, str]:
    """Each field alone; what they say together is `domain/conseil.py`'s."""
    defauts = {
        nom: f"Un nombre de voix va de 0 à {VOIX_MAX}."
        for nom in VOIX
        if not 0 <= getattr(saisie.voix, nom) <= VOIX_MAX
    }
    if not saisie.numero:
        defauts["numero"] = "Donnez le numéro de l'acte."
    elif len(saisie.numero) > NUMERO_MAX:
        defauts["numero"] = trop_long(len(saisie.numero), NUMERO_MAX)
    return defauts


def empechement_avant_la_seance(date: datetime.date, aujourd_hui: datetime.date) -> str | None:
    if date <= aujourd_hui:
        return None
    return f"La séance est le {date_en_phrase(date)}\u00a0: le vote s'enregistre une fois qu'elle a eu lieu."


# --- What comes after ------------------------------------------------------------------------------------------
def empechement_dater(resultat: str) -> str | None:
    if resultat == MODIFICATIONS:
        return "Le conseil a demandé des modifications\u00a0: il n'y a pas d'acte à transmettre ni à publier."
    return None if resultat else "Enregistrez d'abord le vote."


def defauts_des_dates(saisie: SaisieDates, seance: datetime.date, aujourd_hui: datetime.date) -> dict[str, str]:
    defauts = {}
    for champ, jour in (("transmise_le", saisie.transmise_le), ("publiee_le", saisie.publiee_le)):
        if jour and jour < seance:
            defauts[champ] = f"La séance est du {date_en_phrase(seance)}\u00a0: cette date vient après."
        elif jour and jour > aujourd_hui:
            defauts[champ] = "Cette date est à venir\u00a0: notez-la le jour venu."
    return defauts
