"""The yearly report as it is read: the same words on the page, in the PDF and on the slides; templates of académies."""

import copy
import io
import itertools
import json
import re
import zipfile

import openpyxl
import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from lxml import html
from pptx import Presentation
from pptx.util import Inches

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.versions import publier_version
from strategie.pilotage.interfaces.bilan import Dessin, contexte_du_bilan, imprimer_bilan, parties_du_bilan
from strategie.pilotage.interfaces.bilan_pptx import ecrire_presentation
from strategie.pilotage.interfaces.diapositives import couper
from strategie.pilotage.interfaces.modele_pptx import PPTX, modele_de_paliers, pages_de
from strategie.pilotage.models import ModeleDeBilan, MotDuBilan
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.interfaces.imports import FichierRefuse
from tests.diagnostic.versions import brouillon_change
from tests.dossier import Dossier, commencer, repondre_partout, signer
from tests.pdf import arbre, elements, manquements_de_l_archive, texte_de
from tests.pilotage.bilans import ANNEE, le_bilan, une_annee_pleine
from tests.pilotage.textes import serre
from tests.plans.plans import cette_annee, une_action_publiee
from tests.socle.test_pdf import Guet, verifier

HOSTILE = "<img src=http://127.0.0.1:9/x> <img src='file:///etc/passwd'> </p></body> {{ contenu }} =1+1"
SANS_DESSIN = "Réseau 🛰 𐎀 équipe"
NOMBREUSES = 100


def lire_une_annee_pleine(dossier: Dossier) -> dict:
    """With two diagnostics: those of the fixture, told as if they were of the year."""
    monde = dossier.monde
    une_annee_pleine(monde.college)
    signer(dossier.brouillon, monde.chef, timezone.now())
    lu = le_bilan(monde.college)
    lu["diagnostic"] = le_bilan(monde.college, dossier.annee)["diagnostic"] | {"annee": ANNEE}
    lu["mot"] = "Une année de travail.\nMerci à toutes les équipes."
    return lu


@pytest.fixture(scope="module")
def annee_pleine(lire_d_un_dossier):
    return lire_d_un_dossier(lire_une_annee_pleine)


@pytest.fixture(scope="module")
def papier(annee_pleine) -> bytes:
    return imprimer_bilan(annee_pleine)


@pytest.fixture
def contenu(annee_pleine):
    return copy.deepcopy(annee_pleine)


def presentation_de(contenu, modele=None):
    return Presentation(io.BytesIO(ecrire_presentation(contenu, modele or modele_de_paliers())))


def textes(formes):
    for forme in formes:
        if forme.has_text_frame:
            yield forme.text_frame.text
        if forme.has_table:
            yield from (cellule.text for rangee in forme.table.rows for cellule in rangee.cells)


def texte_des_diapositives(presentation) -> str:
    """Of the slides, of their charts and of their notes."""
    morceaux = []
    for diapositive in presentation.slides:
        morceaux += [*textes(diapositive.shapes), diapositive.notes_slide.notes_text_frame.text]
    return "\n".join(morceaux)


def mots_de(contenu) -> list[str]:
    """Every sentence, heading and cell of the report."""
    mots = []
    for partie in parties_du_bilan(contenu):
        mots += [partie.chapo, partie.texte, *partie.notes]
        for tableau in partie.tableaux:
            rangees = (*tableau.rangees, tableau.total)
            mots += [tableau.legende, *(une for rangee in rangees for une in rangee if not isinstance(une, Dessin))]
    return [serre(mot) for mot in mots if mot]


# --- The same words everywhere -------------------------------------------------------------------------------------
def page_de(client, etablissement, monde, annee) -> str:
    client.force_login(monde.lectrice)
    reponse = client.get(reverse("bilan", args=[etablissement.uai]), {"annee": annee})
    assert reponse.status_code == 200
    return html.fromstring(reponse.content).find(".//main").text_content()


def test_la_page_dit_tous_les_mots(client, dossier):
    college, annee = dossier.monde.college, dossier.annee
    faite = une_action_publiee(college, "Installer la borne", annee_scolaire=annee, annee_fin=annee)
    signer(dossier.brouillon, dossier.monde.chef, timezone.now())
    lu = le_bilan(college, annee, timezone.localdate())
    page, mots = serre(page_de(client, college, dossier.monde, annee)), mots_de(lu)
    assert serre(faite.intitule) in mots
    assert len(mots) > 200
    assert [mot for mot in mots if mot not in page] == []


def test_le_pdf_et_les_diapositives_disent_tous_les_mots(contenu, papier):
    mots = mots_de(contenu)
    assert len(mots) > 200
    for lieu in (serre(texte_de(papier)), serre(texte_des_diapositives(presentation_de(contenu)))):
        assert [mot for mot in mots if mot not in lieu] == []


def test_les_graphiques_ont_les_chiffres_du_bilan(contenu):
    graphiques = {
        diapositive.shapes.title.text: forme.chart
        for diapositive in presentation_de(contenu).slides
        for forme in diapositive.shapes
        if forme.has_chart
    }
    lus = {
        titre: {serie.name: list(serie.values) for serie in graphique.plots[0].series}
        for titre, graphique in graphiques.items()
    }
    champs = contenu["diagnostic"]["champs"]
    assert lus == {
        "Le diagnostic": {
            contenu["diagnostic"]["annee_avant"]: [champ["palier_avant"] for champ in champs],
            ANNEE: [champ["palier"] for champ in champs],
        },
        "Les actions": {
            "Réalisées": [1], "En cours ou à venir": [3], "Bloquées ou en pause": [1], "Abandonnées": [1],
        },
        "Ce que cela a coûté": {"Prévu": [300.0, 1200.5], "Engagé": [0.0, 1000.0], "Payé": [0.0, 400.25]},
    }  # fmt: skip


# --- PDF -----------------------------------------------------------------------------------------------------------
def test_le_pdf_est_archivable_accessible_et_porte_ses_chiffres(papier):
    assert manquements_de_l_archive(papier) == []
    with pikepdf.open(io.BytesIO(papier)) as lu, lu.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert str(lu.Root.Lang) == "fr"
        sortes = [sorte for sorte, _ in arbre(lu.Root.StructTreeRoot)]
    titres = [int(sorte[2:]) for sorte in sortes if re.fullmatch("/H[1-6]", sorte)]
    assert (titres[0], titres.count(1)) == (1, 1)
    assert all(apres <= avant + 1 for avant, apres in itertools.pairwise(titres))
    assert sortes.count("/TH") > 20
    pieces = pypdf.PdfReader(io.BytesIO(papier)).attachments
    assert set(pieces) == {"actions.csv", "indicateurs.csv", "depenses.csv"}
    assert "Infrastructure;1200,50;1000,00;400,25" in pieces["depenses.csv"][0].decode("utf-8-sig")


def test_les_dessins_du_pdf_ont_leur_equivalent(contenu, papier):
    figures = [alternative for sorte, alternative, _ in elements(papier) if sorte == "/Figure"]
    assert len(figures) == 1 + len(contenu["diagnostic"]["champs"]) + len(contenu["budget"]["leviers"])
    assert all(figures)


def test_meme_contenu_memes_octets_et_rien_d_un_autre_format(contenu, papier):
    """Nothing but the dictionary is read: it may come back from JSON."""
    assert imprimer_bilan(json.loads(json.dumps(contenu))) == papier
    with pytest.raises(ValueError, match="Format"):
        imprimer_bilan(contenu | {"format": 99})


# --- Slides --------------------------------------------------------------------------------------------------------
def assert_diapositives_saines(presentation) -> None:
    """Unique titles, alternatives, French, nothing outside the slide, nothing that waits for a click to be typed."""
    titres = [diapositive.shapes.title.text for diapositive in presentation.slides]
    assert len(set(titres)) == len(titres)
    assert all(titres)
    for diapositive in presentation.slides:
        for forme in diapositive.shapes:
            assert forme.top + forme.height <= presentation.slide_height
            assert forme.left + forme.width <= presentation.slide_width
            if forme.has_table or forme.has_chart:
                dit = forme._element.nvGraphicFramePr.cNvPr.get("descr")
                assert dit
                assert not re.search(r"\d\.\d", dit)  # a decimal number has a comma
            if forme.is_placeholder:
                assert forme.text_frame.text
        morceaux = list(diapositive._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}rPr"))
        assert morceaux
        assert {morceau.get("lang") for morceau in morceaux} == {"fr-FR"}
        assert diapositive.notes_slide.notes_text_frame.text


def test_les_diapositives_d_une_annee_pleine(contenu):
    presentation = presentation_de(contenu)
    assert_diapositives_saines(presentation)
    assert [diapositive.shapes.title.text for diapositive in presentation.slides] == [
        f"Bilan numérique {ANNEE}",
        "Le mot du chef d'établissement",
        "L'année en chiffres",
        "Le diagnostic",
        "Les actions",
        "Les indicateurs",
        "Formation et équipement",
        "Ce que cela a coûté",
        "Ce que le conseil d'administration a décidé",
        "Ce qui vient",
    ]
    proprietes = presentation.core_properties
    assert (proprietes.language, proprietes.author) == ("fr-FR", contenu["etablissement"]["nom"])
    assert proprietes.created.date().isoformat() == contenu["fait_le"]


def test_un_etablissement_sans_rien_a_un_bilan_qui_le_dit(client, monde):
    client.force_login(monde.lectrice)
    reponse, annee = client.get(reverse("bilan_pdf", args=[monde.college.uai])), cette_annee(monde.college)
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == f'attachment; filename="bilan-{monde.college.uai}-{annee}.pdf"'
    assert manquements_de_l_archive(reponse.content) == []
    lu, papier = le_bilan(monde.college, annee, timezone.localdate()), texte_de(reponse.content)
    assert serre(contexte_du_bilan(lu)["empreinte"]) in serre(papier)
    presentation = presentation_de(lu)
    assert_diapositives_saines(presentation)
    assert len(presentation.slides) == 2
    for texte in (papier, texte_des_diapositives(presentation)):
        for phrase in (
            "Aucune action n'était publiée",
            "Aucun diagnostic n'est encore signé",
            "Aucune ligne de budget",
        ):
            assert serre(phrase) in serre(texte)


def test_une_ecole_a_son_conseil_et_n_a_pas_de_budget_propre(contenu):
    ecole = copy.deepcopy(contenu) | {"instance": "conseil d'école"}
    ecole["etablissement"]["premier_degre"] = True
    dit = serre(html.fromstring(render_to_string("pilotage/bilan/corps.html", contexte_du_bilan(ecole))).text_content())
    assert serre("Une école n'a pas de budget propre") in dit
    assert serre("Ce que le conseil d'école a dit") in dit
    assert serre("Ce que le conseil d'administration a décidé") not in dit
    assert serre("Le mot de la direction") in dit


# --- Hostile words -------------------------------------------------------------------------------------------------
@pytest.fixture
def demesure(contenu):
    lu = copy.deepcopy(contenu)
    une = lu["plan"]["actions"][0]
    actions = [une | {"cle": 1000 + rang, "intitule": f"Action numéro {rang} fin"} for rang in range(NOMBREUSES)]
    actions[5]["intitule"] = "x" * 2000
    actions[6] |= {"intitule": HOSTILE, "raison": HOSTILE, "etat": "abandonnee", "etat_dit": "Abandonnée"}
    actions[7]["intitule"] = SANS_DESSIN
    lu["plan"] |= {"actions": actions, "nombre": NOMBREUSES}
    lu["plan"]["axes"] = [axe | {"intitule": "mot " * 200} for axe in lu["plan"]["axes"] * 9]
    lu["suite"]["actions"] = actions[:40]
    lu["mot"] = f"{HOSTILE}\n\n{'y' * 1500}"
    lu["etablissement"]["nom"] = f"Collège {HOSTILE}"
    lu["indicateurs"] = [un | {"intitule": HOSTILE, "unite": "z" * 40} for un in lu["indicateurs"] * 5]
    lu["budget"]["leviers"][0]["nom"] = "=HYPERLINK(1)"
    lu["formation"]["formations"][0] |= {"intitule": HOSTILE, "change": HOSTILE}
    lu["votes"] = [vote | {"objet": HOSTILE} for vote in lu["votes"] * 20]
    return lu


def test_rien_ne_deborde_et_tout_est_dans_les_commentaires(demesure):
    presentation = presentation_de(demesure)
    assert_diapositives_saines(presentation)
    [actions] = [d for d in presentation.slides if d.shapes.title.text == "Les actions"]
    notes = actions.notes_slide.notes_text_frame.text
    assert all(f"Action numéro {rang} fin" in notes for rang in range(NOMBREUSES) if rang not in (5, 6, 7))
    assert "x" * 2000 in notes
    assert SANS_DESSIN in notes
    assert any(
        "autres\u00a0: voir les commentaires" in texte for d in presentation.slides for texte in textes(d.shapes)
    )


def test_un_texte_hostile_reste_du_texte_dans_les_diapositives(demesure):
    octets = ecrire_presentation(demesure, modele_de_paliers())
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        liens = [archive.read(nom) for nom in archive.namelist() if nom.endswith(".rels")]
        classeurs = [archive.read(nom) for nom in archive.namelist() if nom.endswith(".xlsx")]
    assert not any(b'TargetMode="External"' in lien for lien in liens)
    assert len(classeurs) == 3
    for classeur in classeurs:
        cellules = [cellule for rangee in openpyxl.load_workbook(io.BytesIO(classeur)).active for cellule in rangee]
        assert {cellule.data_type for cellule in cellules} <= {"s", "n"}
        assert not any(cellule.hyperlink for cellule in cellules)
    assert HOSTILE in texte_des_diapositives(Presentation(io.BytesIO(octets)))


def test_un_texte_hostile_est_imprime_tel_quel_sans_lire_ni_appeler(demesure):
    guet = Guet()
    with guet:
        pdf = imprimer_bilan(demesure)
    verifier(guet)
    assert manquements_de_l_archive(pdf) == []
    dit = serre(texte_de(pdf))
    assert dit.count(serre(HOSTILE)) >= 20
    assert all(f"Actionnuméro{rang}fin" in dit for rang in range(NOMBREUSES) if rang not in (5, 6, 7))
    assert dit.count("x") >= 2000
    assert serre("Réseau ? ? équipe") in dit


def test_un_caractere_de_controle_ne_casse_rien(contenu):
    contenu["plan"]["actions"][0]["intitule"] = "Borne\x00\x0b\ud800 du hall"
    assert "Borne du hall" in texte_des_diapositives(presentation_de(contenu))


@pytest.mark.parametrize(
    ("mots", "lignes", "attendu"),
    [
        ("", 2, [""]),
        ("court", 2, ["court"]),
        ("un deux trois quatre cinq", 3, ["un deux", "trois", "quatre", "cinq"][:3]),
        ("abcdefghijklmnop", 1, ["abcdefg…"]),
    ],
)
def test_couper(mots, lignes, attendu):
    """Eight letters a line."""
    coupees = couper(mots, round(8.4 * 10 * 0.51 * 12_700), 10, lignes)
    assert len(coupees) <= lignes
    assert coupees[: len(attendu) - 1] == attendu[:-1]
    assert all(len(ligne) <= 8 for ligne in coupees)


# --- Templates of an académie --------------------------------------------------------------------------------------
def un_modele(*, pages=None, taille=(10, 7.5), diapositives=1) -> bytes:
    """An ordinary one, narrow, with a sample slide in a section."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = (Inches(mesure) for mesure in taille)
    for page in list(presentation.slide_layouts):
        if pages is not None and page.name not in pages:
            presentation.slide_layouts.remove(page)
    for rang in range(diapositives):
        diapositive = presentation.slides.add_slide(presentation.slide_layouts[0])
        diapositive.shapes[0].text_frame.text = f"À remplacer {rang}"
    presentation.save(sortie := io.BytesIO())
    return sortie.getvalue()


def sans_commentaires() -> bytes:
    presentation = Presentation()
    for cadre in list(presentation.notes_master.placeholders):
        if cadre.placeholder_format.type.name == "BODY":
            cadre._element.getparent().remove(cadre._element)
    presentation.save(sortie := io.BytesIO())
    return sortie.getvalue()


def avec(octets: bytes, **entrees: bytes) -> bytes:
    """The same archive, some entries replaced or added; « / » is written « __ »."""
    remplacees = {nom.replace("__", "/"): contenu for nom, contenu in entrees.items()}
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lue, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrite:
        for nom in lue.namelist():
            if nom not in remplacees:
                ecrite.writestr(nom, lue.read(nom))
        for nom, contenu in remplacees.items():
            ecrite.writestr(nom, contenu)
    return sortie.getvalue()


def entree(octets: bytes, nom: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return archive.read(nom)


def avec_un_lien(octets: bytes, sorte: str) -> bytes:
    nom = "ppt/slideLayouts/_rels/slideLayout1.xml.rels"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lien = f'<Relationship Id="rId99" Type="{base}/{sorte}" Target="http://ailleurs.invalid/" TargetMode="External"/>'
    return avec(octets, **{nom: entree(octets, nom).replace(b"</Relationships>", lien.encode() + b"</Relationships>")})


def test_un_autre_modele_donne_ses_mises_en_page_et_pas_ses_exemples(demesure):
    presentation = presentation_de(demesure, un_modele(diapositives=3))
    assert_diapositives_saines(presentation)
    assert (presentation.slide_width, presentation.slide_height) == (Inches(10), Inches(7.5))
    assert "À remplacer" not in texte_des_diapositives(presentation)
    assert {d.slide_layout.name for d in presentation.slides} == {"Title Slide", "Title and Content"}


def refus_de(octets: bytes) -> str:
    with pytest.raises(FichierRefuse) as refus:
        pages_de(octets)
    return str(refus.value)


TYPES = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACRO = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
MODELE = un_modele()


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"%PDF-1.7", "n'est pas une présentation .pptx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "L'ancien format .ppt n'est pas lu"),
        (MODELE[:4000], "abîmée"),
        (avec(MODELE, ppt__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), "macros"),
        (
            avec(MODELE, **{"[Content_Types].xml": entree(MODELE, "[Content_Types].xml").replace(TYPES, MACRO)}),
            "macros",
        ),
        (avec(MODELE, **{"ppt/presentation.xml": b"<p/>"}), "abîmée"),
        (avec(MODELE, **{"ppt/embeddings/objet.bin": b"x"}), "objet incorporé"),
        (avec(MODELE, **{"ppt/theme/theme1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "abîmée"),
        (avec(MODELE, **{"ppt/tags/gros.xml": b" " * (5 * 1024**2)}), "démesurée"),
        (avec(MODELE, **{"ppt/media/bombe.png": b"\x00" * (30 * 1024**2)}), "démesurée"),
        (avec_un_lien(MODELE, "image"), "irait chercher une image ou un fichier ailleurs"),
        (un_modele(pages={"Title and Content"}), "Il manque une mise en page de titre"),
        (un_modele(pages={"Title Slide", "Two Content", "Blank"}), "Il manque une mise en page de contenu"),
        (un_modele(taille=(40, 40)), "est trop petit"),
        (sans_commentaires(), "Le masque des pages de commentaires n'a pas de cadre de texte"),
        (avec(MODELE, **{"ppt/theme/theme1.xml": b"<a"}), "abîmée"),
    ],
)
def test_un_modele_qui_ne_va_pas_est_refuse(octets, phrase):
    assert phrase in refus_de(octets)


def test_un_modele_ordinaire_va_et_un_lien_a_suivre_n_est_qu_un_lien():
    assert pages_de(MODELE).contenu.name == "Title and Content"
    assert pages_de(avec_un_lien(MODELE, "hyperlink")).titre.name == "Title Slide"


def test_le_modele_de_paliers_va():
    pages = pages_de(modele_de_paliers())
    assert (pages.titre.name, pages.contenu.name) == ("Diapositive de titre", "Titre et contenu")


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_l_annee_se_choisit_parmi_celles_qui_ont_des_faits(client, monde):
    annee = cette_annee(monde.college)
    une_action_publiee(monde.college, annee_scolaire="2023-2024", annee_fin=annee)
    client.force_login(monde.gestionnaire)
    adresse = reverse("bilan", args=[monde.college.uai])
    vue = html.fromstring(client.get(adresse, {"annee": "2024-2025"}).content)
    assert vue.find(".//h1").text_content() == "Bilan numérique 2024-2025"
    assert vue.xpath("//nav[@aria-label='Années scolaires']//a[@aria-current]/text()") == ["2024-2025"]
    for autre in ("1999-2000", "2023", "<b>"):
        assert client.get(adresse, {"annee": autre}).status_code == 404


def test_autant_de_requetes_pour_une_annee_pleine_que_pour_une_annee_vide(client, dossier):
    college, comptes = dossier.monde.college, []
    signer(dossier.brouillon, dossier.monde.chef, timezone.now())
    client.force_login(dossier.monde.chef)
    adresse = reverse("bilan", args=[college.uai])
    for rang in range(3):
        une_action_publiee(college, f"Action {rang}", annee_scolaire=dossier.annee, annee_fin=dossier.annee)
        comptes.append(len(client.get(adresse, {"annee": dossier.annee}).requetes))
    assert comptes == [9, 9, 9]


def test_une_version_nouvelle_du_referentiel_ne_coute_pas_plus_que_la_limite(client, monde, referentiel):
    """The most reads that the page may cost: the client of the tests refuses a thirteenth."""
    annee, maintenant = cette_annee(monde.college), timezone.now()
    suivante = brouillon_change(referentiel, monde.academie, monde.rectorat)
    suivante = publier_version(referentiel=suivante, auteur=monde.rectorat, maintenant=maintenant)
    for une, version, valeur in (
        (annee_precedente(annee), referentiel, Valeur.oui),
        (annee, suivante, Valeur.non),
    ):
        diagnostic = commencer(monde.college, une, version, monde.chef, maintenant)
        repondre_partout(diagnostic, valeur, monde.chef, maintenant)
        signer(diagnostic, monde.chef, maintenant)
    une_action_publiee(monde.college, annee_scolaire=annee, annee_fin=annee)
    client.force_login(monde.chef)
    reponse = client.get(reverse("bilan", args=[monde.college.uai]), {"annee": annee})
    assert len(reponse.requetes) == 12
    page = html.fromstring(reponse.content).find(".//main").text_content()
    assert "questions ne se comparent pas" in page
    assert "Conditions perdues" in page


def test_le_mot_ouvre_le_bilan(client, monde):
    client.force_login(monde.chef)
    adresse = reverse("bilan_mot", args=[monde.college.uai])
    envoi = {"texte": "Une belle <b>année</b>.", "lu-texte": ""}
    assert client.post(adresse, envoi)["Location"].startswith(reverse("bilan", args=[monde.college.uai]))
    mot = MotDuBilan.objects.get()
    assert (mot.texte, mot.annee_scolaire, mot.version, mot.ecrit_par) == (
        "Une belle <b>année</b>.", cette_annee(monde.college), 1, monde.chef,
    )  # fmt: skip
    page = client.get(reverse("bilan", args=[monde.college.uai])).content.decode()
    assert "Une belle &lt;b&gt;année&lt;/b&gt;." in page
    trop_long = client.post(adresse, {"texte": "x" * 2001, "lu-texte": mot.texte})
    assert trop_long.status_code == 422
    assert "2001 caractères" in trop_long.content.decode()
    concurrent = client.post(adresse, envoi | {"texte": "Autre chose."})
    assert (concurrent.status_code, MotDuBilan.objects.get().texte) == (409, mot.texte)
    assert client.post(adresse, {"texte": "", "lu-texte": mot.texte}).status_code == 302
    assert "Le mot du chef" not in client.get(reverse("bilan", args=[monde.college.uai])).content.decode()


def deposer(client, octets: bytes, nom="charte.pptx"):
    return client.post(reverse("modele_de_bilan"), {"fichier": SimpleUploadedFile(nom, octets, PPTX)})


def test_l_academie_depose_son_modele_et_revient_au_commun(client, monde):
    client.force_login(monde.rectorat)
    for _ in range(2):
        assert deposer(client, MODELE).status_code == 302
    modele = ModeleDeBilan.objects.get()
    assert (bytes(modele.contenu), modele.nom, modele.depose_par) == (MODELE, "charte.pptx", monde.rectorat)
    assert client.get(reverse("modele_de_bilan_fichier")).content == MODELE
    assert "charte.pptx" in client.get(reverse("modele_de_bilan")).content.decode()
    client.force_login(monde.chef)
    reponse = client.get(reverse("bilan_pptx", args=[monde.college.uai]))
    assert reponse["Content-Type"] == PPTX
    assert Presentation(io.BytesIO(reponse.content)).slide_width == Inches(10)
    client.force_login(monde.rectorat)
    assert client.post(reverse("modele_de_bilan"), {"revenir": "1"}).status_code == 302
    assert not ModeleDeBilan.objects.exists()
    client.force_login(monde.chef)
    reponse = client.get(reverse("bilan_pptx", args=[monde.college.uai]))
    assert Presentation(io.BytesIO(reponse.content)).slide_width > Inches(13)


def test_un_modele_refuse_dit_pourquoi_et_ne_change_rien(client, monde):
    client.force_login(monde.rectorat)
    deposer(client, MODELE)
    reponse = deposer(client, b"%PDF-1.7", "charte.pptm")
    assert reponse.status_code == 422
    assert "n&#x27;est pas une présentation .pptx" in reponse.content.decode()
    assert bytes(ModeleDeBilan.objects.get().contenu) == MODELE


def test_l_academie_d_a_cote_n_existe_pas(client, monde):
    client.force_login(monde.rectorat)
    assert client.get(reverse("modele_de_bilan"), {"academie": monde.autre_academie.pk}).status_code == 404
