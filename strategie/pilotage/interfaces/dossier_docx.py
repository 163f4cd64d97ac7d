"""A board's file as a text document. It reads the very page that is printed, block by block: the same words, in the
same order, under the same headings. Drawings stay out: the figures that they draw stand beside them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from strategie.pilotage.interfaces.documents import (
    A4,
    CELLULE,
    DISCRET,
    MARGE,
    dire_entete,
    garder_entiere,
    largeurs,
    nouveau_document,
    propre,
    tableau,
    tete_et_pied,
)
from strategie.pilotage.interfaces.dossier import contexte_du_dossier

if TYPE_CHECKING:
    from docx.document import Document

TITRES = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
DESSINS = {"c-marches", "d-barre"}
MENUS, ANNONCES = {"detail", "note"}, {"chapo", "avant-tableau"}
FEUILLES = ("css/impression-pdf.css", "css/dossier-pdf.css")
BLANCS = re.compile(r"[ \t\r\n]+")
LARGEUR_DITE = re.compile(r"\.([cd]-[\w-]+) \{ width: ([\d.]+)mm; \}")


@dataclass(frozen=True)
class Morceau:
    """A run of text; `menu`: beside the matter."""

    texte: str
    gras: bool = False
    menu: bool = False


def ecrire_dossier(contenu: dict[str, Any], numero: str) -> bytes:
    """From the frozen content alone. What people typed is text, never markup of the document."""
    from lxml import html

    contexte = contexte_du_dossier(contenu, numero) | {"en_texte": True}
    nom = contenu["etablissement"]["nom"]
    document = nouveau_document(f"{contexte['titre_du_dossier']} · {nom}", nom)
    with translation.override("fr"):
        page = html.fragment_fromstring(
            propre(render_to_string("pilotage/dossier/en_texte.html", contexte)), create_parent="div"
        )
    tete_et_pied(document, nom, f"Dossier n°\u00a0{numero}{' · projet' if contexte['projet'] else ''}")
    _blocs(document, page)
    document.save(sortie := io.BytesIO())
    return sortie.getvalue()


def _blocs(document: Document, noeud: Any) -> None:
    for enfant in noeud:
        if enfant.tag in TITRES:
            document.add_heading("".join(m.texte for m in _un_paragraphe(enfant)), level=TITRES[enfant.tag])
        elif enfant.tag == "table":
            _tableau(document, enfant)
        elif enfant.tag in ("p", "li"):
            paragraphe = document.add_paragraph(style="List Bullet" if enfant.tag == "li" else None)
            paragraphe.paragraph_format.keep_with_next = bool(_classes(enfant) & ANNONCES)
            _remplir(paragraphe, _un_paragraphe(enfant))
        elif enfant.tag != "svg":
            _blocs(document, enfant)


def _remplir(paragraphe: Any, morceaux: Sequence[Morceau]) -> None:
    from docx.shared import Pt, RGBColor

    for morceau in morceaux:
        ecrit = paragraphe.add_run(morceau.texte)
        if morceau.gras:
            ecrit.bold = True
        if morceau.menu:
            ecrit.font.size, ecrit.font.color.rgb = Pt(8), RGBColor.from_string(DISCRET)


# --- Tables --------------------------------------------------------------------------------------------------------
def _tableau(document: Document, source: Any) -> None:
    """Its caption above; without the columns that are drawn."""
    colonnes = [_classes(colonne) for colonne in source.iter("col") for _ in range(int(colonne.get("span", "1")))]
    gardees = [rang for rang, classes in enumerate(colonnes) if not classes & DESSINS]
    titre = "".join(m.texte for m in _un_paragraphe(source.find("caption")))
    document.add_paragraph(titre, style="Caption").paragraph_format.keep_with_next = True
    fait = tableau(document, len(gardees), titre)
    largeurs(document, fait, _millimetres([colonnes[rang] for rang in gardees]))
    for rang, rangee in enumerate(source.iter("tr")):
        ecrite = fait.rows[0] if rang == 0 else fait.add_row()
        garder_entiere(ecrite)
        _rangee(ecrite, rangee, gardees)
    if source.find("thead") is not None:
        dire_entete(fait.rows[0])


def _rangee(ecrite: Any, source: Any, gardees: Sequence[int]) -> None:
    cellules, debut, ecrit = ecrite.cells, 0, 0
    for cellule in source:
        etendue = int(cellule.get("colspan", "1"))
        place = sum(1 for rang in gardees if debut <= rang < debut + etendue)
        debut += etendue
        if place:
            vers = cellules[ecrit] if place == 1 else cellules[ecrit].merge(cellules[ecrit + place - 1])
            _cellule(vers, cellule)
            ecrit += place


def _cellule(vers: Any, source: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    vers.paragraphs[0].style = CELLULE
    for rang, morceaux in enumerate(_paragraphes(source, gras=source.tag == "th")):
        paragraphe = vers.paragraphs[0] if rang == 0 else vers.add_paragraph(style=CELLULE)
        _remplir(paragraphe, morceaux)
        if source.getparent().getparent().tag == "thead":
            paragraphe.paragraph_format.keep_with_next = True
        if "nombre" in _classes(source):
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _millimetres(colonnes: Sequence[set[str]]) -> list[float]:
    """As on paper; those of which nothing is said share the rest."""
    dites = [
        next((_largeurs_dites()[classe] for classe in classes if classe in _largeurs_dites()), 0.0)
        for classes in colonnes
    ]
    reste = max(A4[0] - 2 * MARGE - sum(dites), 0.0) / max(dites.count(0.0), 1)
    return [dite or reste for dite in dites]


@cache
def _largeurs_dites() -> dict[str, float]:
    feuilles = [Path(finders.find(feuille)).read_text() for feuille in FEUILLES]
    return {classe: float(mm) for feuille in feuilles for classe, mm in LARGEUR_DITE.findall(feuille)}


# --- Text ----------------------------------------------------------------------------------------------------------
def _un_paragraphe(noeud: Any) -> list[Morceau]:
    """Everything in it on one."""
    return [morceau for paragraphe in _paragraphes(noeud) for morceau in paragraphe]


def _paragraphes(noeud: Any, *, gras: bool = False) -> list[list[Morceau]]:
    """What flows, then each of the paragraphs inside it."""
    paragraphes: list[list[Morceau]] = [[]]
    for morceau in _morceaux(noeud, gras, menu=False, saisi=False):
        if morceau is None:
            paragraphes.append([])
        else:
            paragraphes[-1].append(morceau)
    return [ecrits for paragraphe in paragraphes if (ecrits := _sans_bords(paragraphe))]


def _morceaux(noeud: Any, gras: bool, *, menu: bool, saisi: bool) -> Iterator[Morceau | None]:
    """None where a paragraph begins or ends. What was typed keeps its lines."""
    classes = _classes(noeud)
    menu = menu or bool(classes & MENUS)
    gras = (gras or noeud.tag == "strong") and not menu
    saisi = saisi or "saisi" in classes

    def dire(texte: str | None) -> Iterator[Morceau]:
        if texte:
            yield Morceau(texte if saisi else BLANCS.sub(" ", texte), gras, menu)

    if "ecrire" in classes:
        yield Morceau("\n" * 3)
    yield from dire(noeud.text)
    for enfant in noeud:
        if enfant.tag == "br":
            yield Morceau("\n")
        elif enfant.tag == "p":
            yield None
            yield from _morceaux(enfant, gras, menu=menu, saisi=saisi)
            yield None
        elif enfant.tag != "svg":
            yield from _morceaux(enfant, gras, menu=menu, saisi=saisi)
        yield from dire(enfant.tail)


def _sans_bords(paragraphe: list[Morceau]) -> list[Morceau]:
    """Without the spaces that a line of the template left at its ends."""
    while paragraphe and not paragraphe[0].texte.strip(" "):
        paragraphe = paragraphe[1:]
    while paragraphe and not paragraphe[-1].texte.strip(" "):
        paragraphe = paragraphe[:-1]
    return paragraphe


def _classes(noeud: Any) -> set[str]:
    return set((noeud.get("class") or "").split())
