"""The engine of the PDFs: what it declares, what it refuses to fetch, what it prints of hostile text."""

import io
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdf
import pytest
import weasyprint  # imported before anything is watched
from django.conf import settings as reglages

from strategie.socle.interfaces import pdf as moteur
from strategie.socle.interfaces.pdf import RessourceRefusee, insecables, rendre_pdf
from tests.pdf import manquements, texte_de

CORPS = '{% extends "pdf/base.html" %}{% block contenu %}<h1>Titre</h1><p class="saisie">{{ texte }}</p>{% endblock %}'
DATE = datetime(2026, 11, 12, 13, 2, 5, tzinfo=UTC)


@pytest.fixture
def imprimer(settings, tmp_path):
    """Prints a template given as text, as `rendre_pdf` prints the project's own."""
    gabarits = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]

    def imprime(corps: str = CORPS, **contexte) -> bytes:
        (tmp_path / "essai.html").write_text(corps)
        settings.TEMPLATES = gabarits
        return rendre_pdf("essai.html", contexte, titre="Un titre, ça", auteur="Lycée d'exemple", date=DATE)

    return imprime


def sans_blancs(texte: str) -> str:
    return re.sub(r"[\s\u200b]+", "", texte)


def test_le_fichier_dit_ce_qu_il_est(imprimer):
    pdf = pikepdf.open(io.BytesIO(imprimer(texte="Bonjour")))
    informations = {cle: str(valeur) for cle, valeur in pdf.docinfo.items() if cle != "/Producer"}
    assert informations == {
        "/Title": "Un titre, ça",
        "/Author": "Lycée d'exemple",
        "/Creator": "Paliers",
        "/CreationDate": "D:20261112130205+00'00",
    }
    assert str(pdf.Root.Lang) == "fr"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.Root.MarkInfo.Marked
    with pdf.open_metadata() as xmp:
        assert xmp["pdfuaid:part"] == "1"
    with pdf.open_outline() as plan:
        assert [entree.title for entree in plan.root] == ["Titre"]


def test_seule_notre_police_est_incorporee(imprimer):
    pdf = pikepdf.open(io.BytesIO(imprimer(texte="Où l'œuvre « coûte » 12 € ; à 30 % près → là")))
    polices = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o}
    assert {re.sub(r"^/[A-Z]{6}\+|,|-Semi-Bold$", "", nom) for nom in polices} == {"Source-Sans-3"}


@pytest.mark.parametrize(
    "demande",
    [
        '<img alt="x" src="http://127.0.0.1:9/x">',
        '<img alt="x" src="file:///etc/passwd">',
        '<img alt="x" src="data:image/png;base64,iVBORw0KGgo=">',
        '<img alt="x" src="statique:../strategie/settings.py">',
        '<img alt="x" src="statique:css/autre.css">',
        '<img alt="x" src="police:../../etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="ftp://127.0.0.1/x.css">',
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        '<style>p { background: url("file:///etc/passwd") }</style>',
        '<style>@font-face { font-family: x; src: url("http://127.0.0.1:9/x.ttf") }</style>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_toute_autre_ressource_est_refusee(imprimer, demande):
    """Even a template of ours cannot reach for anything but the stylesheet and the typeface."""
    with pytest.raises(RessourceRefusee):
        imprimer(CORPS.replace("<h1>", demande + "<h1>"), texte="Bonjour")


class Guet:
    """Everything Python opens, and every attempt at the network, while `actif`."""

    RESEAU = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "subprocess.Popen")

    def __init__(self):
        self.actif, self.ouverts, self.reseau = False, [], []
        sys.addaudithook(self)  # hooks cannot be removed: this one sleeps when `actif` is false

    def __call__(self, evenement, arguments):
        if self.actif and evenement == "open" and isinstance(arguments[0], str | bytes):
            self.ouverts.append(Path(os.fsdecode(arguments[0])).resolve())
        elif self.actif and evenement in self.RESEAU:
            self.reseau.append((evenement, arguments))

    def __enter__(self):
        self.actif, self.ouverts, self.reseau = True, [], []

    def __exit__(self, *_):
        self.actif = False


HOSTILE = (
    "<img src=http://127.0.0.1:9/x> <img src=file:///etc/passwd> <link rel=stylesheet href=file:///etc/passwd> "
    "<style>@import url(http://127.0.0.1:9/);</style> <svg><use href='file:///etc/hosts#a'/></svg> "
    "<script>alert(1)</script> </p></body> &lt;b&gt; {{ settings.SECRET_KEY }} {% include 'x' %} =1+1 @SUM(A1)"
)


@pytest.fixture(scope="module")
def guet():
    return Guet()


def verifier(guet: Guet) -> None:
    permis = [reglages.BASE_DIR, tempfile.gettempdir(), sysconfig.get_path("stdlib"), sys.prefix, sys.base_prefix]
    permis = [Path(chemin).resolve() for chemin in permis]
    assert [f for f in guet.ouverts if not any(f.is_relative_to(chemin) for chemin in permis)] == []
    assert any(f.name == "impression-pdf.css" for f in guet.ouverts), "the watch saw nothing"
    assert guet.reseau == []


def test_un_texte_hostile_est_imprime_tel_quel_sans_lire_ni_appeler(imprimer, guet):
    imprimer(texte="Échauffement")
    with guet:
        pdf = imprimer(texte=HOSTILE)
    verifier(guet)
    assert sans_blancs(HOSTILE) in sans_blancs(texte_de(pdf))


@pytest.mark.parametrize(
    "dessin",
    ['<use href="file:///etc/passwd#a"/>', '<image href="http://127.0.0.1:9/x.png" width="5" height="5"/>'],
)
def test_un_dessin_n_atteint_rien(imprimer, guet, dessin):
    """WeasyPrint leaves a blank in place of a drawing that failed, whatever the fetcher raised."""
    with guet:
        imprimer(CORPS.replace("<h1>", f'<svg viewBox="0 0 9 9"><title>x</title>{dessin}</svg><h1>'), texte="Bonjour")
    verifier(guet)


@pytest.mark.parametrize(
    "texte",
    [
        "x" * 5_000,
        "<" * 5_000,
        "&amp;" * 1_000,
        "é" * 10_000,
        "Des mots, encore. " * 560,
        "https://e.fr/" + "a-b/" * 500,
    ],
    ids=["mot", "chevrons", "esperluettes", "accents", "phrases", "adresse"],
)
def test_un_long_texte_reste_entier_dans_la_page(imprimer, texte):
    pdf = imprimer(texte=texte)
    lu = sans_blancs("".join(morceau for morceau, *_ in lignes(pdf)))
    assert sans_blancs(texte) in lu
    assert manquements(pdf) == []


def test_aucune_ligne_ne_sort_de_la_page(imprimer):
    lues = lignes(imprimer(texte="W" * 3_000))
    droites = [x for morceau, x, _ in lues if "WWW" in morceau]
    assert len(droites) > 20
    assert all(x < 180 for x in droites), "every line starts at the left margin"
    assert max(morceau.count("W") for morceau, *_ in lues) < 80, "493 points hold fewer than eighty W"


def lignes(pdf: bytes) -> list[tuple[str, float, float]]:
    """Text, x and y of each line of body text, without running heads and feet."""
    trouvees = []

    def visiter(texte, _cm, matrice, _police, _corps):
        trouvees.append((texte, matrice[4], matrice[5]))

    for feuille in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        feuille.extract_text(visitor_text=visiter)
    return [(texte, x, y) for texte, x, y in trouvees if "/" not in texte or "http" in texte or "a-b" in texte]


@pytest.mark.parametrize(
    "texte",
    [
        "\u202eesrever\u202c \u2067שלום\u2069 مرحبا \u200f\u200e",
        "👍🏽 👩\u200d👩\u200d👧 🇫🇷",
        "日本語 한국어 ไทย",
        "Z\u0351\u036b" * 50,
    ],
    ids=["droite à gauche", "emoji", "autres écritures", "diacritiques"],
)
def test_toute_ecriture_s_imprime_sans_echec(imprimer, texte):
    """A machine may lack the glyphs (a hollow box is printed); the text stays there to be copied."""
    lettres = {lettre for lettre in texte if lettre.isalpha()}
    assert lettres <= set("".join(copiables(imprimer(texte=texte))))


def copiables(pdf: bytes) -> list[str]:
    """What each glyph gives when copied, from the ToUnicode maps: pypdf has no reading of the hollow boxes."""
    with pikepdf.open(io.BytesIO(pdf)) as ouvert:
        flux = [objet.read_bytes() for objet in ouvert.objects if isinstance(objet, pikepdf.Stream)]
    return [
        bytes.fromhex(texte.decode()).decode("utf-16-be")
        for carte in flux
        for texte in re.findall(rb"^<[0-9a-f]{4}> <([0-9a-f]+)>$", carte, re.MULTILINE)
    ]


def test_les_caracteres_illisibles_deviennent_des_points_d_interrogation(imprimer):
    pdf = imprimer(texte="a\x07b\x0bc\x1bd\ufffee\x85f\x00g")
    assert "a?b?c?d?e?f?g" in texte_de(pdf)
    assert manquements(pdf) == []


def test_meme_contexte_memes_octets(imprimer):
    assert imprimer(texte="Bonjour") == imprimer(texte="Bonjour") != imprimer(texte="Bonsoir")


def test_les_polices_se_lisent_une_fois_par_fil(imprimer, monkeypatch):
    """Each reading is memory that Pango never gives back."""
    lues = []
    monkeypatch.setattr(moteur, "POLICES_DU_FIL", threading.local())
    classe = weasyprint.text.fonts.FontConfiguration
    monkeypatch.setattr("weasyprint.text.fonts.FontConfiguration", lambda: lues.append(classe()) or lues[-1])
    assert imprimer(texte="Un") != imprimer(texte="Deux")
    assert len(lues) == 1


def test_une_autre_machine_donne_les_memes_octets(imprimer, tmp_path):
    """Another process, another hash seed, another time zone, and not one font installed."""
    attendu = imprimer(texte="Où l'œuvre coûte 12 €")
    (tmp_path / "polices.conf").write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    programme = f"""
import sys, warnings, datetime, django
warnings.filterwarnings("ignore", message="No fonts configured")
from django.conf import settings
settings.TEMPLATES[0]["DIRS"].append({str(tmp_path)!r})
django.setup()
from strategie.socle.interfaces.pdf import rendre_pdf
pdf = rendre_pdf("essai.html", {{"texte": "Où l'œuvre coûte 12 €"}}, titre="Un titre, ça", auteur="Lycée d'exemple",
    date=datetime.datetime(2026, 11, 12, 13, 2, 5, tzinfo=datetime.UTC))
sys.stdout.buffer.write(pdf)
"""
    ailleurs = subprocess.run(
        [sys.executable, "-c", programme],
        env=os.environ
        | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Noumea", "FONTCONFIG_FILE": str(tmp_path / "polices.conf")},
        cwd=reglages.BASE_DIR,
        capture_output=True,
        check=True,
    )
    assert ailleurs.stdout == attendu


def test_sans_date_le_fichier_n_en_porte_aucune():
    pdf = pikepdf.open(
        io.BytesIO(rendre_pdf("pdf/base.html", {}, titre="Vide", auteur="Personne")),
    )
    assert "/CreationDate" not in pdf.docinfo


def test_la_feuille_de_style_reste_petite():
    feuille = reglages.BASE_DIR / "static" / "css" / "impression-pdf.css"
    assert feuille.stat().st_size < 12_000
    assert "bootstrap" not in feuille.read_text().lower()


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Oui ; non", "Oui\u00a0; non"),
        ("30 % des « élèves » : 12 €", "30\u00a0% des «\u00a0élèves\u00a0»\u00a0: 12\u00a0€"),
        ("Rien à lier", "Rien à lier"),
    ],
)
def test_insecables(texte, attendu):
    assert insecables(texte) == attendu
