"""When the headcount of a team may be said: a French sentence by team that says why not."""

from __future__ import annotations

from collections.abc import Mapping

from budget.rules.formations import EFFECTIF_MAX, EQUIPES
from strategie.socle.rules import decimal_en_phrase


def defauts_des_effectifs(
    effectifs: Mapping[str, int | None], presents: Mapping[str, int], annee: str
) -> dict[str, str]:
    """`presents`: by team, how many were at its fullest session of the school year."""
    defauts = {}
    for equipe, effectif in effectifs.items():
        plus = presents.get(equipe, 0)
        if equipe not in EQUIPES:
            defauts[equipe] = "Cette équipe n'est pas dans la liste."
        elif effectif is not None and not 0 <= effectif <= EFFECTIF_MAX:
            defauts[equipe] = f"Une équipe compte de 0 à {decimal_en_phrase(EFFECTIF_MAX)} personnes."
        elif effectif is not None and effectif < plus:
            defauts[equipe] = (
                f"{plus} de ces personnes étaient à une même séance de {annee}\u00a0: elles sont au moins autant."
            )
    return defauts
