"""The curve of an indicator: where each point, line and date of the drawing is. Whole units, no float."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from django.utils.formats import date_format

from plans.queries.indicateurs import LectureIndicateur, avec_unite
from strategie.socle.rules import date_en_phrase, decimal_en_phrase, quantieme

LARGEUR, HAUTEUR = 720, 300
GAUCHE, DROITE, HAUT, BAS = 64, 610, 28, 262
VALEURS_ECRITES, DATES_MAX, PAS_SOUHAITES = 8, 5, 4
HAUTEUR_D_UN_MOT = 17


@dataclass(frozen=True)
class Point:
    """A reading; `ecrite`: its value where there is room for it, `ancre` so that it stays in the drawing."""

    x: int
    y: int
    ecrite: str
    ancre: str
    creux: bool = False


@dataclass(frozen=True)
class Repere:
    """A line across, and its words beside it."""

    sorte: str  # depart or cible
    y: int
    y_mots: int
    mots: str


@dataclass(frozen=True)
class Courbe:
    titre: str
    description: str
    points: Sequence[Point]
    reperes: Sequence[Repere]
    graduations: Sequence[tuple[int, str]]
    dates: Sequence[tuple[int, str, str]]
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR

    @property
    def trace(self) -> str:
        return "M" + "L".join(f"{point.x} {point.y}" for point in self.points)


def courbe(lecture: LectureIndicateur) -> Courbe | None:
    """None without a value. Baseline and target stand as lines; time runs as far as the day of the target."""
    if not lecture.valeurs:
        return None
    indicateur = lecture.indicateur
    reperes = {"depart": indicateur.depart, "cible": indicateur.cible}
    hauteurs = _Echelle.des_valeurs(
        [v.valeur for v in lecture.valeurs] + [v for v in reperes.values() if v is not None]
    )
    jours = [valeur.date for valeur in lecture.valeurs]
    bornes = [*jours, *(jour for jour in (indicateur.depart_le, indicateur.cible_le) if jour)]
    temps = _Temps(min(bornes), max(bornes))
    return Courbe(
        titre=f"{indicateur.intitule}, du {date_en_phrase(jours[0])} au {date_en_phrase(jours[-1])}",
        description=_description(lecture),
        points=_points(lecture, hauteurs, temps),
        reperes=_ecarter([_repere(sorte, v, hauteurs) for sorte, v in reperes.items() if v is not None]),
        graduations=[(hauteurs.y(valeur), decimal_en_phrase(_decimal(valeur))) for valeur in hauteurs.graduations],
        dates=temps.reperes(),
    )


def _description(lecture: LectureIndicateur) -> str:
    unite = lecture.indicateur.unite
    valeurs = "\u00a0; ".join(f"{date_en_phrase(v.date)}, {avec_unite(v.valeur, unite)}" for v in lecture.valeurs)
    dites = (("Départ", lecture.indicateur.depart), ("Cible", lecture.indicateur.cible))
    reperes = "".join(f" {mot}\u00a0: {avec_unite(valeur, unite)}." for mot, valeur in dites if valeur is not None)
    return f"{valeurs}.{reperes}"


def _points(lecture: LectureIndicateur, hauteurs: _Echelle, temps: _Temps) -> list[Point]:
    valeurs = [valeur.valeur for valeur in lecture.valeurs]
    dernier = len(valeurs) - 1
    remarquables = {0, dernier, valeurs.index(min(valeurs)), valeurs.index(max(valeurs))}
    points = []
    for rang, lue in enumerate(lecture.valeurs):
        x, y = temps.x(lue.date), hauteurs.y(Fraction(lue.valeur))
        ecrite = decimal_en_phrase(lue.valeur) if len(valeurs) <= VALEURS_ECRITES or rang in remarquables else ""
        ancre = "start" if x < GAUCHE + 20 else "end" if x > DROITE - 20 else "middle"
        points.append(Point(x, y, ecrite, ancre, creux=rang == dernier and lecture.ancienne))
    return points


def _repere(sorte: str, valeur: Decimal, hauteurs: _Echelle) -> Repere:
    mot = {"depart": "Départ", "cible": "Cible"}[sorte]
    y = hauteurs.y(Fraction(valeur))
    return Repere(sorte, y, y + 5, f"{mot} {decimal_en_phrase(valeur)}")


def _ecarter(reperes: Sequence[Repere]) -> list[Repere]:
    """Words that would lie one over the other are parted; their lines stay where they are."""
    if len(reperes) < 2 or abs(reperes[0].y_mots - reperes[1].y_mots) >= HAUTEUR_D_UN_MOT:
        return list(reperes)
    haut, bas = sorted(reperes, key=lambda repere: (repere.y, repere.sorte == "depart"))
    milieu = min((haut.y_mots + bas.y_mots) // 2, BAS - HAUTEUR_D_UN_MOT // 2)
    return [
        Repere(haut.sorte, haut.y, milieu - HAUTEUR_D_UN_MOT // 2, haut.mots),
        Repere(bas.sorte, bas.y, milieu + HAUTEUR_D_UN_MOT // 2 + 1, bas.mots),
    ]


@dataclass(frozen=True)
class _Echelle:
    """Values to heights; `graduations` are round numbers, the first at the bottom and the last at the top."""

    graduations: Sequence[Fraction]

    @classmethod
    def des_valeurs(cls, valeurs: Sequence[Decimal]) -> _Echelle:
        bas, haut = Fraction(min(valeurs)), Fraction(max(valeurs))
        if 0 <= bas <= haut / 2:
            bas = Fraction(0)
        if bas == haut:
            bas, haut = bas - 1, haut + 1
        pas = _pas_rond((haut - bas) / PAS_SOUHAITES)
        return cls([rang * pas for rang in range(floor(bas / pas), ceil(haut / pas) + 1)])

    def y(self, valeur: Fraction) -> int:
        bas, haut = self.graduations[0], self.graduations[-1]
        return BAS - round((BAS - HAUT) * (valeur - bas) / (haut - bas))


def _pas_rond(au_moins: Fraction) -> Fraction:
    """1, 2 or 5 times a power of ten."""
    puissance = Fraction(1)
    while puissance > au_moins:
        puissance /= 10
    while puissance * 10 <= au_moins:
        puissance *= 10
    return next(puissance * fois for fois in (1, 2, 5, 10) if puissance * fois >= au_moins)


def _decimal(valeur: Fraction) -> Decimal:
    """Exact: a graduation is a round number."""
    return Decimal(valeur.numerator) / Decimal(valeur.denominator)


@dataclass(frozen=True)
class _Temps:
    debut: datetime.date
    fin: datetime.date

    def x(self, jour: datetime.date) -> int:
        duree = (self.fin - self.debut).days
        if not duree:
            return (GAUCHE + DROITE) // 2
        return GAUCHE + round(Fraction((DROITE - GAUCHE) * (jour - self.debut).days, duree))

    def reperes(self) -> list[tuple[int, str, str]]:
        """Days spread evenly over the axis: where, which, and how its words hold on it."""
        duree = (self.fin - self.debut).days
        combien = min(DATES_MAX, duree + 1)
        jours = [self.debut + datetime.timedelta(duree * rang // max(1, combien - 1)) for rang in range(combien)]
        ancres = ["start", *["middle"] * (combien - 2), "end"] if combien > 1 else ["middle"]
        mots = [f"{quantieme(jour)} {date_format(jour, 'N Y')}" for jour in jours]
        return list(zip(map(self.x, jours), mots, ancres, strict=True))
