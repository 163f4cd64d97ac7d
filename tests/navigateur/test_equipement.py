"""Thirty tablets arrive, are found on their sheet, and leave in part: with the keyboard alone, on every width."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from budget.models import Equipement
from tests.budget.parc import des_equipements, une_salle
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


def test_des_tablettes_arrivent_au_clavier(ouvrir, monde):
    page = ouvrir(monde.referent)
    page.goto(reverse("salles", args=[monde.college.uai]))
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("link", name="Ajouter des salles"))
    entrer(page)
    expect(page.get_by_role("heading", name="Ajouter des salles")).to_be_visible()
    aller_au_clavier(page, page.get_by_label("Noms des salles"))
    page.keyboard.insert_text("B12\nCDI")
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("button", name="Ajouter"))
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("2 salles sont ajoutées.")
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("link", name="B12"))
    entrer(page)
    expect(page.get_by_role("heading", name="B12")).to_be_visible()
    aller_au_clavier(page, page.get_by_role("link", name="Ajouter ici"))
    entrer(page)
    expect(page.get_by_role("heading", name="Ajouter à l'inventaire")).to_be_visible()
    aller_au_clavier(page, page.get_by_label("Désignation"))
    page.keyboard.insert_text("Tablette 10 pouces")
    aller_au_clavier(page, page.get_by_label("Numéros de série"))
    page.keyboard.insert_text("A1\nA2\na1")
    aller_au_clavier(page, page.get_by_role("button", name="Ajouter"))
    entrer(page)
    expect(page.get_by_role("alert")).to_contain_text("Donné deux fois")
    expect(page.get_by_label("Numéros de série")).to_have_value("A1\nA2\na1")
    assert controler(page) == []
    page.get_by_label("Numéros de série").fill("A1\nA2")
    page.get_by_label("Catégorie").select_option("tablette")
    page.get_by_label("ou un nouveau lot").fill("Deux tablettes")
    aller_au_clavier(page, page.get_by_role("button", name="Ajouter"))
    entrer(page)
    expect(page.get_by_role("heading", name="Deux tablettes")).to_be_visible()
    assert {ligne.salle.nom for ligne in Equipement.objects.select_related("salle")} == {"B12"}
    assert controler(page) == []


def test_trois_sur_trente_sortent_au_clavier(ouvrir, monde):
    (ligne,) = des_equipements(monde.college, nombre=30, salle=une_salle(monde.college).pk)
    page = ouvrir(monde.referent)
    page.goto(reverse("equipement", args=[monde.college.uai, ligne.pk]))
    assert controler(page) == []
    page.get_by_label("Ce qui lui arrive").select_option("sortir")
    aller_au_clavier(page, page.get_by_role("button", name="Continuer"))
    entrer(page)
    expect(page.get_by_role("heading", level=1, name="Sortir de l'inventaire")).to_be_visible()
    assert controler(page) == []
    page.get_by_label("Combien").fill("3")
    page.get_by_label("Où cela va-t-il").select_option("deee")
    page.get_by_role("link", name="Ne rien changer").focus()  # Chromium hides the inside of a date from its page
    aller_au_clavier(page, page.get_by_role("button", name="Sortir de l'inventaire"), touche="Shift+Tab")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text(re.compile("3\\s*équipements"))
    assert list(Equipement.objects.order_by("pk").values_list("nombre", "etat")) == [(27, "reutilisable"), (3, "sorti")]
    assert controler(page) == []
