"""Charts drawn on the server as plain SVG: geometry here, drawing in templates, the same figures in a table."""

from collections.abc import Iterable
from dataclasses import dataclass

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
