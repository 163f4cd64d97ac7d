"""Slides that people may edit: native tables and charts, placed in the one frame that a template gives, so that nothing
overflows whatever the template and whatever people typed. What a slide shortens stands in full in its notes.
"""

from __future__ import annotations

import copy
import datetime
import io
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from plans.interfaces.document_du_plan import INTERDITS
from strategie.pilotage.interfaces.modele_pptx import POUCE, Cadre, pages_de

POINT = 12_700
MARGE = round(0.1 * POUCE)
LANGUE = "fr-FR"
CARACTERE, GRAS, INTERLIGNE = 0.51, 0.6, 1.22  # of the size of a letter, on the safe side for the usual typefaces
TAILLE_DE_PHRASE, TAILLE_DU_PIED = 16, 12
# Letters of a table, and how many lines a cell may take: the first that hold every row.
ESSAIS = ((16, 4), (14, 4), (12, 5), (12, 3), (11, 3), (11, 2))
# How much of the first colour of the template there is: they stay apart in grey.
FONCE, MOYEN, PALE, BLANC = 1.0, 0.55, 0.22, 0.0


@dataclass(frozen=True)
class Grille:
    """A table: what it is, its headings, its rows, how wide each column is beside the others, which hold figures."""

    legende: str
    entetes: Sequence[str]
    rangees: Sequence[Sequence[str]]
    parts: Sequence[float]
    nombres: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Serie:
    nom: str
    valeurs: Sequence[float]


@dataclass(frozen=True)
class Graphique:
    """Bars: of one category after the other, stacked or side by side; `mots` says what they show, `teintes` how dark
    each series is.
    """

    mots: str
    categories: Sequence[str]
    series: Sequence[Serie]
    teintes: Sequence[float]
    empile: bool = False
    maximum: int | None = None
    format: str = "0"


class Diaporama:
    """Written a slide at a time, from the first to the last."""

    def __init__(self, modele: bytes, pied: str) -> None:
        self.pages = pages_de(modele)
        cadre = self.pages.cadre
        self.cadre = replace(cadre, x=cadre.x + MARGE, largeur=cadre.largeur - 2 * MARGE)
        self.pied = couper(pied, self.cadre.largeur * 2 // 3, TAILLE_DU_PIED, 1)[0]

    # --- Slides ------------------------------------------------------------------------------------------------
    def ouverture(self, titre: str, sous_titre: str, notes: Sequence[str]) -> None:
        diapositive = self.pages.presentation.slides.add_slide(self.pages.titre)
        diapositive.shapes.title.text_frame.text = propre(titre)
        for cadre in list(diapositive.placeholders):
            sorte = cadre.placeholder_format.type.name
            if sorte == "SUBTITLE":
                cadre.text_frame.text = propre(sous_titre)
            elif cadre.placeholder_format.idx != 0:
                cadre._element.getparent().remove(cadre._element)
        _noter(diapositive, notes)

    def contenu(self, titre: str, phrase: str, notes: Sequence[str]) -> tuple[Any, Cadre]:
        """A slide that says `phrase`, and what is left of its frame."""
        diapositive = self.pages.presentation.slides.add_slide(self.pages.contenu)
        diapositive.shapes.title.text_frame.text = propre(titre)
        for cadre in list(diapositive.placeholders):
            if cadre.placeholder_format.idx != 0:
                cadre._element.getparent().remove(cadre._element)
        reste = _phrase(diapositive, self.cadre, phrase) if phrase else self.cadre
        self._pied_de_page(diapositive)
        _noter(diapositive, notes)
        return diapositive, reste

    def _pied_de_page(self, diapositive: Any) -> None:
        """The number of the slide and what it is of, where the template has a place for them."""
        arbre = diapositive.shapes._spTree
        for cadre in diapositive.slide_layout.placeholders:
            sorte = cadre.placeholder_format.type.name
            if sorte not in ("SLIDE_NUMBER", "FOOTER"):
                continue
            copie = copy.deepcopy(cadre._element)
            copie.nvSpPr.cNvPr.set("id", str(1 + max(int(un.get("id")) for un in arbre.iter() if _est_un_objet(un))))
            arbre.append(copie)
            if sorte == "FOOTER":
                diapositive.shapes[-1].text_frame.text = propre(self.pied)

    def octets(self, *, titre: str, auteur: str, jour: datetime.date) -> bytes:
        presentation = self.pages.presentation
        proprietes = presentation.core_properties
        proprietes.title, proprietes.author = propre(titre)[:255], propre(auteur)[:255]
        proprietes.subject = proprietes.keywords = proprietes.comments = ""
        proprietes.last_modified_by, proprietes.language, proprietes.revision = "Paliers", LANGUE, 1
        instant = datetime.datetime.combine(jour, datetime.time(12))
        proprietes.created = proprietes.modified = instant
        for diapositive in presentation.slides:
            _en_francais(diapositive)
            _en_francais(diapositive.notes_slide)
        presentation.save(sortie := io.BytesIO())
        return sortie.getvalue()


def _noter(diapositive: Any, notes: Sequence[str]) -> None:
    diapositive.notes_slide.notes_text_frame.text = propre("\n".join(notes))


# --- Texts -----------------------------------------------------------------------------------------------------
def propre(texte: str) -> str:
    """Without what XML cannot hold; a vertical tab would be a line break of the presentation."""
    return INTERDITS.sub("", texte)


def couper(texte: str, largeur: int, taille: int, lignes: int) -> list[str]:
    """The lines that a text takes in a column, the last one ended by « … » where it is cut."""
    par_ligne = max(4, int(largeur / POINT / (taille * CARACTERE)))
    faites = [
        morceau
        for ligne in propre(texte).splitlines()
        for morceau in (textwrap.wrap(ligne, par_ligne, break_on_hyphens=False) or [""])
    ]
    if len(faites) <= lignes:
        return faites or [""]
    derniere = faites[lignes - 1]
    while len(derniere) >= par_ligne:
        derniere = derniere.rpartition(" ")[0] or derniere[: par_ligne - 1]
    return [*faites[: lignes - 1], f"{derniere.rstrip(' ,;:.')}…"]


def abreger(texte: str, cadre: Cadre, taille: int) -> str:
    """As much of a text of several paragraphs as a frame holds."""
    reste, gardes = int(cadre.hauteur / POINT / (taille * INTERLIGNE)), []
    for paragraphe in propre(texte).splitlines():
        lignes = couper(paragraphe, cadre.largeur, taille, max(1, reste))
        gardes.append(" ".join(lignes))
        reste -= len(lignes)
        if reste <= 0 or lignes[-1].endswith("…"):
            break
    return "\n".join(gardes)


def _phrase(diapositive: Any, cadre: Cadre, phrase: str) -> Cadre:
    """At the top of the frame; three lines at most."""
    lignes = couper(phrase, cadre.largeur, TAILLE_DE_PHRASE, 3)
    hauteur = round(len(lignes) * TAILLE_DE_PHRASE * INTERLIGNE * POINT) + MARGE
    texte(diapositive, replace(cadre, hauteur=hauteur), " ".join(lignes), TAILLE_DE_PHRASE)
    pris = hauteur + MARGE
    return replace(cadre, y=cadre.y + pris, hauteur=cadre.hauteur - pris)


def texte(diapositive: Any, cadre: Cadre, mots: str, taille: int) -> None:
    from pptx.enum.text import MSO_AUTO_SIZE
    from pptx.util import Pt

    boite = diapositive.shapes.add_textbox(cadre.x, cadre.y, cadre.largeur, cadre.hauteur)
    boite.text_frame.word_wrap, boite.text_frame.auto_size = True, MSO_AUTO_SIZE.NONE
    boite.text_frame.margin_left = boite.text_frame.margin_right = 0
    boite.text_frame.text = propre(mots)
    for paragraphe in boite.text_frame.paragraphs:
        for morceau in paragraphe.runs:
            morceau.font.size = Pt(taille)


# --- Tables ----------------------------------------------------------------------------------------------------
def grille(diapositive: Any, cadre: Cadre, faite: Grille) -> None:
    """In the largest letters that hold every row; else the first rows, and how many others the notes hold."""
    taille, largeurs, rangees = _la_plus_lisible(faite, cadre)
    forme = diapositive.shapes.add_table(len(rangees), len(faite.entetes), cadre.x, cadre.y, cadre.largeur, 1)
    forme.name = forme._element.nvGraphicFramePr.cNvPr.attrib["descr"] = propre(faite.legende)[:250]
    tableau = forme.table
    for colonne, largeur in zip(tableau.columns, largeurs, strict=True):
        colonne.width = largeur
    for rang, (lignes, hauteur) in enumerate(rangees):
        tableau.rows[rang].height = hauteur
        for numero, mots in enumerate(lignes):
            _cellule(tableau.cell(rang, numero), mots, taille, nombre=numero in faite.nombres)
    forme.height = sum(hauteur for _, hauteur in rangees)


Rangee = tuple[Sequence[str], int]


def _la_plus_lisible(faite: Grille, cadre: Cadre) -> tuple[int, list[int], list[Rangee]]:
    """In letters in which no word is parted, and every row holds; else in the smallest."""
    for taille, lignes in ESSAIS:
        besoins = _besoins(faite, cadre, taille)
        entiers = sum(besoins) <= cadre.largeur
        largeurs = _largeurs(faite, cadre, besoins if entiers else [0] * len(besoins))
        rangees = _mesurees(faite, largeurs, cadre.hauteur, taille, lignes)
        if entiers and len(rangees) > len(faite.rangees):
            break
    if len(rangees) > len(faite.rangees):
        return taille, largeurs, rangees
    return taille, largeurs, _avec_un_reste(faite, largeurs, cadre.hauteur, taille, lignes)


def _besoins(faite: Grille, cadre: Cadre, taille: int) -> list[int]:
    """Of each column, the width of its longest word; a third of the frame at most."""
    return [
        min(cadre.largeur // 3, _longueur(max(_mots(colonne), key=len, default=""), taille))
        for colonne in zip(faite.entetes, *faite.rangees, strict=True)
    ]


def _largeurs(faite: Grille, cadre: Cadre, besoins: Sequence[int]) -> list[int]:
    """By their parts, but those that need more have it, as long as others can give it."""
    etroites: set[int] = set()
    while True:
        libres = [rang for rang in range(len(besoins)) if rang not in etroites]
        place = cadre.largeur - sum(besoins[rang] for rang in etroites)
        parts = sum(faite.parts[rang] for rang in libres)
        largeurs = [
            besoins[rang] if rang in etroites else int(place * faite.parts[rang] / parts)
            for rang in range(len(besoins))
        ]
        trop = {rang for rang in libres if largeurs[rang] < besoins[rang]}
        if not trop or len(trop) == len(libres):
            return largeurs
        etroites |= trop


def _mots(textes: Iterable[str]) -> list[str]:
    return [mot for texte in textes for mot in texte.split()]


def _longueur(mot: str, taille: int) -> int:
    return round(len(mot) * taille * GRAS * POINT) + MARGE


def _mesurees(faite: Grille, largeurs: Sequence[int], place: int, taille: int, lignes: int) -> list[Rangee]:
    """The headings and the rows that hold in that height, each with its own."""
    prises, hauteur = [], 0
    for rangee in (faite.entetes, *faite.rangees):
        coupees = [
            couper(mots, largeur - MARGE, taille, lignes) for mots, largeur in zip(rangee, largeurs, strict=True)
        ]
        haute = round(max(map(len, coupees)) * taille * INTERLIGNE * POINT) + MARGE
        if hauteur + haute > place:
            break
        hauteur += haute
        prises.append((["\n".join(faites) for faites in coupees], haute))
    return prises


def _avec_un_reste(faite: Grille, largeurs: Sequence[int], place: int, taille: int, lignes: int) -> list[Rangee]:
    haute = round(taille * INTERLIGNE * POINT) * 2 + MARGE
    prises = _mesurees(faite, largeurs, place - haute, taille, lignes)
    autres = len(faite.rangees) - (len(prises) - 1)
    mots = [f"Et {autres} autre{'s' if autres > 1 else ''}\u00a0: voir les commentaires"]
    return [*prises, (mots + [""] * (len(faite.entetes) - 1), haute)]


def _cellule(cellule: Any, mots: str, taille: int, *, nombre: bool) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    cellule.margin_left = cellule.margin_right = MARGE // 2
    cellule.margin_top = cellule.margin_bottom = MARGE // 2
    cellule.text_frame.text = mots.replace("\n", " ")
    for paragraphe in cellule.text_frame.paragraphs:
        paragraphe.alignment = PP_ALIGN.RIGHT if nombre else PP_ALIGN.LEFT
        for morceau in paragraphe.runs:
            morceau.font.size = Pt(taille)


# --- Charts ----------------------------------------------------------------------------------------------------
def graphique(diapos: Diaporama, diapositive: Any, cadre: Cadre, fait: Graphique) -> None:
    """A chart of the software itself, with its figures: anybody may redraw it."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Pt

    donnees = CategoryChartData(number_format=fait.format)
    donnees.categories = [_categorie(categorie) for categorie in fait.categories]
    for serie in fait.series:
        donnees.add_series(propre(serie.nom), serie.valeurs)
    sorte = XL_CHART_TYPE.BAR_STACKED if fait.empile else XL_CHART_TYPE.BAR_CLUSTERED
    forme = diapositive.shapes.add_chart(sorte, cadre.x, cadre.y, cadre.largeur, cadre.hauteur, donnees)
    forme._element.nvGraphicFramePr.cNvPr.set("descr", propre(fait.mots)[:1000])
    dessin = forme.chart
    dessin.has_title, dessin.has_legend = False, True
    dessin.legend.position, dessin.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    dessin.font.size = Pt(12)
    _axes(dessin, fait)
    for serie, part in zip(dessin.plots[0].series, fait.teintes, strict=True):
        _teinter(serie, diapos.pages.couleur, part, empile=fait.empile)


def _categorie(mots: str) -> str:
    """The workbook inside a chart takes « = » for a formula."""
    return propre(mots).lstrip("=+-@").strip() or "–"


def _axes(dessin: Any, fait: Graphique) -> None:
    """The first category at the top; a figure at the end of each bar rather than lines to follow."""
    dessin.category_axis.reverse_order = True
    dessin.category_axis.has_major_gridlines = False
    axe = dessin.value_axis
    axe.visible, axe.has_major_gridlines, axe.minimum_scale = False, False, 0
    if fait.maximum:
        axe.maximum_scale = fait.maximum
    trace = dessin.plots[0]
    trace.gap_width, trace.overlap = 45, 100 if fait.empile else 0
    trace.has_data_labels = True
    etiquettes = trace.data_labels
    etiquettes.show_value, etiquettes.number_format_is_linked = True, False
    etiquettes.number_format = f"{fait.format};;" if fait.empile else fait.format  # of a stack, nothing is not said


def _teinter(serie: Any, couleur: tuple[int, int, int], part: float, *, empile: bool) -> None:
    """Filled with some of the colour, edged with all of it; a figure inside a dark bar is white."""
    from pptx.dml.color import RGBColor

    serie.format.fill.solid()
    serie.format.fill.fore_color.rgb = RGBColor(*(round(255 - part * (255 - une)) for une in couleur))
    serie.format.line.color.rgb = RGBColor(*couleur)
    if empile and part == FONCE:
        etiquettes = serie.data_labels
        etiquettes.show_value, etiquettes.number_format_is_linked, etiquettes.number_format = True, False, "0;;"
        etiquettes.font.color.rgb = RGBColor(255, 255, 255)


# --- Frames ----------------------------------------------------------------------------------------------------
def partager(cadre: Cadre, part: float) -> tuple[Cadre, Cadre]:
    """Side by side, with a gutter."""
    gauche = int(cadre.largeur * part) - MARGE
    droite = cadre.largeur - gauche - 2 * MARGE
    return replace(cadre, largeur=gauche), replace(cadre, x=cadre.x + gauche + 2 * MARGE, largeur=droite)


# --- Language --------------------------------------------------------------------------------------------------
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def _est_un_objet(element: Any) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname == "cNvPr"


def _en_francais(diapositive: Any) -> None:
    for morceau in diapositive._element.iter(f"{A}r", f"{A}fld"):
        morceau.get_or_add_rPr().set("lang", LANGUE) if morceau.tag == f"{A}r" else _dire(morceau.iter(f"{A}rPr"))
    _dire(diapositive._element.iter(f"{A}endParaRPr"))
    for forme in diapositive.shapes:
        if getattr(forme, "has_chart", False):
            _dire_le_graphique(forme.chart._chartSpace)


def _dire(proprietes: Iterable[Any]) -> None:
    for propriete in proprietes:
        propriete.set("lang", LANGUE)


def _dire_le_graphique(espace: Any) -> None:
    """After the calendar, before the corners: where the format has its place."""
    langue = etree.Element(f"{C}lang", val=LANGUE)
    avant = espace.find(f"{C}date1904")
    espace.insert(0 if avant is None else 1, langue)
    _dire(espace.iter(f"{A}defRPr"))
