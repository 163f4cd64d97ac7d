"""Means, shares and spreads of what a survey may show, exact (Fraction), rounded half up for display. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt

# Where only a band may be said (« 80 % et plus »), its centre stands for the mean, and the share for its least.
CENTRES = {"accord": Fraction(9, 2), "milieu": Fraction(3), "desaccord": Fraction(3, 2)}
PARTS_DES_BANDES = {"accord": Fraction(9, 10), "milieu": Fraction(1, 10), "desaccord": Fraction(1, 10)}
PERSONNES_POUR_CONCLURE = 3
ETENDUE = 4  # the most by which one person may move the sum: from 1 to 5
SEUIL_DES_SEMBLABLES = 8


@dataclass(frozen=True)
class Resume:
    """Of one question: how many answered, mean, share of 4 and 5, standard deviation; `approche` for a band."""

    n: int
    moyenne: Fraction
    part_accord: Fraction
    ecart_type: float | None
    approche: bool = False


def resumer(effectifs: Sequence[int]) -> Resume:
    """`effectifs`: how many answered 1, 2, 3, 4 and 5; at least one did."""
    n = sum(effectifs)
    moyenne = Fraction(sum(valeur * nombre for valeur, nombre in enumerate(effectifs, start=1)), n)
    variance = sum(nombre * (valeur - moyenne) ** 2 for valeur, nombre in enumerate(effectifs, start=1)) / n
    return Resume(n, moyenne, Fraction(effectifs[3] + effectifs[4], n), sqrt(variance))


def resumer_bande(bande: str, n: int) -> Resume:
    return Resume(n, CENTRES[bande], PARTS_DES_BANDES[bande], None, approche=True)


def ensemble(resumes: Sequence[Resume]) -> Resume | None:
    """Several questions as one (a champ): each counts the same; `n` is that of the one that fewest answered."""
    if not resumes:
        return None
    nombre = len(resumes)
    return Resume(
        n=min(resume.n for resume in resumes),
        moyenne=sum((resume.moyenne for resume in resumes), Fraction(0)) / nombre,
        part_accord=sum((resume.part_accord for resume in resumes), Fraction(0)) / nombre,
        ecart_type=None,
        approche=any(resume.approche for resume in resumes),
    )


def interpretable(ecart: Fraction, n: int) -> bool:
    """Whether a difference of means could not come from fewer than three people; `n`: of the smaller side."""
    return abs(ecart) * n / ETENDUE >= PERSONNES_POUR_CONCLURE


def quartiles(valeurs: Sequence[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """First quartile, median, third quartile, by linear interpolation (as a spreadsheet's QUARTILE.INCLURE)."""
    tries = sorted(valeurs)

    def rang(part: Fraction) -> Fraction:
        position = part * (len(tries) - 1)
        bas = floor(position)
        haut = min(bas + 1, len(tries) - 1)
        return tries[bas] + (tries[haut] - tries[bas]) * (position - bas)

    return rang(Fraction(1, 4)), rang(Fraction(1, 2)), rang(Fraction(3, 4))


def arrondi(valeur: Fraction, decimales: int = 0) -> Fraction:
    """Half up, as people round."""
    facteur = 10**decimales
    return Fraction(floor(valeur * facteur + Fraction(1, 2)), facteur)
