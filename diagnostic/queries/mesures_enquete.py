"""A published figure of a survey, and the words that say it: pure, for the screen, the PDF and the file alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from diagnostic.domain.anonymat import ECARTES, EFFECTIF_DES_ECARTES, Bande
from diagnostic.domain.statistiques import Resume, arrondi, resumer, resumer_bande

MOYENNE_FAIBLE, PART_FAIBLE = Fraction(3), Fraction(2, 5)
ECART_TYPE_PARTAGE = 1.0
LARGEMENT = "80\u00a0% et plus"
COTES: Mapping[str, str] = {
    Bande.ACCORD: "d'accord",
    Bande.MILIEU: "ni d'accord ni pas d'accord",
    Bande.DESACCORD: "pas d'accord",
}
ETENDUES: Mapping[str, tuple[int, int]] = {Bande.ACCORD: (4, 5), Bande.MILIEU: (3, 3), Bande.DESACCORD: (1, 2)}


def decimal(valeur: Fraction | float) -> str:
    """« 3,4 »: one decimal, rounded half up."""
    return f"{float(arrondi(Fraction(valeur), 1)):.1f}".replace(".", ",")


def pour_cent(part: Fraction) -> str:
    """« 62 % »: whole, rounded half up."""
    return f"{arrondi(100 * part)}\u00a0%"


def points(ecart: Fraction) -> str:
    """« 1,3 point », « 2,0 points »."""
    return f"{decimal(ecart)}\u00a0point{'s' if arrondi(ecart, 1) >= 2 else ''}"


def reponses(nombre: int) -> str:
    return f"{nombre}\u00a0réponse{'s' if nombre > 1 else ''}"


type Intervalle = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Mesure:
    """The published figures of one question in one part: how many gave each answer, or only a band."""

    n: int
    effectifs: tuple[int, ...] | None
    sans_avis: int
    bande: str | None

    @cached_property
    def resume(self) -> Resume:
        return resumer(self.effectifs) if self.effectifs else resumer_bande(self.bande or Bande.MILIEU, self.n)

    @property
    def moyenne(self) -> str:
        signe = "≈\u00a0" if self.bande else ""
        return signe + decimal(self.resume.moyenne)

    @property
    def part_accord(self) -> str:
        """« 62 % »; of a band, only what is certain."""
        if self.bande is None:
            return pour_cent(self.resume.part_accord)
        return LARGEMENT if self.bande == Bande.ACCORD else "20\u00a0% et moins"

    @property
    def bande_en_mots(self) -> str:
        """« 80 % et plus d'accord »; nothing beside exact figures."""
        return f"{LARGEMENT} {COTES[self.bande]}" if self.bande else ""

    @property
    def ecart_type(self) -> str:
        ecart = self.resume.ecart_type
        return "" if ecart is None else decimal(ecart)

    @property
    def dispersion(self) -> str:
        ecart = self.resume.ecart_type
        if ecart is None:
            return self.bande_en_mots
        return "avis partagés" if ecart >= ECART_TYPE_PARTAGE else "avis proches"

    @property
    def repartition(self) -> tuple[tuple[int, str], ...]:
        """Of each answer, from 1 to 5: how many, and which share; empty for a band."""
        return tuple((nombre, pour_cent(Fraction(nombre, self.n))) for nombre in self.effectifs or ())

    @property
    def faible(self) -> bool:
        return self.resume.moyenne < MOYENNE_FAIBLE or self.resume.part_accord < PART_FAIBLE

    @property
    def bornes(self) -> Intervalle:
        """Between which values the mean is: of a band, all but one or two are on the side that it names."""
        if self.bande is None:
            return self.resume.moyenne, self.resume.moyenne
        basse, haute = ETENDUES[self.bande]
        ailleurs = ECARTES if self.n >= EFFECTIF_DES_ECARTES else 1
        la = self.n - ailleurs
        return Fraction(basse * la + ailleurs, self.n), Fraction(haute * la + 5 * ailleurs, self.n)

    @property
    def en_mots(self) -> str:
        """« moyenne 2,4 sur 5, 21 % d'accord, 18 réponses »."""
        dit = self.bande_en_mots or f"{self.part_accord} d'accord"
        return f"moyenne {self.moyenne} sur\u00a05, {dit}, {reponses(self.n)}"


def ecart_certain(un: Intervalle, autre: Intervalle) -> Fraction:
    """The least by which two means differ, wherever each is in its bounds."""
    return max(Fraction(0), un[0] - autre[1], autre[0] - un[1])
