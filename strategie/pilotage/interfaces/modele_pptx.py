"""The presentation on which a yearly report is written: ours, made here, or the one that an académie sends, checked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from lxml import etree

from strategie.pilotage.domain.bilan import Presentation
from strategie.socle.interfaces.classeurs import ERREURS_D_ARCHIVE, OLE, OLE_CHIFFRE, ArchiveSuspecte, repertoire
from strategie.socle.interfaces.fichiers import BUREAUTIQUE, TAILLE_MAX, nom_du_type
from strategie.socle.interfaces.imports import FichierRefuse

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Diapositives
    from pptx.slide import SlideLayout

ENTREE = "ppt/presentation.xml"
PPTX = BUREAUTIQUE[ENTREE]
XML_MAX, XML_TOTAL = 4 * 1024**2, 30 * 1024**2
MOITIE = 0.4  # of the slide's width and of its height, at least, for what is placed on it
ENREGISTREZ = "enregistrez-la au format .pptx, sans macro"
ABIMEE = (
    "Cette présentation est abîmée\u00a0: ouvrez-la dans un logiciel de présentation, puis enregistrez-la de nouveau."
)
CHIFFREE = "Cette présentation est protégée par un mot de passe\u00a0: retirez-le."
DEMESUREE = "Une fois ouverte, cette présentation serait démesurée\u00a0: elle n'est pas lue."
REFUS_D_ARCHIVE = {"entrees": DEMESUREE, "chiffree": CHIFFREE, "abimee": ABIMEE, "demesuree": DEMESUREE}
PAS_UNE = f"Ce fichier n'est pas une présentation .pptx\u00a0: {ENREGISTREZ}."
MACROS = f"Cette présentation contient des macros\u00a0: {ENREGISTREZ}."
AILLEURS = (
    "Ce modèle irait chercher une image ou un fichier ailleurs («\u00a0{}\u00a0»)\u00a0: incorporez-le, ou retirez-le."
)
OBJET = "Ce modèle contient un objet incorporé ou un contrôle\u00a0: retirez-le."
SANS_TITRE = (
    "Il manque une mise en page de titre\u00a0: un cadre de titre et un cadre de sous-titre. "
    "Dans le masque des diapositives, c'est d'ordinaire «\u00a0Diapositive de titre\u00a0»."
)
SANS_CONTENU = (
    "Il manque une mise en page de contenu\u00a0: un cadre de titre et un seul cadre de contenu ou de texte. "
    "Dans le masque des diapositives, c'est d'ordinaire «\u00a0Titre et contenu\u00a0»."
)
SANS_COMMENTAIRES = (
    "Le masque des pages de commentaires n'a pas de cadre de texte\u00a0: ajoutez-en un, pour ce qu'une diapositive "
    "abrège."
)
TROP_PETIT = (
    "Le cadre de contenu de la mise en page «\u00a0{}\u00a0» est trop petit\u00a0: il doit occuper au moins 40\u00a0% "
    "de la largeur et de la hauteur de la diapositive."
)
SAUF_LES_EXEMPLES = re.compile(r"(?!ppt/(?:slides|notesSlides|comments)/)")
LIEN = "/hyperlink"


# --- What an académie sends ----------------------------------------------------------------------------------------
class ModeleForm(forms.Form):
    fichier = forms.FileField(
        label="Modèle, au format .pptx",
        help_text="10 Mo au plus.",
        error_messages={
            "required": "Choisissez une présentation.",
            "missing": "Choisissez une présentation.",
            "invalid": "Choisissez une présentation.",
            "empty": "Ce fichier est vide.",
        },
    )

    def clean_fichier(self) -> Presentation:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise ValidationError("Ce fichier dépasse 10 Mo.")
        contenu = fichier.read()
        try:
            pages_de(contenu)
        except FichierRefuse as refus:
            raise ValidationError(str(refus)) from refus
        return Presentation(contenu, nom_du_type(fichier.name, PPTX))


@dataclass(frozen=True)
class Cadre:
    """A rectangle of a slide, in EMU."""

    x: int
    y: int
    largeur: int
    hauteur: int


@dataclass(frozen=True)
class Pages:
    """A presentation with nothing on it, its two layouts, where content goes on the second, and its first colour."""

    presentation: Diapositives
    titre: SlideLayout
    contenu: SlideLayout
    cadre: Cadre
    couleur: tuple[int, int, int]


def pages_de(contenu: bytes) -> Pages:
    """Raises FichierRefuse, with the French sentence that says what to change."""
    controler_presentation(contenu)
    from pptx import Presentation as ouvrir  # costs a quarter of a second

    try:
        presentation = ouvrir(io.BytesIO(contenu))
        vider(presentation)
        mises_en_page = [page for masque in presentation.slide_masters for page in masque.slide_layouts]
        titre = next((page for page in mises_en_page if _est_de_titre(page)), None)
        candidates = [(page, cadre) for page in mises_en_page if (cadre := _cadre(page))]
        couleur = _couleur(presentation)
        commentaires = {cadre.placeholder_format.type.name for cadre in presentation.notes_master.placeholders}
        taille = Cadre(0, 0, presentation.slide_width or 0, presentation.slide_height or 0)
    except Exception:  # whatever a file made on purpose makes the library raise
        raise FichierRefuse(ABIMEE) from None
    if titre is None:
        raise FichierRefuse(SANS_TITRE)
    if not candidates:
        raise FichierRefuse(SANS_CONTENU)
    if "BODY" not in commentaires:
        raise FichierRefuse(SANS_COMMENTAIRES)
    page, cadre = max(candidates, key=lambda candidate: candidate[1].largeur * candidate[1].hauteur)
    if cadre.largeur < MOITIE * taille.largeur or cadre.hauteur < MOITIE * taille.hauteur:
        raise FichierRefuse(TROP_PETIT.format(page.name))
    return Pages(presentation, titre, page, cadre, couleur)


def controler_presentation(contenu: bytes) -> None:
    """Before anything is unpacked by others: its directory, no macro, no entity, nothing fetched from elsewhere."""
    if len(contenu) > TAILLE_MAX:
        raise FichierRefuse("Ce fichier dépasse 10 Mo.")
    if contenu.startswith(OLE):
        raise FichierRefuse(
            CHIFFREE if OLE_CHIFFRE in contenu else f"L'ancien format .ppt n'est pas lu\u00a0: {ENREGISTREZ}."
        )
    if not contenu.startswith(b"PK"):
        raise FichierRefuse(PAS_UNE)
    try:
        entrees = repertoire(contenu)
    except ArchiveSuspecte as suspecte:
        raise FichierRefuse(REFUS_D_ARCHIVE[suspecte.args[0]]) from None
    noms = {entree.filename for entree in entrees}
    if any(nom.endswith("vbaProject.bin") for nom in noms):
        raise FichierRefuse(MACROS)
    if ENTREE not in noms:
        raise FichierRefuse(PAS_UNE)
    if any(nom.startswith(("ppt/activeX/", "ppt/ctrlProps/")) or _objet(nom) for nom in noms):
        raise FichierRefuse(OBJET)
    _controler_les_textes(contenu, [entree for entree in entrees if entree.filename.endswith((".xml", ".rels"))])


def _objet(nom: str) -> bool:
    return nom.startswith("ppt/embeddings/") and not nom.endswith(".xlsx")


def _controler_les_textes(contenu: bytes, entrees: Iterable[zipfile.ZipInfo]) -> None:
    entrees = list(entrees)
    if sum(une.file_size for une in entrees) > XML_TOTAL or any(une.file_size > XML_MAX for une in entrees):
        raise FichierRefuse(DEMESUREE)
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            textes = {entree.filename: archive.read(entree) for entree in entrees}
    except ERREURS_D_ARCHIVE:
        raise FichierRefuse(ABIMEE) from None
    if any(b"<!DOCTYPE" in texte or b"<!ENTITY" in texte for texte in textes.values()):
        raise FichierRefuse(ABIMEE)
    if b"macroEnabled" in textes.get("[Content_Types].xml", b""):
        raise FichierRefuse(MACROS)
    for nom, texte in textes.items():
        if nom.endswith(".rels") and SAUF_LES_EXEMPLES.match(nom):
            _controler_les_liens(texte)


def _controler_les_liens(texte: bytes) -> None:
    """A link to click is only a link; anything else that leads outside would be fetched where the file is opened."""
    try:
        liens = list(etree.fromstring(texte, etree.XMLParser(resolve_entities=False, no_network=True)))
    except etree.XMLSyntaxError:
        raise FichierRefuse(ABIMEE) from None
    for lien in liens:
        if lien.get("TargetMode") == "External" and not lien.get("Type", "").endswith(LIEN):
            raise FichierRefuse(AILLEURS.format(lien.get("Target", "")[:80]))


def vider(presentation: Diapositives) -> None:
    """Without its sample slides, nor what names them."""
    partie: Any = presentation.part
    for diapositive in list(presentation.slides._sldIdLst):
        partie.drop_rel(diapositive.rId)
        presentation.slides._sldIdLst.remove(diapositive)
    for element in list(partie._element.iter()):
        nom = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if nom == "custShowLst":
            element.getparent().remove(element)
        elif nom == "sectionLst":
            element.getparent().getparent().remove(element.getparent())


def _sortes(page: SlideLayout) -> list[tuple[str, Any]]:
    return [(cadre.placeholder_format.type.name, cadre) for cadre in page.placeholders]


def _est_de_titre(page: SlideLayout) -> bool:
    sortes = {sorte for sorte, _ in _sortes(page)}
    return "SUBTITLE" in sortes and bool(sortes & {"CENTER_TITLE", "TITLE"})


def _cadre(page: SlideLayout) -> Cadre | None:
    """Of a layout that has a title and one place for content."""
    sortes = _sortes(page)
    contenus = [cadre for sorte, cadre in sortes if sorte in ("OBJECT", "BODY", "TABLE", "CHART")]
    autres = [sorte for sorte, _ in sortes if sorte in ("PICTURE", "MEDIA_CLIP", "SUBTITLE", "VERTICAL_BODY")]
    if len(contenus) != 1 or autres or "TITLE" not in {sorte for sorte, _ in sortes}:
        return None
    [cadre] = contenus
    return Cadre(cadre.left or 0, cadre.top or 0, cadre.width or 0, cadre.height or 0)


def _couleur(presentation: Any) -> tuple[int, int, int]:
    """Its first accent, darkened where white could not be read on it."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = presentation.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    trouvees = [
        couleur.get("val", "")
        for place in etree.fromstring(theme.blob).iter(f"{{{A}}}accent1")
        for couleur in place.iter(f"{{{A}}}srgbClr")
    ]
    rouge, vert, bleu = bytes.fromhex(trouvees[0] if trouvees and len(trouvees[0]) == 6 else "0C5A57")
    clarte = (0.299 * rouge + 0.587 * vert + 0.114 * bleu) / 255
    part = min(1.0, 0.42 / clarte) if clarte else 1.0
    return round(rouge * part), round(vert * part), round(bleu * part)


# --- Ours ----------------------------------------------------------------------------------------------------------
POUCE = 914_400
LARGEUR, HAUTEUR = 12_192_000, 6_858_000
COULEURS = {
    "dk1": "1B2733", "lt1": "FFFFFF", "dk2": "0C5A57", "lt2": "F4F1EA", "accent1": "0C5A57", "accent2": "5FA8A1",
    "accent3": "BCDCD6", "accent4": "8A5A14", "accent5": "4A5968", "accent6": "C9C5BA", "hlink": "0C5A57",
    "folHlink": "4A5968",
}  # fmt: skip
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
RECTANGLE = f"""<p:sp xmlns:a="{A}" xmlns:p="{P}"><p:nvSpPr><p:cNvPr id="{{cle}}" name="{{nom}}"/><p:cNvSpPr/>
<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{{x}}" y="{{y}}"/><a:ext cx="{{largeur}}" cy="{{hauteur}}"/>
</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{{couleur}}"/></a:solidFill>
<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"""


@cache
def modele_de_paliers() -> bytes:
    """Two layouts, in a wide format: a title with the stairs, a title and its content."""
    from pptx import Presentation as ouvrir

    presentation = ouvrir()
    presentation.slide_width, presentation.slide_height = LARGEUR, HAUTEUR
    masque = presentation.slide_masters[0]
    for page in list(masque.slide_layouts)[2:]:
        masque.slide_layouts.remove(page)
    titre, contenu = masque.slide_layouts
    titre.name, contenu.name = "Diapositive de titre", "Titre et contenu"
    _colorer(masque)
    _placer(masque, {"TITLE": (0.6, 0.4, 12.1, 0.9), "BODY": (0.6, 1.45, 12.1, 5.3), **_bas()})
    _placer(titre, {"CENTER_TITLE": (0.9, 2.0, 8.2, 1.6), "SUBTITLE": (0.9, 3.75, 8.2, 1.5), **_bas()})
    _placer(contenu, _bas())
    _decorer(masque, [("Bandeau", 0, 0, 13.334, 0.14, "accent1")])
    escalier = [(9.6, 5.6, 1.9, "accent3"), (10.85, 4.3, 3.2, "accent2"), (12.1, 2.3, 5.2, "accent1")]
    _decorer(titre, [(f"Marche {n}", x, y, 1.15, h, couleur) for n, (x, y, h, couleur) in enumerate(escalier, 1)])
    _ecrire(masque, titre, contenu)
    presentation.core_properties.title = "Modèle de bilan"
    presentation.save(sortie := io.BytesIO())
    return sortie.getvalue()


def _bas() -> dict[str, tuple[float, float, float, float]]:
    return {"DATE": (0.6, 6.95, 2.0, 0.35), "FOOTER": (0.6, 6.95, 9.0, 0.35), "SLIDE_NUMBER": (11.2, 6.95, 1.5, 0.35)}


def _placer(page: Any, places: dict[str, tuple[float, float, float, float]]) -> None:
    """The date is no use to a report that says its own."""
    for cadre in list(page.placeholders):
        sorte = cadre.placeholder_format.type.name
        if sorte == "DATE":
            cadre._element.getparent().remove(cadre._element)
        elif sorte in places:
            cadre.left, cadre.top, cadre.width, cadre.height = (round(POUCE * mesure) for mesure in places[sorte])


def _decorer(page: Any, rectangles: Iterable[tuple[str, float, float, float, float, str]]) -> None:
    """Behind the texts."""
    arbre = page.shapes._spTree
    for rang, (nom, *mesures, couleur) in enumerate(rectangles):
        x, y, largeur, hauteur = (round(POUCE * mesure) for mesure in mesures)
        champs = {"cle": 900 + rang, "nom": nom, "couleur": couleur}
        dessin = RECTANGLE.format(x=x, y=y, largeur=largeur, hauteur=hauteur, **champs)
        arbre.insert(2 + rang, etree.fromstring(dessin))


def _colorer(masque: Any) -> None:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = masque.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    arbre = etree.fromstring(theme.blob)
    for nom, couleur in COULEURS.items():
        [place] = arbre.iter(f"{{{A}}}{nom}")
        place[:] = [etree.Element(f"{{{A}}}srgbClr", val=couleur)]
    theme._blob = etree.tostring(arbre, xml_declaration=True, encoding="UTF-8", standalone=True)


def _ecrire(masque: Any, titre: Any, contenu: Any) -> None:
    """On the left, dark, in French; titles are bold."""
    for style in masque._element.iter(f"{{{P}}}titleStyle"):
        for niveau in style.iter(f"{{{A}}}lvl1pPr"):
            niveau.set("algn", "l")
            for police in niveau.iter(f"{{{A}}}defRPr"):
                police.set("sz", "3000")
                police.set("b", "1")
    for cadre in titre.placeholders:
        for niveau in cadre._element.iter(f"{{{A}}}lvl1pPr"):
            niveau.set("algn", "l")
        if cadre.placeholder_format.type.name == "CENTER_TITLE":
            [style] = cadre._element.iter(f"{{{A}}}lstStyle")
            niveau = etree.SubElement(style, f"{{{A}}}lvl1pPr", algn="l")
            etree.SubElement(niveau, f"{{{A}}}defRPr", sz="4400", b="1")
    for cadre in (*masque.placeholders, *titre.placeholders):
        if cadre.placeholder_format.type.name == "FOOTER":
            for niveau in cadre._element.iter(f"{{{A}}}lvl1pPr"):
                niveau.set("algn", "l")
    for element in [*masque._element.iter(), *titre._element.iter(), *contenu._element.iter()]:
        if element.get("lang"):
            element.set("lang", "fr-FR")
        if element.tag == f"{{{A}}}tint":  # too pale to be read
            element.getparent().remove(element)
