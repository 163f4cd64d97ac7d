"""The board's file of twenty pages (processor time), against the same words as plain paragraphs through the same
engine; for information, against Chromium's print of the same page and typst on the same words and tables.

Run by hand, with `DJANGO_SETTINGS_MODULE=tests.reglages`: `python -m tests.bancs.banc_dossier [rounds]`. No database.
Chromium is measured where /usr/bin/chromium is, typst where `pip install typst` was done by hand.
"""

import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from re import sub

import django

django.setup()

import pypdf  # noqa: E402
import weasyprint  # noqa: E402
from django.conf import settings  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from lxml import html  # noqa: E402

from strategie.pilotage.interfaces.dossier import contexte_du_dossier, imprimer_dossier  # noqa: E402
from strategie.pilotage.rules.dossiers import SECTIONS  # noqa: E402

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
]
PHRASE = "Les équipes le demandent depuis deux ans, et le diagnostic le montre. "
CHAMPS = ("Pilotage", "Formation", "Ressources", "Pratiques", "Infrastructures", "Équipement")


# --- A school that has much to say ---------------------------------------------------------------------------------
def contenu() -> dict:
    """Ten needs, five axes of nine actions, forty lines of budget, two of everything else."""
    return {
        "format": 1,
        "etablissement": {
            "uai": "0990001N",
            "nom": "Collège du Banc",
            "type": "Collège",
            "commune": "Saint-Exemple",
            "academie": "Exemple",
            "effectif": 486,
            "premier_degre": False,
        },
        "annee_scolaire": "2030-2031",
        "exercice": 2031,
        "instance": "conseil d'administration",
        "fait_le": "2031-03-20",
        "sections": list(SECTIONS),
        "rapport": f"{PHRASE * 12}\n\n" * 3,
        "diagnostic": {
            "annee": "2030-2031",
            "annee_avant": "2029-2030",
            "signe_le": "2030-11-12",
            "champs": [
                {"code": c[:3], "libelle": c, "palier": i % 4, "palier_avant": i % 3, "manque": PHRASE.strip()}
                for i, c in enumerate(CHAMPS)
            ],
        },
        "besoins": [besoin(rang) for rang in range(10)],
        "vision": dict.fromkeys(("valeurs", "eleves", "equipes", "limites"), PHRASE * 3) | {"objectifs": []},
        "plan": {"axes": [axe(rang) for rang in range(5)], "nombre": 45, "cout": "55552.50"},
        "equipement": {
            "nombre": 160,
            "terminaux": 120,
            "terminaux_pour_cent_eleves": "24,7",
            "depasses": {"nombre": 22, "sur": 160, "inconnus": 0},
            "a_reprendre": {"nombre": 5, "sur": 160, "inconnus": 0},
            "familles": [
                {"nom": f"Famille {rang}", "nombre": 40, "depasses": 5, "sans_date": 0, "a_reprendre": 1}
                for rang in range(4)
            ],
            "ages": [{"age": age, "nombre": 15, "depasses": 2} for age in (*range(11), None)],
            "renouvellement": [
                {"quand": str(2031 + rang), "nombre": 20, "montant": "6357.00", "sans_prix": 1} for rang in range(5)
            ],
        },
        "formation": {
            "annees": [
                {"annee": annee, "lignes": [formation(rang) for rang in range(6)], "total": {}}
                for annee in ("2030-2031", "2031-2032", "2032-2033")
            ],
            "total": {"formations": 18, "personnes": 360, "heures": "864", "cout": "9000.00"},
        },
        "budget": budget(),
        "responsabilites": {
            "parties": ["État", "Département", "Établissement"],
            "lignes": [
                {"quoi": f"Chose {rang}", "roles": [["entretient"], ["possède", "paie"], []]} for rang in range(12)
            ],
            "a_preciser": [f"Chose {rang}\u00a0: qui paie" for rang in range(3)],
        },
        "deliberation": {
            "sorte": "délibération",
            "numero": "",
            "famille": "Action éducatrice",
            "objet": "Stratégie numérique",
            "visas": ["Vu le code de l'éducation\u00a0;"] * 4,
            "expose": PHRASE * 4,
            "decision": PHRASE,
            "seance": None,
            "membres": 24,
            "presents": None,
            "quorum": 13,
            "voix": None,
            "resultat": "",
        },
        "changements": [
            {
                "sorte": "cout",
                "objet": "action",
                "cle": rang,
                "intitule": f"Action {rang}",
                "champ": "cout",
                "avant": "1200.00",
                "apres": "1234.50",
            }
            for rang in range(12)
        ],
        "depuis": {"numero": "2030-1", "le": "2030-06-20", "exercice": 2031},
    }


def besoin(rang: int) -> dict:
    dit = {"cle": rang, "intitule": f"Besoin {rang}\u00a0: un réseau qui tient", "theme": "Garantir un égal accès"}
    return dit | {"faits": [PHRASE.strip()], "effectif": 120, "axes": ["Fiabiliser le réseau"]}


def axe(rang: int) -> dict:
    dit = {"cle": rang + 1, "intitule": f"Axe {rang}\u00a0: fiabiliser le réseau", "theme": "", "raison": ""}
    return dit | {"besoins": ["Un réseau qui tient"], "actions": [action(rang * 9 + place) for place in range(9)]}


def action(rang: int) -> dict:
    return {
        "cle": rang,
        "intitule": f"Action {rang}\u00a0: couvrir les salles du premier étage",
        "parent": "",
        "comment": PHRASE * (5 if rang % 9 == 0 else 1),
        "levier": "Infrastructure",
        "qui": "Référent numérique",
        "pour": "Enseignants, Élèves",
        "quand": "T1 à T2 2030-2031",
        "etat": "En cours",
        "en_retard": False,
        "indicateurs": ["Salles couvertes\u00a0: 14\u00a0→\u00a022\u00a0salles (17 le 20/11/2030)"],
        "cout": "1234.50",
    }


def formation(rang: int) -> dict:
    dit = {
        "cle": rang,
        "intitule": f"Prendre en main l'espace numérique {rang}",
        "quand": "T2",
        "public": "Enseignants",
    }
    return dit | {"etat": "Demandé", "personnes": 20, "heures": "48", "cout": "500.00", "action": ""}


def budget() -> dict:
    montants = {"prevu": "1234.50", "engage": "400.00", "paye": "200.00"}
    totaux = {"prevu": "49380.00", "engage": "16000.00", "paye": "8000.00"}
    parts = [{"nom": nom} | totaux for nom in ("Première", "Seconde", "Troisième")]
    ligne = {"section": "Fonctionnement", "levier": "Équipement", "service": "", "payeur": "Établissement"}
    aides = {"demande": "3000.00", "accorde": "3000.00", "recu": "1500.00"}
    achat = {"duree": 5, "cout": "13822.49", "aides": "0.00", "reste": "13822.49", "par_an": "2764.50"}
    return {
        "exercice": 2031,
        "lignes": [{"cle": rang, "intitule": f"Ligne {rang}", "action": None} | ligne | montants for rang in range(40)],
        "totaux": totaux,
        "sections": parts[:2],
        "leviers": parts,
        "payeurs": parts,
        "dette": "4020.00",
        "financements": [
            {"cle": rang, "source": "Dotation", "intitule": f"Aide {rang}", "refuse": False} | aides
            for rang in range(6)
        ],
        "aides": aides | {"attendu": "0.00"},
        "achats": [
            {"cle": rang, "intitule": f"Achat {rang}", "etat": "En projet", "dette": "2010.00"} | achat
            for rang in range(6)
        ],
    }


# --- The same words, otherwise -------------------------------------------------------------------------------------
def page(lu: dict) -> str:
    return render_to_string("pilotage/pdf/dossier.html", contexte_du_dossier(lu) | {"titre": "Dossier", "auteur": ""})


def mots_seuls(imprimee: str) -> str:
    """Every word of the file, one plain paragraph a line, in a system font and without a style."""
    lignes = unescape(sub(r"<[^>]+>", "\n", imprimee.split("<body>")[1])).splitlines()
    paragraphes = "".join(f"<p>{ligne.strip()}" for ligne in lignes if ligne.strip())
    return f'<!doctype html><html lang="fr"><title>Mots</title><body>{paragraphes}'


def sans_style(imprimee: str) -> str:
    return sub(r"<link [^>]*>", "", imprimee)


def pour_chromium(imprimee: str) -> str:
    """With our stylesheets inside; in its own typeface."""
    feuilles = ("impression-pdf.css", "dossier-pdf.css")
    styles = "".join((settings.BASE_DIR / "static" / "css" / feuille).read_text() for feuille in feuilles)
    return sans_style(imprimee).replace("</head>", f"<style>{styles}</style></head>")


def pour_typst(imprimee: str) -> str:
    """Headings, paragraphs and tables; every word a string, so that none is markup."""

    def mots(noeud) -> str:
        dits = " ".join(noeud.text_content().split()).replace("\\", "\\\\").replace('"', '\\"')
        return f'#"{dits}"'

    lignes = ['#set text(lang: "fr", size: 9.5pt)', '#set document(title: "Dossier")']
    for noeud in html.fromstring(imprimee).find("body").iter("h1", "h2", "h3", "h4", "p", "li", "table"):
        if next(noeud.iterancestors("table"), None) is not None:
            continue
        if noeud.tag == "table":
            rangees = [list(rangee) for rangee in noeud.iter("tr")]
            colonnes = max(sum(int(cellule.get("colspan", 1)) for cellule in rangee) for rangee in rangees)
            cellules = ", ".join(
                f"table.cell(colspan: {cellule.get('colspan', 1)})[{mots(cellule)}]"
                for rangee in rangees
                for cellule in rangee
            )
            lignes.append(f"#table(columns: {colonnes}, {cellules})")
        else:
            lignes.append(f"{'=' * int(noeud.tag[1])} {mots(noeud)}" if noeud.tag[0] == "h" else f"{mots(noeud)}\n")
    return "\n".join(lignes)


def chromium(source: Path) -> Callable[[], None]:
    def imprimer() -> None:
        with tempfile.TemporaryDirectory() as profil:
            sortie = [f"--user-data-dir={profil}", f"--print-to-pdf={source.with_suffix('.pdf')}", source.as_uri()]
            subprocess.run([CHROMIUM, *OPTIONS, *sortie], check=True, capture_output=True)

    return imprimer


# --- Measuring -----------------------------------------------------------------------------------------------------
def processeur() -> float:
    """Ours, and that of the processes that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    lu = contenu()
    pdf, pages = imprimer_dossier(lu, "2031-1")
    imprimee = page(lu)
    nus = mots_seuls(imprimee)
    simples = pages_de(weasyprint.HTML(string=nus).write_pdf())
    print(f"{pages} pages, {len(pdf) / 1000:.0f} kB; plain paragraphs: {simples} pages")
    concurrents: dict[str, Callable[[], object]] = {
        "plain paragraphs": lambda: weasyprint.HTML(string=nus).write_pdf(),
        "plain paragraphs, tagged": lambda: weasyprint.HTML(string=nus).write_pdf(pdf_variant="pdf/ua-1"),
        "the same tags without a style": lambda: weasyprint.HTML(string=sans_style(imprimee)).write_pdf(),
        "the file": lambda: imprimer_dossier(lu, "2031-1"),
    }
    with tempfile.TemporaryDirectory() as dossier:
        if CHROMIUM.exists():
            source = Path(dossier) / "dossier.html"
            source.write_text(pour_chromium(imprimee))
            concurrents["chromium"] = chromium(source)
        else:
            print("no chromium here")
        try:
            import typst

            texte = pour_typst(imprimee).encode()
            concurrents["typst"] = lambda: typst.compile(texte)
        except ImportError:
            print("typst is not installed here (pip install typst)")
        mesurer(concurrents, tours)
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def mesurer(concurrents: dict[str, Callable[[], object]], tours: int) -> None:
    """In turn, so that a busy moment falls on all; medians of processor time, and of the clock's."""
    durees: dict[str, list[tuple[float, float]]] = {nom: [] for nom in concurrents}
    for _ in range(tours):
        for nom, faire in concurrents.items():
            debut, horloge = processeur(), time.perf_counter()
            faire()
            durees[nom].append((processeur() - debut, time.perf_counter() - horloge))
    plancher = statistics.median(cpu for cpu, _ in durees["plain paragraphs"])
    for nom, mesures in durees.items():
        cpu, mur = (statistics.median(valeurs) for valeurs in zip(*mesures, strict=True))
        print(f"{nom}: {cpu:.2f} s of processor, {mur:.2f} s by the clock, {cpu / plancher:.2f} x plain paragraphs")


def pages_de(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


if __name__ == "__main__":
    main()
