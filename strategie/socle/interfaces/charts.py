"""Charts drawn on the server as plain SVG: geometry here, drawing in templates, the same figures in a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

LARGEUR_MARCHE, PAS_MARCHE, HAUTEURS = 32, 38, (13, 26, 40)
COLONNE, SEGMENT, ECART, LIGNE = 300, 92, 6, 44


def hachures(x: int, y: int, largeur: int, hauteur: int, pas: int = 6) -> str:
    """An SVG path of diagonals clipped to a rectangle: no pattern, hence no id to repeat in the page."""
    traits = []
    for somme in range(pas, largeur + hauteur, pas):
        debut, fin = max(0, somme - hauteur), min(largeur, somme)
        traits.append(f"M{x + debut} {y + somme - debut}L{x + fin} {y + somme - fin}")
    return "".join(traits)


# --- The stairs: the product's one image --------------------------------------------------------------
@dataclass(frozen=True)
class Marche:
    """One step of the stairs, in the drawing's units (108 × 40)."""

    x: int
    y: int
    hauteur: int
    etat: str  # atteinte, suivante, non-etablie or vide
    hachures: str


def marches(palier: int, non_etabli: bool = False) -> list[Marche]:
    """Steps reached are full, the next one hatched (dotted when not established), the others empty."""
    suivante = "non-etablie" if non_etabli else "suivante"
    return [
        _marche(rang * PAS_MARCHE, hauteur, "atteinte" if rang < palier else suivante if rang == palier else "vide")
        for rang, hauteur in enumerate(HAUTEURS)
    ]


def _marche(x: int, hauteur: int, etat: str) -> Marche:
    y = HAUTEURS[-1] - hauteur
    dessin = hachures(x, y, LARGEUR_MARCHE, hauteur) if etat == "suivante" else ""
    return Marche(x=x, y=y, hauteur=hauteur, etat=etat, hachures=dessin)


# --- The profile: a line a champ ----------------------------------------------------------------------
@dataclass(frozen=True)
class Barre:
    """A champ and its palier, this year and the year before."""

    libelle: str
    palier: int
    palier_avant: int | None = None


@dataclass(frozen=True)
class Segment:
    x: int
    etat: str  # atteinte, suivante or vide
    hachures: str


@dataclass(frozen=True)
class LigneProfil:
    libelle: str
    palier: int
    y: int
    segments: tuple[Segment, ...]
    x_avant: int | None


@dataclass(frozen=True)
class Profil:
    """A profile of champs: one line each, three segments filled as far as the palier."""

    lignes: tuple[LigneProfil, ...]
    hauteur: int


def profil(barres: Iterable[Barre]) -> Profil:
    lignes = tuple(_ligne(rang, barre) for rang, barre in enumerate(barres))
    return Profil(lignes=lignes, hauteur=LIGNE * len(lignes))


def _ligne(rang: int, barre: Barre) -> LigneProfil:
    avant = barre.palier_avant
    return LigneProfil(
        libelle=barre.libelle,
        palier=barre.palier,
        y=rang * LIGNE,
        segments=tuple(_segment(numero, barre.palier) for numero in (1, 2, 3)),
        x_avant=None if avant is None else _x(avant + 1) - ECART // 2,
    )


def _x(numero: int) -> int:
    """Where the segment of a palier begins."""
    return COLONNE + (numero - 1) * (SEGMENT + ECART)


def _segment(numero: int, palier: int) -> Segment:
    etat = "atteinte" if numero <= palier else "suivante" if numero == palier + 1 else "vide"
    return Segment(_x(numero), etat, hachures(_x(numero), 8, SEGMENT, 24) if etat == "suivante" else "")


# --- A survey: a bar a champ for its mean, a bar a question for its answers -----------------------------
GAUCHE_MOYENNES, UNITE, LIGNE_MOYENNE, HAUT_MOYENNES = 300, 62, 36, 22
LARGEUR_REPARTITION, HAUTEUR_REPARTITION, LARGEUR_D_UN_NOMBRE = 400, 28, 26


@dataclass(frozen=True)
class BarreMoyenne:
    """A mean from 1 to 5, and the words at its end; a mean that is not exact is hatched."""

    libelle: str
    valeur: float
    texte: str
    approche: bool
    y: int = 0

    @property
    def largeur(self) -> int:
        return round((self.valeur - 1) * UNITE)

    @property
    def hachures(self) -> str:
        return hachures(GAUCHE_MOYENNES, self.y + 6, self.largeur, 20) if self.approche else ""


@dataclass(frozen=True)
class Moyennes:
    """Bars of means on an axis from 1 to 5; `reperes`: where each value of the axis is."""

    barres: tuple[BarreMoyenne, ...]
    hauteur: int
    reperes: tuple[tuple[int, int], ...]


def moyennes(barres: Iterable[BarreMoyenne]) -> Moyennes:
    placees = tuple(replace(barre, y=HAUT_MOYENNES + rang * LIGNE_MOYENNE) for rang, barre in enumerate(barres))
    return Moyennes(
        barres=placees,
        hauteur=HAUT_MOYENNES + LIGNE_MOYENNE * len(placees),
        reperes=tuple((valeur, GAUCHE_MOYENNES + (valeur - 1) * UNITE) for valeur in range(1, 6)),
    )


@dataclass(frozen=True)
class Tranche:
    """The people who gave one answer: its `rang` from 1, how many, and their share of the bar."""

    rang: int
    nombre: int
    x: int
    largeur: int
    hachures: str

    @property
    def centre(self) -> int:
        return self.x + self.largeur // 2

    @property
    def bord_du_fond(self) -> int:
        """Under its number, a plain square hides the hatching."""
        return self.centre - 13

    @property
    def nombre_ecrit(self) -> bool:
        return self.largeur >= LARGEUR_D_UN_NOMBRE


def repartition(effectifs: Sequence[int], hachures_jusqu_a: int = 2) -> tuple[Tranche, ...]:
    """One bar cut in as many parts as there are answers; the first ones are hatched: it reads without colours."""
    total, tranches, cumul = sum(effectifs), [], 0
    for rang, nombre in enumerate(effectifs, start=1):
        debut = round(LARGEUR_REPARTITION * cumul / total)
        cumul += nombre
        largeur = round(LARGEUR_REPARTITION * cumul / total) - debut
        dessin = hachures(debut, 0, largeur, HAUTEUR_REPARTITION, 4 * rang) if rang <= hachures_jusqu_a else ""
        if nombre:
            tranches.append(Tranche(rang, nombre, debut, largeur, dessin))
    return tuple(tranches)
