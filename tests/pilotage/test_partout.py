"""Row 77: a board's file says the same on a screen, on paper, in its attached tables, in the workbook and in the text
document. Each is read back here otherwise than it was written, and compared with the frozen content.
"""

import datetime
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from docx import Document
from docx.table import Table
from lxml import html

from budget.domain.argent import euros
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.models import Dossier
from strategie.socle.rules import date_en_phrase
from tests.budget.budgets import une_ligne
from tests.budget.parc import des_equipements
from tests.pilotage.conseils import une_deliberation, voter
from tests.pilotage.dossiers import ANNEE, EXERCICE, un_dossier, une_ecole_pleine
from tests.pilotage.textes import rangees_csv, serre
from tests.plans.plans import un_besoin

DESSINEES = {"Profil", "En barre", "Combien"}  # columns of drawings: their figures stand beside them
D_ECRAN = (r"Marchepleine:.*:plusloin\.", ":laparthachurée.*")
# What no reader is told: keys, codes, and what is said otherwise beside.
TUES = {
    "format",
    "cle",
    "code",
    "service",
    "sections",
    "theme",
    "etablissement",
    "instance",
    "fait_le",
    "source",
    "champ",
}


def adresse(nom: str, fait: Dossier) -> str:
    return reverse(nom, args=[fait.etablissement.uai, fait.numero])


# --- Readers -------------------------------------------------------------------------------------------------------
def blocs_de_l_ecran(page: bytes, *, dessins: bool) -> list[str]:
    """Headings, paragraphs, items, captions, and the rows of tables, their cells apart; `dessins`: with the columns
    that are drawn and what explains them.
    """
    lu = html.fromstring(page).find_class("dossier-lu")[0]
    for dessin in list(lu.iter("svg")):
        dessin.drop_tree()
    for tableau in lu.iter("table"):
        entetes = [cellule.text_content() for cellule in tableau.findall("thead/tr/th")]
        for rang in [rang for rang, entete in enumerate(entetes) if entete in DESSINEES and not dessins]:
            for rangee in tableau.iter("tr"):
                if len(rangee) == len(entetes):
                    rangee[rang].drop_tree()
    blocs = []
    for noeud in lu.iter("h2", "h3", "h4", "p", "li", "caption", "tr"):
        if noeud.tag == "tr":
            blocs.append("|".join(serre(cellule.text_content()) for cellule in noeud))
        elif next(noeud.iterancestors("tr"), None) is None:
            blocs.append(serre(noeud.text_content()))
    return blocs if dessins else [re.sub("|".join(D_ECRAN), "", bloc) for bloc in blocs]


def blocs_du_texte(octets: bytes) -> list[str]:
    blocs = []
    for bloc in Document(io.BytesIO(octets)).iter_inner_content():
        if isinstance(bloc, Table):
            for rangee in bloc.rows:
                uniques = {id(cellule._tc): cellule.text for cellule in rangee.cells}
                blocs.append("|".join(map(serre, uniques.values())))
        else:
            blocs.append(serre(bloc.text))
    return blocs


def papier(pdf: bytes) -> str:
    """One text, without what is said again on each page."""
    pages = [feuille.extract_text().splitlines() for feuille in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return serre("".join(ligne for page in pages for ligne in page if not re.match(r"\d+ / \d+$|Paliers · ", ligne)))


def feuilles(classeur: bytes) -> dict[str, list[list[Any]]]:
    lu = openpyxl.load_workbook(io.BytesIO(classeur))
    return {feuille.title: [list(rangee) for rangee in feuille.iter_rows(values_only=True)] for feuille in lu}


# --- What the content holds ----------------------------------------------------------------------------------------
def avec_virgule(montant: Decimal) -> str:
    return f"{montant:.2f}".replace(".", ",")


def dits(valeur: Any, en_montant: Callable[[Decimal], str] = euros) -> Iterator[str]:
    """Each title, amount, date and figure in text, as a reader is told it."""
    match valeur:
        case dict():
            for nom, une in valeur.items():
                if nom not in TUES:
                    yield from dits(une, en_montant)
        case list():
            for une in valeur:
                yield from dits(une, en_montant)
        case str() if re.fullmatch(r"-?\d+\.\d\d", valeur):
            yield en_montant(Decimal(valeur))
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", valeur):
            yield date_en_phrase(datetime.date.fromisoformat(valeur))
        case str() if valeur:
            yield valeur


def comptes(contenu: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
    """Counts and paliers, with the name of the row that says them."""
    for champ in contenu["diagnostic"]["champs"]:
        yield champ["libelle"], [champ["palier"]] if champ["palier"] else []
    for famille in contenu["equipement"]["familles"]:
        yield famille["nom"], [famille[nom] for nom in ("nombre", "depasses", "a_reprendre", "sans_date")]
    for une in contenu["equipement"]["renouvellement"]:
        yield une["quand"], [une["nombre"], une["sans_prix"]]
    for annee in contenu["formation"]["annees"]:
        yield from ((une["intitule"], [une["personnes"]]) for une in annee["lignes"])
    for besoin in contenu["besoins"]:
        yield besoin["intitule"], [besoin["effectif"]] if besoin["effectif"] is not None else []


def dit_sur_sa_ligne(lignes: list[str], nom: str, nombres: list[int]) -> bool:
    """A row that has this name in a cell, then these numbers in order."""
    suite = "".join(rf".*?(?<!\d){nombre}(?!\d)" for nombre in nombres)
    return any(re.search(rf"(^|\|){re.escape(serre(nom))}{suite}", ligne) for ligne in lignes)


def en_csv(feuille: list[list[Any]]) -> list[dict[str, str]]:
    """A sheet as the CSV writes it."""
    return [dict(zip(feuille[0], map(cellule, feuille[0], rangee), strict=True)) for rangee in feuille[1:]]


def cellule(entete: str, valeur: Any) -> str:
    if valeur is None:
        return ""
    return avec_virgule(valeur) if "€" in entete else str(valeur)


def a_cles(contenu: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The lists that have a table of their own, whose rows have a key."""
    uniques = {action["cle"]: action for axe in contenu["plan"]["axes"] for action in axe["actions"]}
    yield "plan-d-action.csv", list(uniques.values())
    yield "besoins.csv", contenu["besoins"]
    yield "formation.csv", [une for annee in contenu["formation"]["annees"] for une in annee["lignes"]]
    yield "budget.csv", contenu["budget"]["lignes"]
    yield "financements.csv", contenu["budget"]["financements"]
    yield "achats.csv", contenu["budget"]["achats"]


# --- The same everywhere -------------------------------------------------------------------------------------------
@pytest.fixture
def fait(dossier) -> Dossier:
    """Of a school that has something of everything, and whose plan moved since its board voted it."""
    college = dossier.monde.college
    une_ecole_pleine(college, 3)
    des_equipements(
        college, nombre=12, achete_le=datetime.date(2024, 9, 1), prix=Decimal("312.40"), proprietaire="eple"
    )
    des_equipements(college, "Écran interactif", nombre=7, categorie="tableau")
    un_besoin(college, "Joindre les familles", annee_scolaire=ANNEE, effectif=431)
    voter(une_deliberation(college, dossier=un_dossier(college).pk))
    une_ligne(college, EXERCICE, "Un euro", prevu=Decimal("1.00"))
    fait = un_dossier(college, rendre_pdf=imprimer_dossier)
    return Dossier.objects.select_related("etablissement").get(pk=fait.pk)


def test_cinq_lecteurs_lisent_la_meme_chose(client, dossier, fait):
    client.force_login(dossier.monde.chef)
    contenu, pdf = json.loads(fait.contenu), bytes(fait.pdf)
    echeances = contenu["equipement"]["renouvellement"]  # a year in which nothing ends is told by nobody
    contenu["equipement"]["renouvellement"] = [une for une in echeances if une["nombre"]]
    page = client.get(adresse("dossier", fait)).content
    # Screen: everything that the content holds, each count on its own row.
    ecran = blocs_de_l_ecran(page, dessins=False)
    tout = "".join(ecran).lower()
    assert contenu["changements"]
    assert [dit for dit in dits(contenu) if serre(dit).lower() not in tout] == []
    assert [compte for compte in comptes(contenu) if not dit_sur_sa_ligne(ecran, *compte)] == []
    # Paper: every block of the screen, whole.
    imprime = papier(pdf)
    assert [bloc for bloc in blocs_de_l_ecran(page, dessins=True) if bloc.replace("|", "") not in imprime] == []
    # Text document: the same blocks in the same order, under a title and above a fingerprint.
    texte = blocs_du_texte(client.get(adresse("dossier_docx", fait)).content)
    assert texte[texte.index(ecran[0]) : -1] == ecran
    # Workbook and attached tables: the same cells, and those of the content.
    jointes = {nom: rangees_csv(octets) for nom, [octets] in pypdf.PdfReader(io.BytesIO(pdf)).attachments.items()}
    classeur = feuilles(b"".join(client.get(adresse("dossier_xlsx", fait)).streaming_content))
    assert sorted(map(str, jointes.values())) == sorted(str(en_csv(feuille)) for feuille in classeur.values())
    for nom, elements in a_cles(contenu):
        rangees = {rangee["Clé"]: rangee for rangee in jointes[nom]}
        assert set(rangees) == {str(element["cle"]) for element in elements}
        for element in elements:
            ecrits = serre("|".join(rangees[str(element["cle"])].values()))
            assert [dit for dit in dits(element, avec_virgule) if serre(dit) not in ecrits] == []
    lignes = ["|".join(map(serre, rangee.values())) for rangees in jointes.values() for rangee in rangees]
    assert [compte for compte in comptes(contenu) if not dit_sur_sa_ligne(lignes, *compte)] == []
