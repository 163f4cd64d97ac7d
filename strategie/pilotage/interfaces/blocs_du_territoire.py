"""What a dashboard is made of: figures in rows, in tables, in blocks; how they are said and written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString

from budget.domain.argent import euros
from budget.domain.cycle import pour_cent
from budget.interfaces.barres import Barres
from strategie.socle.interfaces.charts import Tranche
from strategie.socle.rules import decimal_en_phrase

NB, FINE = "\u00a0", "\u202f"


# --- Words ---------------------------------------------------------------------------------------------------------
def entier(nombre: int) -> str:
    return f"{nombre:,}".replace(",", FINE)


def accorde(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{entier(nombre)}{NB}{singulier if abs(nombre) < 2 else pluriel}"


def part(nombre: int, sur: int) -> str:
    """« 33 % »; neither 0 nor 100 unless it is exactly so."""
    dite = pour_cent(nombre, sur)
    return "–" if dite is None else f"{dite}{NB}%"


def en_heures(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def heures(minutes: int) -> str:
    return f"{decimal_en_phrase(en_heures(minutes))}{NB}h"


def en_euros(centimes: int) -> Decimal:
    return Decimal(centimes) / 100


# --- Bricks ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cellule:
    """A figure: its exact value, how it is said, and the list behind it."""

    valeur: int | Decimal | str | None
    texte: str
    adresse: str = ""
    unite: str = ""


@dataclass(frozen=True)
class Ligne:
    libelle: str
    cellules: tuple[Cellule, ...]
    precision: str = ""
    adresse: str = ""
    tranches: tuple[Tranche, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class Table:
    """`fiches`: on a phone, a card a row: its figures or its headings are too wide for columns."""

    legende: str
    entetes: tuple[str, ...]
    lignes: tuple[Ligne, ...]
    montrees: int | None = None
    fiches: bool = False

    @property
    def premieres(self) -> tuple[Ligne, ...]:
        return self.lignes[: self.montrees]

    @property
    def suivantes(self) -> tuple[Ligne, ...]:
        return self.lignes[self.montrees :] if self.montrees else ()

    @property
    def avec_barres(self) -> bool:
        return any(ligne.tranches for ligne in self.lignes)

    @property
    def corps(self) -> SafeString:
        return self._corps(self.premieres)

    @property
    def corps_suivant(self) -> SafeString:
        return self._corps(self.suivantes)

    def _corps(self, lignes: Iterable[Ligne]) -> SafeString:
        """Rows by hundreds, written without a template for each cell: two thirds of a page's time."""
        titres = [f' data-titre="{escape(titre)}"' if self.fiches else "" for titre in self.entetes[1:]]
        debuts, avec_barres = [f'<td class="nombre"{titre}>' for titre in titres], self.avec_barres
        return SafeString("\n".join(_rangee(ligne, debuts, avec_barres=avec_barres) for ligne in lignes))


def _rangee(ligne: Ligne, debuts: Sequence[str], *, avec_barres: bool) -> str:
    precision = f' <span class="discret">{escape(ligne.precision)}</span>' if ligne.precision else ""
    barre = f'<td class="barre">{barre_empilee(ligne.tranches)}</td>' if avec_barres else ""
    dites = zip(debuts, ligne.cellules, strict=True)
    cellules = "".join([f"{debut}{_lien(c.texte, c.adresse)}</td>" for debut, c in dites])
    classe = ' class="total"' if ligne.total else ""
    return f'<tr{classe}><th scope="row">{_lien(ligne.libelle, ligne.adresse)}{precision}</th>{barre}{cellules}</tr>'


def _lien(texte: str, adresse: str) -> str:
    return f'<a href="{escape(adresse)}">{escape(texte)}</a>' if adresse else escape(texte)


def barre_empilee(tranches: Iterable[Tranche]) -> str:
    """Schools by palier: a drawing of the row's own figures, for the eyes only."""
    dessin = "".join(map(_tranche, tranches))
    if not dessin:
        return ""
    return f'<svg class="repartition paliers" viewBox="0 0 400 28" aria-hidden="true" focusable="false">{dessin}</svg>'


def _tranche(tranche: Tranche) -> str:
    traits = f'<path class="hachures" fill="none" d="{tranche.hachures}"/>' if tranche.hachures else ""
    rectangle = f'<rect class="p{tranche.rang}" x="{tranche.x}" y="0" width="{tranche.largeur}" height="28"/>{traits}'
    if not tranche.nombre_ecrit:
        return rectangle
    fond = f'<rect class="fond" x="{tranche.bord_du_fond}" y="4" width="26" height="20" rx="3"/>' if traits else ""
    return f'{rectangle}{fond}<text class="t{tranche.rang}" x="{tranche.centre}" y="19">{tranche.nombre}</text>'


@dataclass(frozen=True)
class Bloc:
    """A subject: what it says in sentences, its tables, its drawings; `code` is also where its method is explained."""

    code: str
    titre: str
    phrases: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    dessins: tuple[Barres, ...] = ()
    vide: str = ""


@dataclass(frozen=True)
class Carte:
    """What is read first: a figure, what it is, where it leads."""

    titre: str
    nombre: str
    unite: str
    phrase: str
    adresse: str = ""
    lien: str = ""
    rappel: str = ""


# --- Figures -------------------------------------------------------------------------------------------------------
def compte(nombre: int, adresse: str = "") -> Cellule:
    return Cellule(nombre, entier(nombre), adresse)


def pourcentage(nombre: int, sur: int) -> Cellule:
    return Cellule(pour_cent(nombre, sur), part(nombre, sur), unite="%")


def montant(centimes: int, adresse: str = "") -> Cellule:
    return Cellule(en_euros(centimes), euros(en_euros(centimes)), adresse, "€")
