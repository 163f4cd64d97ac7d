"""The plan as a text document: its tables, what people typed as plain text, a model that anybody may redraw."""

import io
import zipfile

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from plans.interfaces.document_du_plan import ecrire_document
from plans.interfaces.tableau_en_mots import tableau_en_mots
from plans.queries.matrice import lignes_de_la_matrice
from plans.queries.plan import lire_plan
from strategie.socle.rules import date_en_phrase
from tests.plans.classeurs import exporter
from tests.plans.plans import cette_annee, un_axe, une_action, une_action_publiee
from tests.tableurs import lire_xlsx


def document(ecole) -> bytes:
    annee, jour = cette_annee(ecole), timezone.localdate()
    plan = lire_plan(ecole, annee, jour, brouillons=True)
    return ecrire_document(
        ecole, annee, jour, plan.axes, tableau_en_mots(plan, jour), lignes_de_la_matrice(ecole, annee)
    )


def ouvrir(octets: bytes):
    return docx.Document(io.BytesIO(octets))


def lignes(table) -> list[tuple[str, ...]]:
    return [tuple(cellule.text for cellule in ligne.cells) for ligne in table.rows]


def test_le_document_dit_le_tableau_et_la_matrice_comme_le_classeur(monde):
    une_action_publiee(monde.college, porteur=monde.referent.pk, autres_contributeurs="Le service informatique")
    lu, classeur = ouvrir(document(monde.college)), lire_xlsx(exporter(monde.college))
    for table, nom in zip(lu.tables, ("Matrice", "Tableau"), strict=True):
        feuille = [tuple(cellule or "" for cellule in ligne) for ligne in classeur[nom][2:]]
        assert lignes(table) == feuille
        assert len(feuille) == 2


def test_le_document_se_presente(monde):
    un_axe(monde.college, "Former", theme="enseigner")
    un_axe(monde.college, "Relier", clos_le=timezone.now())
    lu = ouvrir(document(monde.college))
    annee, jour = cette_annee(monde.college), date_en_phrase(timezone.localdate())
    textes = [paragraphe.text for paragraphe in lu.paragraphs if paragraphe.text]
    assert textes == [
        f"Plan d'action {annee}",
        f"Collège du Test ({monde.college.uai}), académie de Exemple. État du {jour}.",
        *("Les axes, par thème", "Garantir un égal accès au numérique pour tous", "Relier (clos)"),
        *("Enseigner et apprendre avec le numérique", "Former", "Irritants, besoins et axes", "Le plan"),
    ]
    section = lu.sections[0]
    assert section.page_width > section.page_height
    assert section.header.paragraphs[0].text == f"Collège du Test ({monde.college.uai})"
    assert f"Plan d'action {annee}" in section.footer.paragraphs[0].text
    assert lu.core_properties.title == f"Plan d'action {annee} · Collège du Test"
    pied = section.footer.paragraphs[0]._p.xml
    assert ("PAGE" in pied, "NUMPAGES" in pied) == (True, True)
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in lu.tables)


def test_un_plan_vide_le_dit(monde):
    lu = ouvrir(document(monde.college))
    textes = [paragraphe.text for paragraphe in lu.paragraphs]
    for phrase in ("Aucun axe n'est encore ouvert.", "Le plan est encore vide."):
        assert phrase in textes
    assert lu.tables == []


@pytest.mark.parametrize(
    "texte",
    [
        "<w:t>&amp; <b>gras</b>",
        "{{ 7 * 7 }} {% for x in y %}",
        "{%tr endfor %}",
        "a & b < c > d \" '",
        "=1+1",
        "été 😀 \u202e renversé",
    ],
)
def test_ce_qu_on_a_tape_est_un_texte(monde, texte):
    une_action(monde.college, texte, axes=[un_axe(monde.college, texte)])
    octets = document(monde.college)
    tableau = ouvrir(octets).tables[-1]
    assert [lignes(tableau)[1][place].split("\n")[0] for place in (1, 2)] == [texte, texte]
    assert zipfile.ZipFile(io.BytesIO(octets)).testzip() is None


def test_un_caractere_que_xml_ne_sait_pas_dire_est_ote(monde):
    une_action(monde.college, "a\x07b\x0cc\ufffed", axes=[un_axe(monde.college)])
    assert lignes(ouvrir(document(monde.college)).tables[-1])[1][2].split("\n")[0] == "abcd"


def test_le_document_se_telecharge(client, monde):
    une_action(monde.college)
    client.force_login(monde.lectrice)
    adresse = reverse("plan_exporter_docx", args=[monde.college.uai])
    reponse = client.get(adresse)
    annee = cette_annee(monde.college)
    assert reponse["Content-Disposition"] == f'attachment; filename="plan-{monde.college.uai}-{annee}.docx"'
    assert ouvrir(reponse.content).tables
    assert client.get(adresse, {"annee": "2026"}).status_code == 404
    assert client.head(adresse).content == b""
