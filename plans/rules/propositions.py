"""What a proposal may say, and when it may be accepted, declined or worded anew: French sentences, or None."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plans.rules.actions import LEVIERS
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

if TYPE_CHECKING:
    import datetime

LONGUEURS = {"besoin": 400, "titre": 250, "pourquoi": 1000}
ETAPES_MAX, ETAPE_MAX = 8, 300
EFFORT_MAX, COUT_MAX = 400, 5_000_000
COMMENTAIRE_MAX = 400
ETABLISSEMENT, COLLECTIVITE, ETAT = "etablissement", "collectivite", "etat"
# Who can lift a condition, those nearest first.
ACTEURS = {
    ETABLISSEMENT: "Entre vos mains",
    COLLECTIVITE: "À demander à la collectivité",
    ETAT: "À demander à l'État",
}
HORS_COMPETENCE = "hors_competence"
RAISONS = ("deja_fait", "non_prioritaire", HORS_COMPETENCE)
RIEN_A_REPONDRE = (
    "Cette condition ne manque pas au diagnostic\u00a0: Paliers ne propose rien pour elle. Revenez à la liste des "
    "propositions."
)


@dataclass(frozen=True)
class TexteDeProposition:
    """What an académie may word in its own way; `comment`: a step each."""

    besoin: str
    titre: str
    pourquoi: str
    comment: tuple[str, ...]
    effort_min: int
    effort_max: int
    cout_min: int
    cout_max: int
    levier: str


def defauts_du_texte(texte: TexteDeProposition) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    return dict(reversed([*_defauts_des_fourchettes(texte), *_defauts_des_mots(texte)]))


def _defauts_des_mots(texte: TexteDeProposition) -> Iterator[tuple[str, str]]:
    for champ, longueur in LONGUEURS.items():
        if not getattr(texte, champ):
            yield champ, "Ce texte ne peut pas rester vide."
        elif len(getattr(texte, champ)) > longueur:
            yield champ, f"Ce texte dépasse {decimal_en_phrase(longueur)}\u00a0caractères\u00a0: raccourcissez-le."
    if not texte.comment:
        yield "comment", "Décrivez au moins une étape."
    elif len(texte.comment) > ETAPES_MAX:
        yield "comment", f"{ETAPES_MAX}\u00a0étapes au plus, une par ligne."
    elif any(len(etape) > ETAPE_MAX for etape in texte.comment):
        yield "comment", f"Une étape dépasse {ETAPE_MAX}\u00a0caractères\u00a0: raccourcissez-la."
    if texte.levier not in LEVIERS:
        yield "levier", "Choisissez le moyen dans la liste."


def _defauts_des_fourchettes(texte: TexteDeProposition) -> Iterator[tuple[str, str]]:
    for nom, plafond, unite in (("effort", EFFORT_MAX, "jours"), ("cout", COUT_MAX, "euros")):
        minimum, maximum = getattr(texte, f"{nom}_min"), getattr(texte, f"{nom}_max")
        if not 0 <= minimum <= plafond:
            yield f"{nom}_min", f"De 0 à {decimal_en_phrase(plafond)}\u00a0{unite}."
        elif not 0 <= maximum <= plafond:
            yield f"{nom}_max", f"De 0 à {decimal_en_phrase(plafond)}\u00a0{unite}."
        elif minimum > maximum:
            yield f"{nom}_max", "Une fourchette va du plus petit au plus grand."


def effort_en_mots(minimum: int, maximum: int) -> str:
    """« de 1 à 3 jours de travail »."""
    return f"{_fourchette(minimum, maximum, 'jour' if maximum < 2 else 'jours')} de travail"


def cout_en_mots(minimum: int, maximum: int) -> str:
    """« sans dépense », « de 0 à 1 500 € »."""
    return _fourchette(minimum, maximum, "€") if maximum else "sans dépense"


def _fourchette(minimum: int, maximum: int, unite: str) -> str:
    haut = f"{decimal_en_phrase(maximum)}\u00a0{unite}"
    return haut if minimum == maximum else f"de {decimal_en_phrase(minimum)} à {haut}"


# --- What a school answers ------------------------------------------------------------------------------------
def empechement_accepter(action: str | None, declinee: str | None) -> str | None:
    """`action`: the title of the one made from the same proposal; `declinee`: who declined it and when, in words."""
    if declinee:
        return f"Cette proposition est déclinée ({declinee})\u00a0: reprenez-la d'abord."
    if action is not None:
        return (
            f"Une action est déjà née de cette proposition\u00a0: «\u00a0{action}\u00a0». Modifiez-la, ou mettez-la "
            "d'abord à la corbeille."
        )
    return None


def empechement_decliner(action: str | None, declinee: str | None) -> str | None:
    """The two are as above."""
    if declinee:
        return f"Cette proposition a déjà été déclinée ({declinee}). Reprenez-la pour répondre autrement."
    if action is not None:
        return f"Une action est déjà née de cette proposition\u00a0: «\u00a0{action}\u00a0». Elle ne se décline plus."
    return None


def defauts_du_refus(raison: str, competence: str, commentaire: str) -> dict[str, str]:
    """What is wrong in the reason given, by field."""
    defauts = {}
    if raison not in RAISONS:
        defauts["raison"] = "Dites pourquoi vous ne la retenez pas."
    elif raison == HORS_COMPETENCE and competence not in (COLLECTIVITE, ETAT):
        defauts["competence"] = "Dites de qui c'est la compétence\u00a0: la collectivité ou l'État."
    elif raison != HORS_COMPETENCE and competence:
        defauts["competence"] = "À préciser seulement quand c'est hors de votre compétence."
    if len(commentaire) > COMMENTAIRE_MAX:
        defauts["commentaire"] = f"Le commentaire dépasse {COMMENTAIRE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    return defauts


def refus_en_mots(qui: str, jour: datetime.date) -> str:
    """« par Claire Martin, le 3 novembre 2026 »."""
    return f"par {qui}, le {date_en_phrase(jour)}"
