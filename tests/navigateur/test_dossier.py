"""The board's file with the keyboard, at 320 px, in the dark, on paper: prepared, seen, made; a file checked."""

import datetime

from django.urls import reverse
from playwright.sync_api import expect

from strategie.pilotage.models import Dossier
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.pilotage.dossiers import une_ecole_pleine


def test_preparer_voir_faire_un_dossier(ouvrir, dossier):
    college = dossier.monde.college
    une_ecole_pleine(college)
    page = ouvrir(dossier.monde.chef)
    page.goto(reverse("evaluation", args=[college.uai]))
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_role("link", name="Préparer un dossier"))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparer le dossier du conseil")
    assert controler(page) == []
    page.get_by_label("Le rapport du chef d'établissement", exact=False).last.fill("Mesdames, Messieurs.")
    page.get_by_label("Exercice budgétaire").fill(str(datetime.date(2031, 1, 1).year))
    page.get_by_role("button", name="Voir l'aperçu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("aperçu")
    expect(page.get_by_text("Mesdames, Messieurs.")).to_be_visible()
    assert controler(page) == []
    assert not Dossier.objects.exists()
    page.go_back()
    page.get_by_role("button", name="Faire le dossier").click()
    expect(page.get_by_role("link", name="Télécharger le PDF")).to_be_visible()
    assert controler(page) == []
    assert Dossier.objects.get().exercice == 2031


def test_verifier_un_dossier_sans_compte(ouvrir, dossier):
    page = ouvrir()
    page.goto(reverse("verifier_dossier"))
    assert controler(page) == []
    page.get_by_label("Le dossier, en PDF").set_input_files(
        {"name": "autre.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 autre"}
    )
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("heading", name="Ce fichier n'est pas un dossier intact de Paliers")).to_be_visible()
    assert controler(page) == []
