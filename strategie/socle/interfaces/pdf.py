"""The engine behind every PDF: a Django template in, PDF/UA-1 out, the same bytes for the same context.

Nothing a person typed can make it read a file or open a connection: the fetcher serves the addresses of
`STATIQUES` and `POLICES`, and stops the rendering on any other.
"""

import atexit
import gc
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

STATIQUES = {"statique:css/impression-pdf.css": "text/css", "statique:css/dossier-pdf.css": "text/css"}
POLICES = {
    "police:source-sans-3": "SourceSans3[wght].ttf",
    "police:source-sans-3-italique": "SourceSans3-Italic[wght].ttf",
}
# What neither a PDF nor its XML metadata can hold: controls, lone surrogates, non-characters (XML 1.0, Char).
ILLISIBLE = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A tag, or a run of 80 characters where no line may break: without a break of ours, laying it out is quadratic.
BALISE_OU_LONG_MOT = re.compile(r"<[^>]*>|(?:&#?\w+;|[^\s<>&]){80,}")
DIX_CARACTERES = re.compile(r"(?:&#?\w+;|[^&]){10}")
# What says that a PDF/A is a PDF/UA too: WeasyPrint writes the one or the other.
AUSSI_UA = Path(__file__).parent.parent / "donnees" / "pdfua_identifier.xml"
# The end of a stream whose last byte reads as an end of line: a PDF/A must not let its length be guessed.
FIN_AMBIGUE = re.compile(rb"[\r\n]\nendstream")
POLICES_DU_FIL = threading.local()
SANS_DATE = datetime(2000, 1, 1, tzinfo=UTC)


class RessourceRefusee(Exception):
    """A document asked for something other than our own stylesheet and typeface."""


@dataclass(frozen=True)
class PieceJointe:
    """A file inside the PDF: its name (with its extension), what it is, its bytes."""

    nom: str
    description: str
    contenu: bytes


def rendre_pdf(
    gabarit: str,
    contexte: dict[str, Any],
    *,
    titre: str,
    auteur: str,
    date: datetime | None = None,
    pieces: Sequence[PieceJointe] | None = None,
) -> bytes:
    """The PDF of a template that extends « pdf/base.html ».

    `date` is what the file says of its own creation (the date of a signature, say, never today's): without
    it the file carries none, and two renderings of the same context are always the same bytes.
    `pieces`, were there none, make it a file to be kept: PDF/A-3a as well, where what our typeface cannot write is
    a « ? » rather than the hollow box that this norm forbids.
    """
    return imprimer(gabarit, contexte, titre=titre, auteur=auteur, date=date, pieces=pieces)[0]


@contextmanager
def _sans_ramassage() -> Iterator[None]:
    """A document is a million objects that live to its end: looking again and again for those that are lost takes 6 to
    27 % of its time. They are looked for once it is gone, while they are all young: else they would stay for long.
    """
    en_marche = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if en_marche:
            gc.enable()


@_sans_ramassage()
def imprimer(
    gabarit: str,
    contexte: dict[str, Any],
    *,
    titre: str,
    auteur: str,
    date: datetime | None = None,
    pieces: Sequence[PieceJointe] | None = None,
) -> tuple[bytes, int]:
    """The same PDF, and how many pages it has."""
    import weasyprint  # two to three seconds: only for those who print
    from weasyprint.urls import FatalURLFetchingError

    entete = {"titre": titre, "auteur": auteur, "date_pdf": _date_w3c(date)}
    with translation.override("fr"):
        html = render_to_string(gabarit, contexte | entete)
    options, finir = {"pdf_variant": "pdf/ua-1"}, _sans_heure_du_jour
    if pieces is not None:
        html = dans_notre_police(html)
        options, finir = {"pdf_variant": "pdf/a-3a"}, _archivable

    def ecrire(**autres: Any) -> bytes:  # each time with attachments of its own: they are read once
        jointes = [_joindre(piece, date or SANS_DATE) for piece in pieces or ()]
        return document.write_pdf(pdf_identifier=True, finisher=finir, attachments=jointes, **options, **autres)

    try:
        document = weasyprint.HTML(string=_imprimable(html), url_fetcher=_fetcher()).render(
            font_config=_polices_du_fil(), **options
        )
        octets = ecrire()
        if pieces is not None and FIN_AMBIGUE.search(octets):  # one file in sixty: its objects are then not packed
            octets = ecrire(uncompressed_pdf=True)
        return octets, len(document.pages)
    except FatalURLFetchingError as refus:  # a BaseException, which would end a server's worker
        raise RessourceRefusee(str(refus)) from refus


def _polices_du_fil():
    """The fonts of this thread, read once: Pango never gives back what each document would load (0.3 MB), and loading
    takes a fifth of the time of a short one. They are not to be shared between threads.
    """
    if not hasattr(POLICES_DU_FIL, "configuration"):
        from weasyprint.text.fonts import FontConfiguration

        POLICES_DU_FIL.configuration = FontConfiguration()
    return POLICES_DU_FIL.configuration


@atexit.register
def _oublier_les_polices() -> None:
    """Its folder of fonts goes while Python can still take it away."""
    vars(POLICES_DU_FIL).clear()


def _date_w3c(date: datetime | None) -> str:
    return date.isoformat(timespec="seconds") if date else ""


def _imprimable(html: str) -> str:
    """Unreadable characters become « ? », and very long words may break; escaped markup stays escaped."""
    return BALISE_OU_LONG_MOT.sub(_avec_coupures, ILLISIBLE.sub("?", html))


def _avec_coupures(trouve: re.Match[str]) -> str:
    return trouve[0] if trouve[0].startswith("<") else DIX_CARACTERES.sub("\\g<0>\u200b", trouve[0])


def _ressource(adresse: str) -> tuple[Path, str] | None:
    """File and media type of one of our own addresses."""
    if adresse in STATIQUES:
        return Path(finders.find(adresse.removeprefix("statique:"))), STATIQUES[adresse]
    if adresse in POLICES:
        return Path(str(files("fontpkg_source_sans_3"))) / "files" / POLICES[adresse], "font/ttf"
    return None


def _joindre(piece: PieceJointe, date: datetime):
    from weasyprint import Attachment

    return Attachment(
        string=piece.contenu.decode(),
        name=piece.nom,
        description=piece.description,
        created=date,
        modified=date,
        relationship="Data",
        url_fetcher=_fetcher(),  # else one of its own for each, which reads every certificate of the machine
    )


def dans_notre_police(html: str) -> str:
    """With « ? » for each character that Source Sans 3 has not; marks and joiners that it has not go."""
    return "".join(map(_ecrit, unicodedata.normalize("NFC", html)))


@cache
def _ecrit(lettre: str) -> str:
    if lettre in "\t\n\r" or ord(lettre) in _lettres():
        return lettre
    categorie = unicodedata.category(lettre)
    if categorie in ("Mn", "Me", "Cf"):
        return ""
    return " " if categorie.startswith("Z") else "?"


@cache
def _lettres() -> frozenset[int]:
    """Those that both cuts of our typeface can write."""
    from fontTools.ttLib import TTFont

    def d_une(adresse: str) -> frozenset[int]:
        with TTFont(_ressource(adresse)[0], lazy=True) as police:
            return frozenset(police.getBestCmap())

    return frozenset.intersection(*map(d_une, POLICES))


def _archivable(document, pdf) -> None:
    """Says PDF/UA in the metadata of a PDF/A, and leaves them readable by those who cannot unpack."""
    _sans_heure_du_jour(document, pdf)
    for objet in pdf.objects:
        if getattr(objet, "extra", {}).get("Type") == "/Metadata":
            [xml] = objet.stream
            objet.stream, objet.compress = [xml.replace(b"</rdf:RDF>", AUSSI_UA.read_bytes() + b"</rdf:RDF>", 1)], False
        elif hasattr(objet, "extra") and "Filter" not in objet.extra:
            objet.compress = True
            objet.compress = not FIN_AMBIGUE.search(objet.data[-12:])


def _sans_heure_du_jour(document, pdf) -> None:
    """fontTools stamps each instance of a variable font with the time of day: give it back the font's own date."""
    from fontTools.ttLib import TTFont

    for objet in pdf.objects:
        extra = getattr(objet, "extra", {})
        if "Length1" in extra or extra.get("Subtype") == "/OpenType":
            police = TTFont(BytesIO(objet.stream[0]), recalcBBoxes=False, recalcTimestamp=False)
            police["head"].modified = police["head"].created
            police.save(sortie := BytesIO())
            objet.stream = [sortie.getvalue()]


@cache
def _fetcher():
    """Built on first use: its base class comes with WeasyPrint."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Ressources(URLFetcher):
        def fetch(self, url, headers=None):
            ressource = _ressource(url)
            if ressource is None:
                raise FatalURLFetchingError(f"Ressource refusée : {url[:200]}")
            chemin, type_mime = ressource
            return URLFetcherResponse(url, chemin.read_bytes(), {"Content-Type": type_mime})

    return Ressources()


def insecables(texte: str) -> str:
    """French typography for a text of ours: no line begins with « ; » nor ends between a number and its unit."""
    return re.sub(r" (?=[;:?!»%€])|(?<=«) ", "\u00a0", texte)
