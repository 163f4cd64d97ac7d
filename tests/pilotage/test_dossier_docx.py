"""The board's file as a text document: its structure, its language, and text that stays text."""

import copy
import io
import itertools

import pytest
from django.urls import reverse
from docx import Document

from strategie.pilotage.interfaces.dossier_docx import ecrire_dossier
from strategie.pilotage.queries.contenu_du_dossier import contenu_du_dossier
from strategie.pilotage.rules.dossiers import SECTIONS
from tests.pilotage.dossiers import ANNEE, EXERCICE, JOUR, un_dossier, une_ecole_pleine

HOSTILE = "<img src='file:///etc/passwd'> </p></body> {{ contenu }} &amp; \u202e=1+1"


@pytest.fixture
def contenu(dossier) -> dict:
    une_ecole_pleine(dossier.monde.college, 2)
    return contenu_du_dossier(dossier.monde.college, sections=SECTIONS, annee=ANNEE, exercice=EXERCICE, jour=JOUR) | {
        "rapport": "Mesdames,\nMessieurs."
    }


def lire(contenu: dict):
    return Document(io.BytesIO(ecrire_dossier(contenu, "2031-7")))


def tout(document) -> str:
    cellules = [cellule.text for table in document.tables for rangee in table.rows for cellule in rangee.cells]
    return "\n".join([*(paragraphe.text for paragraphe in document.paragraphs), *cellules])


def test_le_document_a_un_titre_un_plan_une_langue_et_des_entetes(contenu):
    document = lire(contenu)
    proprietes = document.core_properties
    assert proprietes.title == "Stratégie numérique 2030-2031 · Collège du Test"
    assert (proprietes.author, proprietes.language) == ("Collège du Test", "fr-FR")
    niveaux = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert (niveaux[0], niveaux.count(1)) == (1, 1)
    assert all(apres <= avant + 1 for avant, apres in itertools.pairwise(niveaux))
    assert set(document.styles.element.xpath("//w:lang/@w:val")) == {"fr-FR"}
    *tables, vote = document.tables  # of the vote, each row has its own heading
    assert len(tables) >= 7
    for table in tables:
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
        assert table._tbl.tblPr.xpath("w:tblCaption/@w:val")
    assert vote.rows[0].cells[0].text == "Séance du"
    assert "Mesdames,\nMessieurs." in [p.text for p in document.paragraphs]
    pied = document.sections[0].footer.paragraphs[0]
    assert pied.text.startswith("Dossier n°\u00a02031-7 · projet")
    assert pied._p.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_un_texte_hostile_reste_du_texte(contenu):
    hostile = copy.deepcopy(contenu)
    hostile["rapport"] = f"{HOSTILE}\x07\x0b"
    hostile["plan"]["axes"][0]["actions"][0] |= {"intitule": HOSTILE, "comment": HOSTILE, "qui": HOSTILE}
    hostile["budget"]["lignes"][0]["intitule"] = HOSTILE
    document = lire(hostile)
    assert tout(document).count(HOSTILE) == 5
    assert not document.inline_shapes
    assert {rel.target_ref for rel in document.part.rels.values() if rel.is_external} == set()


def test_trois_cents_actions_et_un_titre_de_deux_mille_caracteres(contenu):
    long = copy.deepcopy(contenu)
    axe = long["plan"]["axes"][0]
    axe["actions"] = [axe["actions"][0] | {"cle": rang, "intitule": f"Action {rang}"} for rang in range(300)]
    axe["actions"][7]["intitule"] = "x" * 2000
    lu = tout(lire(long))
    assert all(f"Action {rang}" in lu for rang in range(300) if rang != 7)
    assert "x" * 2000 in lu


def test_le_document_se_telecharge(client, dossier):
    fait = un_dossier(dossier.monde.college)
    client.force_login(dossier.monde.chef)
    reponse = client.get(reverse("dossier_docx", args=[dossier.monde.college.uai, fait.numero]))
    assert reponse["Content-Disposition"] == f'attachment; filename="dossier-{dossier.monde.college.uai}-2031-1.docx"'
    assert "Aucune action n'est publiée" in tout(Document(io.BytesIO(reponse.content)))
