"""What a board's file may hold, and what is refused of what a head writes for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

SECTIONS: Mapping[str, str] = {
    "rapport": "Le rapport du chef d'établissement",
    "changements": "Ce qui a changé depuis le dernier vote",
    "diagnostic": "Où en est l'établissement",
    "besoins": "Ce que l'établissement veut, et ce qui lui manque",
    "plan": "Le plan d'action",
    "equipement": "L'équipement",
    "formation": "La formation et l'accompagnement",
    "budget": "Ce que cela coûte, et qui paie",
    "responsabilites": "Qui possède, qui paie, qui entretient",
    "deliberation": "Le projet de délibération",
}
SECTIONS_ECOLE: Mapping[str, str] = SECTIONS | {
    "rapport": "Le rapport de la direction",
    "deliberation": "L'avis demandé au conseil d'école",
}
RAPPORT_MAX = 6_000  # a page and a little more
EXERCICES = (2000, 2100)
CONTROLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def sections_de(*, premier_degre: bool) -> Mapping[str, str]:
    return SECTIONS_ECOLE if premier_degre else SECTIONS


def dans_l_ordre(codes: Iterable[str]) -> list[str]:
    """As the file tells them; what is no section is left out."""
    choisis = set(codes)
    return [code for code in SECTIONS if code in choisis]


def defauts_du_dossier(*, sections: Collection[str], rapport: str, exercice: int) -> dict[str, str]:
    """A sentence a field that is wrong."""
    defauts = {}
    if not sections:
        defauts["sections"] = "Choisissez au moins une partie."
    elif set(sections) - set(SECTIONS):
        defauts["sections"] = "Choisissez parmi les parties proposées."
    if len(rapport) > RAPPORT_MAX:
        defauts["rapport"] = f"Ce rapport compte {len(rapport)} caractères\u00a0: {RAPPORT_MAX} au plus."
    elif CONTROLES.search(rapport):
        defauts["rapport"] = "Ce texte contient un caractère invisible\u00a0: effacez-le, puis écrivez-le de nouveau."
    if not EXERCICES[0] <= exercice <= EXERCICES[1]:
        defauts["exercice"] = f"Donnez une année, de {EXERCICES[0]} à {EXERCICES[1]}."
    return defauts
