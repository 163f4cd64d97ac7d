"""The yearly report with the keyboard, at 320 px, in the dark, on paper; its template, sent without JavaScript."""

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from strategie.pilotage.interfaces.modele_pptx import PPTX, modele_de_paliers
from strategie.pilotage.models import ModeleDeBilan
from tests.dossier import signer
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.plans import une_action_publiee


def test_lire_le_bilan_et_ecrire_son_mot(ouvrir, dossier):
    college = dossier.monde.college
    une_action_publiee(college, "Installer la borne", annee_scolaire=dossier.annee, annee_fin=dossier.annee)
    signer(dossier.brouillon, dossier.monde.chef, timezone.now())
    page = ouvrir(dossier.monde.chef)
    page.goto(reverse("evaluation", args=[college.uai]))
    aller_au_clavier(page, page.get_by_role("link", name="Lire le bilan annuel"))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bilan numérique {dossier.annee}")
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Écrire le mot d'ouverture").click()
    assert controler(page) == []
    page.get_by_label("Ce que vous voulez dire de l'année").fill("Merci à toutes les équipes.")
    page.get_by_role("button", name="Enregistrer le mot").click()
    expect(page.get_by_role("heading", name="Le mot du chef d'établissement")).to_be_visible()
    expect(page.get_by_text("Merci à toutes les équipes.")).to_be_visible()
    with page.expect_download() as recu:
        page.get_by_role("link", name=re.compile("diapositives")).click()
    assert recu.value.suggested_filename == f"bilan-{college.uai}-{dossier.annee}.pptx"


def test_sans_javascript_l_academie_depose_son_modele_puis_revient(ouvrir, monde):
    page = ouvrir(monde.rectorat, java_script_enabled=False)
    page.goto(reverse("modele_de_bilan"))
    page.get_by_role("button", name="Déposer ce modèle").click()
    expect(page.get_by_text("Choisissez une présentation.", exact=True)).to_be_visible()
    fichier = {"name": "charte.pptx", "mimeType": PPTX, "buffer": modele_de_paliers()}
    page.get_by_label("Modèle, au format .pptx").set_input_files(fichier)
    page.get_by_role("button", name="Déposer ce modèle").click()
    expect(page.get_by_text("charte.pptx")).to_be_visible()
    page.get_by_role("button", name="Revenir au modèle de Paliers").click()
    expect(page.get_by_text("C'est le modèle de Paliers qui sert.")).to_be_visible()
    assert not ModeleDeBilan.objects.exists()


def test_la_page_du_modele(ouvrir, monde):
    page = ouvrir(monde.rectorat)
    page.goto(reverse("modele_de_bilan"))
    assert controler(page) == []
