"""Maps drawn on the server as plain SVG: where each thing stands here, drawing in templates, the same in a table.

Plane geometry is enough for an académie: longitudes shrunk by the cosine of the middle latitude (equirectangular).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

LARGEUR, HAUTEUR_MAX, HAUTEUR_MIN, BORD = 672, 700, 200, 16
SEULS_MAX, CELLULES_MAX, CELLULE_MIN = 300, 110, 28
ECART_D_UN_TAS = 6  # between marks that stand at one place
ANGLE_D_OR = math.pi * (3 - math.sqrt(5))
MARGE = 0.25  # degrees around a contour: an island, a pier
ETENDUE_MIN = 0.02
CHIFFRES = 4  # of a degree: ten metres


class Boite(NamedTuple):
    """West, south, east, north."""

    ouest: float
    sud: float
    est: float
    nord: float

    def contient(self, longitude: float, latitude: float) -> bool:
        return self.ouest <= longitude <= self.est and self.sud <= latitude <= self.nord

    def elargie(self, marge: float) -> Boite:
        return Boite(self.ouest - marge, self.sud - marge, self.est + marge, self.nord + marge)

    def __str__(self) -> str:
        return ",".join(f"{valeur:.{CHIFFRES}f}" for valeur in self)


def boite_lue(texte: str) -> Boite | None:
    """What an address says of a frame; None when it is none."""
    try:
        boite = Boite(*(float(valeur) for valeur in texte[:60].split(",")))
    except (TypeError, ValueError):
        return None
    bornes = -180 <= boite.ouest < boite.est <= 180 and -90 <= boite.sud < boite.nord <= 90
    return boite if bornes else None


@dataclass(frozen=True)
class Lieu:
    """Something to draw: where it is, its state (one of a legend's), its name, the place it is in, its address."""

    longitude: float
    latitude: float
    etat: str
    nom: str
    commune: str = ""
    adresse: str = ""


@dataclass(frozen=True)
class Contour:
    """Rings of longitudes and latitudes."""

    anneaux: Sequence[Sequence[tuple[float, float]]]

    @property
    def boite(self) -> Boite:
        return boite_de(point for anneau in self.anneaux for point in anneau)


def contour_de(lu: Mapping[str, object]) -> Contour:
    """From a data file: an origin, a step, and rings whose points are told by their difference to the one before."""
    (ouest, sud), pas = lu["origine"], lu["pas"]  # type: ignore[misc]
    return Contour([
        [(ouest + x * pas, sud + y * pas) for x, y in _cumules(anneau)]  # type: ignore[operator]
        for anneau in lu["anneaux"]  # type: ignore[attr-defined]
    ])  # fmt: skip


def _cumules(anneau: Sequence[int]) -> Iterable[tuple[int, int]]:
    return zip(accumulate(anneau[::2]), accumulate(anneau[1::2]), strict=True)


def boite_de(points: Iterable[tuple[float, float]]) -> Boite:
    xs, ys = zip(*points, strict=True)
    return Boite(min(xs), min(ys), max(xs), max(ys))


# --- On the plane ---------------------------------------------------------------------------------------------------
class Projection:
    """From degrees to the drawing's units; the frame keeps its shape, whatever its latitude."""

    def __init__(self, boite: Boite) -> None:
        milieu = (boite.sud + boite.nord) / 2
        self.retrait = math.cos(math.radians(milieu))
        larges = max((boite.est - boite.ouest) * self.retrait, ETENDUE_MIN)
        hauts = max(boite.nord - boite.sud, ETENDUE_MIN)
        self.echelle = min((LARGEUR - 2 * BORD) / larges, (HAUTEUR_MAX - 2 * BORD) / hauts)
        self.hauteur = max(HAUTEUR_MIN, round(hauts * self.echelle) + 2 * BORD)
        self.centre = ((boite.ouest + boite.est) / 2, milieu)

    def point(self, longitude: float, latitude: float) -> tuple[int, int]:
        x = LARGEUR / 2 + (longitude - self.centre[0]) * self.retrait * self.echelle
        y = self.hauteur / 2 - (latitude - self.centre[1]) * self.echelle
        return round(x), round(y)

    def degres(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.centre[0] + (x - LARGEUR / 2) / (self.retrait * self.echelle),
            self.centre[1] - (y - self.hauteur / 2) / self.echelle,
        )

    def trace(self, contour: Contour) -> str:
        """The `d` of a path, each point once."""
        anneaux = []
        for anneau in contour.anneaux:
            points = list(dict.fromkeys(self.point(*point) for point in anneau))
            if len(points) > 2:
                anneaux.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
        return "".join(anneaux)


@dataclass(frozen=True)
class Marque:
    """One thing of the map."""

    x: int
    y: int
    lieu: Lieu


@dataclass(frozen=True)
class Cellule:
    """Things that are too many to be drawn one by one: how many, of which states; `cadre`: where to look closer."""

    x: int
    y: int
    nombre: int
    etats: Mapping[str, int]
    nom: str
    communes: int
    cadre: Boite
    part: float = 0

    @property
    def rayon(self) -> int:
        return min(26, 9 + round(2.2 * math.sqrt(self.nombre)))

    @property
    def arc(self) -> str:
        """The part of the ring that stands for `part`, from the top and clockwise."""
        if self.part <= 0:
            return ""
        if self.part >= 1:
            return f"M0 {-self.rayon}A{self.rayon} {self.rayon} 0 1 1 -.01 {-self.rayon}Z"
        angle = 2 * math.pi * self.part
        x, y = self.rayon * math.sin(angle), -self.rayon * math.cos(angle)
        return f"M0 {-self.rayon}A{self.rayon} {self.rayon} 0 {int(self.part > 0.5)} 1 {x:.1f} {y:.1f}"


@dataclass(frozen=True)
class Carte:
    """What a template draws: a contour, and marks one by one or by cells. `dehors`: what falls out of the contour."""

    hauteur: int
    contour: str
    marques: Sequence[Marque]
    cellules: Sequence[Cellule]
    dehors: Sequence[Lieu]
    largeur: int = LARGEUR

    @property
    def vide(self) -> bool:
        return not self.marques and not self.cellules


def dessiner_carte(
    lieux: Sequence[Lieu], contour: Contour | None, *, cadre: Boite | None = None, entier: bool = False, plein: str = ""
) -> Carte:
    """`entier`: the frame is the whole contour, not the things only; `cadre`: a closer look. `plein`: the state whose
    share of a cell is drawn.
    """
    limites = contour.boite.elargie(MARGE) if contour else None
    dedans = [lieu for lieu in lieux if limites is None or limites.contient(lieu.longitude, lieu.latitude)]
    dehors = [lieu for lieu in lieux if limites is not None and not limites.contient(lieu.longitude, lieu.latitude)]
    if cadre:
        dedans = [lieu for lieu in dedans if cadre.contient(lieu.longitude, lieu.latitude)]
    projection = Projection(cadre or _cadre(dedans, contour, entier))
    seuls = len(dedans) <= SEULS_MAX
    return Carte(
        hauteur=projection.hauteur,
        contour=projection.trace(contour) if contour else "",
        marques=_marques(dedans, projection) if seuls else (),
        cellules=() if seuls else _cellules(dedans, projection, plein),
        dehors=dehors,
    )


def _cadre(dedans: Sequence[Lieu], contour: Contour | None, entier: bool) -> Boite:
    if contour and (entier or not dedans):
        return contour.boite
    if not dedans:
        return Boite(0, 0, ETENDUE_MIN, ETENDUE_MIN)
    return boite_de((lieu.longitude, lieu.latitude) for lieu in dedans)


def _marques(lieux: Sequence[Lieu], projection: Projection) -> list[Marque]:
    """Things of one place stand around it, in a spiral, so that none hides another."""
    tas: Counter[tuple[int, int]] = Counter()
    marques = []
    for lieu in lieux:
        x, y = projection.point(lieu.longitude, lieu.latitude)
        place = (x // ECART_D_UN_TAS, y // ECART_D_UN_TAS)
        rang, angle = tas[place], tas[place] * ANGLE_D_OR
        tas[place] += 1
        ecart = ECART_D_UN_TAS * 1.6 * math.sqrt(rang)
        marques.append(Marque(x + round(ecart * math.cos(angle)), y + round(ecart * math.sin(angle)), lieu))
    return marques


def _cellules(lieux: Sequence[Lieu], projection: Projection, plein: str) -> list[Cellule]:
    """The finest squares of which there are few enough; each named after the commune that has most of its things."""
    places = [(*projection.point(lieu.longitude, lieu.latitude), lieu) for lieu in lieux]
    cote = CELLULE_MIN
    while len({(x // cote, y // cote) for x, y, _ in places}) > CELLULES_MAX:
        cote += 4
    groupes: dict[tuple[int, int], list[tuple[int, int, Lieu]]] = defaultdict(list)
    for x, y, lieu in places:
        groupes[y // cote, x // cote].append((x, y, lieu))
    return [_cellule(groupes[cle], cle, cote, projection, plein) for cle in sorted(groupes)]


def _cellule(
    groupe: Sequence[tuple[int, int, Lieu]], cle: tuple[int, int], cote: int, projection: Projection, plein: str
) -> Cellule:
    etats = Counter(lieu.etat for _, _, lieu in groupe)
    communes = Counter(lieu.commune for _, _, lieu in groupe)
    rangee, colonne = cle
    ouest, nord = projection.degres(colonne * cote - 0.5, rangee * cote - 0.5)
    est, sud = projection.degres((colonne + 1) * cote - 0.5, (rangee + 1) * cote - 0.5)
    return Cellule(
        x=round(sum(x for x, _, _ in groupe) / len(groupe)),
        y=round(sum(y for _, y, _ in groupe) / len(groupe)),
        nombre=len(groupe),
        etats=etats,
        nom=communes.most_common(1)[0][0],
        communes=len(communes),
        cadre=Boite(ouest, sud, est, nord).elargie(10**-CHIFFRES),
        part=etats[plein] / len(groupe),
    )
