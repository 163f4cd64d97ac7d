"""The one rule of cotation (PRODUCT.md, « Cotation »): pure Python, exact, and short enough to redo by hand.

For one champ and one palier p, over the indicators that apply (the caller keeps those of the school's
portée; the answer « sans objet » takes one out):

- points: oui 1, en partie 1/2, non 0; « ne sait pas » and no answer are *unknown*;
- p is *established* when at most 30 % of the applicable indicators are unknown, and no bloquant one is;
- the *score* of p is its points divided by the number of known indicators, as an exact fraction;
- p is *atteint* when it is established, its score is at least 4/5 and every bloquant indicator is « oui »;
- with no applicable indicator nothing is asked, and p is atteint.

The champ's palier is the largest N such that every palier up to N is atteint; 0 is « avant le palier 1 ».

Worked example, palier 1 with four indicators: oui, oui, en partie, ne sait pas. Unknown: 1 of 4 = 25 %,
so it is established. Score: (1 + 1 + 1/2) / 3 = 5/6, at least 4/5: atteint, unless one of them is
bloquant and not « oui ».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Valeur(StrEnum):
    """The five answers to an indicator."""

    oui = "oui"
    en_partie = "en_partie"
    non = "non"
    sans_objet = "sans_objet"
    ne_sait_pas = "ne_sait_pas"


POINTS = {Valeur.oui: Fraction(1), Valeur.en_partie: Fraction(1, 2), Valeur.non: Fraction(0)}
PALIERS = (1, 2, 3)


@dataclass(frozen=True)
class IndicateurCote:
    """What the rule needs to know of an indicator."""

    code: str
    palier: int
    bloquant: bool = False


@dataclass(frozen=True)
class ResultatChamp:
    """What the rule says of a champ.

    `non_etabli`: palier + 1 fails only because too little is known of it.
    `manquants`: codes of the applicable indicators of palier + 1 that are not « oui », bloquants first,
    then in the order given; empty at palier 3.
    `scores`: exact score of each palier; None when nothing is known of it.
    """

    palier: int
    non_etabli: bool
    manquants: tuple[str, ...]
    scores: dict[int, Fraction | None]


@dataclass(frozen=True)
class _Examen:
    """One palier of a champ, examined."""

    score: Fraction | None
    etabli: bool
    atteint: bool
    non_etabli_seulement: bool
    manquants: tuple[str, ...]


def coter_champ(
    indicateurs: Sequence[IndicateurCote],
    reponses: Mapping[str, Valeur],
    *,
    seuil: Fraction = Fraction(4, 5),
    part_inconnue_max: Fraction = Fraction(3, 10),
) -> ResultatChamp:
    """Cote a champ from its indicators (in the order of the référentiel) and the answers by code.

    A missing key is an unanswered indicator; an answer to an indicator that is not given is ignored.
    """
    examens = {
        palier: _examiner([i for i in indicateurs if i.palier == palier], reponses, seuil, part_inconnue_max)
        for palier in PALIERS
    }
    atteint = 0
    while atteint < len(PALIERS) and examens[atteint + 1].atteint:
        atteint += 1
    suivant = examens.get(atteint + 1)
    return ResultatChamp(
        palier=atteint,
        non_etabli=suivant is not None and suivant.non_etabli_seulement,
        manquants=suivant.manquants if suivant else (),
        scores={palier: examen.score for palier, examen in examens.items()},
    )


def _examiner(
    indicateurs: Sequence[IndicateurCote],
    reponses: Mapping[str, Valeur],
    seuil: Fraction,
    part_inconnue_max: Fraction,
) -> _Examen:
    applicables = [i for i in indicateurs if reponses.get(i.code) != Valeur.sans_objet]
    connus = [i for i in applicables if reponses.get(i.code) in POINTS]
    inconnus = [i for i in applicables if reponses.get(i.code) not in POINTS]
    score = sum((POINTS[reponses[i.code]] for i in connus), Fraction(0)) / len(connus) if connus else None
    etabli = not applicables or (
        len(inconnus) <= part_inconnue_max * len(applicables) and not any(i.bloquant for i in inconnus)
    )
    bloquants_connus_oui = all(reponses[i.code] == Valeur.oui for i in connus if i.bloquant)
    suffisant = (score is None or score >= seuil) and bloquants_connus_oui
    manquants = [i for i in applicables if reponses.get(i.code) != Valeur.oui]
    return _Examen(
        score=score,
        etabli=etabli,
        atteint=etabli and suffisant,
        non_etabli_seulement=not etabli and suffisant,
        manquants=tuple(i.code for i in sorted(manquants, key=lambda i: not i.bloquant)),
    )


def pour_cent(score: Fraction) -> int:
    """A score as a whole per cent, rounded half up."""
    return int(score * 100 + Fraction(1, 2))
