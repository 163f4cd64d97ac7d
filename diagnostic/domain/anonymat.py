"""What may be shown of a survey without finding anybody out. Pure Python, redone by hand in the tests.

Three rules, on numbers of people:

1. *Threshold.* No group under `k` people is shown. Small groups are put together; what is shown is always a partition
   of all those who answered into parts of `k` or more, so that whatever one adds or takes away is again made of whole
   parts: no subtraction gives a group under `k` (`fusionner`).
2. *Per question*, parts are told apart only where each of them may be shown; otherwise only their sum is (`publier`).
3. *Unanimity.* Where nearly all answered alike, exact figures would say what each person answered: only « 80 % et
   plus » is said, and nothing at all where even that would tell (`concentre`, `_bande`).

Whoever reads them may have answered too, and know these rules. She knows one answer more than the figures say: hers.
So where it is said on which side nearly all are, and where parts that are alike are not told apart, room is left for
one other person than her to differ (`ECARTES`): nobody's answer, hers excepted, can be worked out.

What these rules hold back is not kept anywhere: figures of a district are made from what schools may show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SEUIL_PAR_DEFAUT = 5
SEUIL_MINIMAL = 3
SEUIL_TEXTES = 10
PAS_DU_TAUX = 5  # per cent
ECARTES = 2  # how many may differ from all the others, and it still not be known who
EFFECTIF_DES_ECARTES = 10  # from here on, all the others are still 80 %


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


def concentre(effectifs: Sequence[int], *, echelle: bool = True) -> bool:
    """Whether exact figures would say too much: nearly all are on one side of the scale, or chose one option.

    « Nearly all »: all but one; from ten people on, all but two. In the middle of the scale, which is one answer and
    not two, always all but two.
    """
    n = sum(effectifs)
    large = n >= EFFECTIF_DES_ECARTES
    return any(
        nombre >= n - (ECARTES if large or cote == Bande.MILIEU else 1)
        for cote, nombre in _par_cote(effectifs, echelle=echelle).items()
    )


def publier(
    parts: Mapping[str, tuple[Sequence[int], int]], k: int, *, distinguer: bool = True, echelle: bool = True
) -> Publication:
    """`parts`: for each part that was asked, how many gave each answer, and how many gave none.

    `echelle`: the answers are from 1 to 5, « pas du tout » to « tout à fait », and not options.
    """
    sommes = [sum(colonne) for colonne in zip(*(effectifs for effectifs, _ in parts.values()), strict=True)]
    total = _chiffres(sommes, sum(sans_avis for _, sans_avis in parts.values()), k, echelle=echelle)
    if not distinguer or len(parts) < 2 or total is None or total.bande is not None:
        return Publication(total=total, parts=None)
    distinctes = {
        part: chiffres
        for part, (effectifs, sans_avis) in parts.items()
        if (chiffres := _chiffres(effectifs, sans_avis, k, echelle=echelle)) and _assez_diverse(chiffres)
    }
    return Publication(total=total, parts=distinctes if len(distinctes) == len(parts) else None)


def _chiffres(effectifs: Sequence[int], sans_avis: int, k: int, *, echelle: bool) -> Chiffres | None:
    n = sum(effectifs)
    if n < k:
        return None
    if not concentre(effectifs, echelle=echelle):
        return Chiffres(n=n, effectifs=tuple(effectifs), sans_avis=sans_avis)
    bande = _bande(effectifs, echelle=echelle)
    return None if bande is None else Chiffres(n=n, effectifs=None, bande=bande)


def _assez_diverse(chiffres: Chiffres) -> bool:
    """Not shown, a part beside an exact sum would tell one of its people that all the others answered alike."""
    return chiffres.effectifs is not None and max(chiffres.effectifs) < chiffres.n - ECARTES


def _bande(effectifs: Sequence[int], *, echelle: bool) -> str | None:
    """The side of a scale, or the option's rank; None where 80 % are not sure to be there, or where it would tell.

    Which option nearly all chose is only said when two people may have chosen another.
    """
    n = sum(effectifs)
    cotes = _par_cote(effectifs, echelle=echelle)
    cote = max(cotes, key=cotes.__getitem__)
    de_deux_reponses = cote in (Bande.ACCORD, Bande.DESACCORD)
    if n < SEUIL_PAR_DEFAUT or (n < EFFECTIF_DES_ECARTES and not de_deux_reponses):
        return None
    return cote


def _par_cote(effectifs: Sequence[int], *, echelle: bool) -> Mapping[str, int]:
    """How many on each side of the scale, or for each option, by its rank."""
    if not echelle:
        return {str(rang): nombre for rang, nombre in enumerate(effectifs)}
    tres_contre, contre, ni_l_un_ni_l_autre, pour, tres_pour = effectifs
    return {
        Bande.DESACCORD: tres_contre + contre,
        Bande.MILIEU: ni_l_un_ni_l_autre,
        Bande.ACCORD: pour + tres_pour,
    }


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
