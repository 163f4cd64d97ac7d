"""What may be shown of a survey without finding anybody out. Pure Python, redone by hand in the tests.

Three rules, on numbers of people:

1. *Threshold.* No group under `k` people is shown. Small groups are put together; what is shown is always a partition
   of all those who answered into parts of `k` or more, so that whatever one adds or takes away is again made of whole
   parts: no subtraction gives a group under `k` (`fusionner`).
2. *Per question*, parts are told apart only where each of them may be shown; otherwise only their sum is (`publier`).
3. *Unanimity.* Where all answered alike, or all but one, or all on the same side, exact figures would say what each
   person answered: only « 80 % et plus » is said (`concentre`).

What these rules hold back is not kept anywhere: figures of a district are made from what schools may show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SEUIL_PAR_DEFAUT = 5
SEUIL_MINIMAL = 3
SEUIL_TEXTES = 10
PAS_DU_TAUX = 5  # per cent


class Bande(StrEnum):
    """What is said in place of figures: on which side at least 80 % of the answers are."""

    ACCORD = "accord"  # 4 or 5
    MILIEU = "milieu"  # 3
    DESACCORD = "desaccord"  # 1 or 2


@dataclass(frozen=True)
class Chiffres:
    """Of one question in one part: how many gave each answer (1 to 5, or each option), or only a band.

    `n` people answered; `sans_avis` did not, and is told only beside exact figures.
    """

    n: int
    effectifs: tuple[int, ...] | None
    sans_avis: int = 0
    bande: str | None = None


@dataclass(frozen=True)
class Publication:
    """Of one question: the sum, and each part where they may be told apart."""

    total: Chiffres | None
    parts: Mapping[str, Chiffres] | None


def fusionner(effectifs: Mapping[str, int], k: int) -> list[tuple[str, ...]]:
    """The parts to show: a partition of `effectifs`' keys into parts of `k` or more; none when all are under `k`.

    Those under `k` become one part; if that is still under `k`, it joins the smallest of the others. Order is kept.
    """
    if sum(effectifs.values()) < k:
        return []
    petits = tuple(cle for cle, nombre in effectifs.items() if nombre < k)
    grands: list[tuple[str, ...]] = [(cle,) for cle, nombre in effectifs.items() if nombre >= k]
    if not petits:
        return grands
    if sum(effectifs[cle] for cle in petits) >= k:
        return [*grands, petits]
    hote = min(range(len(grands)), key=lambda rang: effectifs[grands[rang][0]])
    ordre = list(effectifs)
    grands[hote] = tuple(sorted((*grands[hote], *petits), key=ordre.index))
    return grands


def concentre(effectifs: Sequence[int]) -> bool:
    """Whether exact figures would say what each person answered.

    All alike, or all but one: the odd one out would know the others. On a scale of five, also all in agreement, or
    all in disagreement.
    """
    n = sum(effectifs)
    if max(effectifs) >= n - 1:
        return True
    return len(effectifs) == 5 and n in (effectifs[0] + effectifs[1], effectifs[3] + effectifs[4])


def publier(parts: Mapping[str, tuple[Sequence[int], int]], k: int, *, distinguer: bool = True) -> Publication:
    """`parts`: for each part that was asked, how many gave each answer, and how many gave none."""
    sommes = [sum(colonne) for colonne in zip(*(effectifs for effectifs, _ in parts.values()), strict=True)]
    total = _chiffres(sommes, sum(sans_avis for _, sans_avis in parts.values()), k)
    distinctes = {part: _chiffres(effectifs, sans_avis, k) for part, (effectifs, sans_avis) in parts.items()}
    montrables = {part: chiffres for part, chiffres in distinctes.items() if chiffres and chiffres.bande is None}
    if not distinguer or len(parts) < 2 or len(montrables) < len(parts):
        return Publication(total=total, parts=None)
    return Publication(total=total, parts=montrables)


def _chiffres(effectifs: Sequence[int], sans_avis: int, k: int) -> Chiffres | None:
    n = sum(effectifs)
    if n < k:
        return None
    if concentre(effectifs):
        return Chiffres(n=n, effectifs=None, bande=_bande(effectifs))
    return Chiffres(n=n, effectifs=tuple(effectifs), sans_avis=sans_avis)


def _bande(effectifs: Sequence[int]) -> str:
    """The side of a scale of five; of other questions, the option's rank."""
    if len(effectifs) != 5:
        return str(max(range(len(effectifs)), key=effectifs.__getitem__))
    cotes = {
        Bande.DESACCORD: effectifs[0] + effectifs[1],
        Bande.MILIEU: effectifs[2],
        Bande.ACCORD: effectifs[3] + effectifs[4],
    }
    return max(cotes, key=cotes.__getitem__)


# --- While the survey is open ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Participation:
    """All that is said before the closing: whether `k` have answered, and a rate that only moves by `k` people."""

    seuil: int
    atteint: bool
    taux: int | None  # per cent, a multiple of 5; None under the threshold or when nobody was invited
    depasse: bool  # more answers than people invited: the link has gone further than it should


def participation(recus: int, invites: int, k: int) -> Participation:
    """`recus` is first brought down to a multiple of `k`: one more answer seldom shows, and never whose it is."""
    connus = recus - recus % k
    taux = None
    if connus and invites:
        taux = min(100, round(100 * connus / invites / PAS_DU_TAUX) * PAS_DU_TAUX)
    return Participation(seuil=k, atteint=connus > 0, taux=taux, depasse=connus > invites)
