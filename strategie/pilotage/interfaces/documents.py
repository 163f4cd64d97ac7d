"""What the text documents of the board share: their page, their language, their tables. A word processor may finish
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from plans.interfaces.document_du_plan import INTERDITS

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
A4 = (210, 297)
MARGE = 20
ENCRE, DISCRET = "1B2733", "4A5968"
CORPS = {"Normal": 10, "Heading 1": 20, "Heading 2": 15, "Heading 3": 12, "Heading 4": 10.5, "Caption": 9}
POLICE, CELLULE = "Arial", "Cellule"
PROPRIETE_MAX = 255


def nouveau_document(titre: str, auteur: str) -> Document:
    """An A4 page in French, its title and its author said; no colour but the ink's."""
    from docx import Document as nouveau  # costs a tenth of a second
    from docx.shared import Mm, Pt, RGBColor

    document = nouveau()
    page = document.sections[0]
    page.page_width, page.page_height = map(Mm, A4)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGE)
    for nom, corps in CORPS.items():
        police = document.styles[nom].font
        police.size, police.color.rgb = Pt(corps), RGBColor.from_string(ENCRE)
    document.styles["Normal"].paragraph_format.space_before = Pt(4)
    document.styles["Caption"].paragraph_format.space_before = Pt(10)
    _ecrire_les_cellules(document)
    _dans_notre_langue(document)
    document.core_properties.title = propre(titre)[:PROPRIETE_MAX]
    document.core_properties.author = propre(auteur)[:PROPRIETE_MAX]
    document.core_properties.language = "fr-FR"
    document.core_properties.comments = ""
    return document


def tableau(document: Document, colonnes: int, titre: str) -> Table:
    """One row, to be filled; its title is told to who hears it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fait = document.add_table(rows=1, cols=colonnes, style="Table Grid")
    dit = OxmlElement("w:tblCaption")
    dit.set(qn("w:val"), propre(titre)[:PROPRIETE_MAX])
    fait._tbl.tblPr.append(dit)
    return fait


def dire_entete(rangee: Any) -> None:
    """Said again on each page, and told to who hears it."""
    from docx.oxml import OxmlElement

    rangee._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def garder_entiere(rangee: Any) -> None:
    """A row does not end on another page."""
    from docx.oxml import OxmlElement

    rangee._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def tete_et_pied(document: Document, tete: str, pied: str) -> None:
    """« … · 3 / 12 » at the foot, where the word processor counts; the head from the second page on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = propre(tete)
    for page in (section.first_page_footer, section.footer):
        _compter(page.paragraphs[0], propre(pied))


def _compter(paragraphe: Any, mots: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for avant, champ in ((f"{mots} · ", "PAGE"), (" / ", "NUMPAGES")):
        paragraphe.add_run(avant)
        compte = OxmlElement("w:fldSimple")
        compte.set(qn("w:instr"), champ)
        paragraphe._p.append(compte)


def propre(texte: str) -> str:
    """Without what XML cannot hold."""
    return INTERDITS.sub("", texte)


def largeurs(document: Document, fait: Table, millimetres: Sequence[float]) -> None:
    from docx.shared import Mm

    fait.autofit = False
    for colonne, largeur in zip(fait.columns, millimetres, strict=True):
        colonne.width = Mm(largeur)


def _ecrire_les_cellules(document: Document) -> None:
    """A paragraph of a table: small and tight."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    style = document.styles.add_style(CELLULE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.font.size = document.styles["Normal"], Pt(8.5)
    forme = style.paragraph_format
    forme.space_before, forme.space_after, forme.line_spacing = Pt(1), Pt(1), 1


def _dans_notre_langue(document: Document) -> None:
    """French, in a typeface that every office has: the template's theme would name others."""
    from docx.oxml.ns import qn

    for langue in document.styles.element.iter(qn("w:lang")):
        langue.set(qn("w:val"), "fr-FR")
    for polices in document.styles.element.iter(qn("w:rFonts")):
        polices.attrib.clear()
        for ecriture in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            polices.set(qn(ecriture), POLICE)
