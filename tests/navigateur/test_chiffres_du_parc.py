"""The figures of the equipment: read by all, without a script, narrow, in the dark, on paper; lives chosen likewise."""

import datetime
from decimal import Decimal

from django.urls import reverse
from playwright.sync_api import expect

from budget.models import DureeDeVie
from tests.budget.parc import des_equipements
from tests.navigateur.conftest import controler, entrer


def un_parc(monde) -> None:
    monde.college.effectif = 640
    monde.college.save()
    for nombre, categorie, achete, prix in (
        (60, "portable", "2018-09-01", "612.40"),
        (30, "tablette", "2025-09-01", None),
        (8, "videoprojecteur", "2020-01-15", "450"),
        (7, "reseau", None, "890"),
    ):
        des_equipements(
            monde.college,
            categorie=categorie,
            nombre=nombre,
            achete_le=achete and datetime.date.fromisoformat(achete),
            prix=prix and Decimal(prix),
        )


def test_les_chiffres_se_lisent_par_tous(ouvrir, monde):
    un_parc(monde)
    page = ouvrir(monde.chef, java_script_enabled=True)
    page.goto(reverse("chiffres_du_parc", args=[monde.college.uai]))
    for resume in page.get_by_text("Comment c'est calculé").all():
        resume.click()
    assert controler(page) == []
    drawings = page.locator("svg.barres")
    expect(drawings).to_have_count(5)
    expect(drawings.first).to_have_attribute("role", "img")


def test_vide_ou_sans_effectif_la_page_reste_lisible(ouvrir, monde):
    page = ouvrir(monde.chef)
    page.goto(reverse("chiffres_du_parc", args=[monde.college.uai]))
    assert controler(page) == []
    des_equipements(monde.college, nombre=3)
    page.reload()
    expect(page.get_by_text("Le nombre d'élèves n'est pas connu")).to_be_visible()
    assert controler(page) == []


def test_une_collectivite_choisit_une_duree_sans_script(ouvrir, monde):
    page = ouvrir(monde.collectivite_agent, java_script_enabled=False)
    page.goto(reverse("etablissements"))
    page.get_by_role("link", name="Durées de vie des équipements").click()
    page.get_by_label("Durée choisie pour «\u00a0Tablette\u00a0», en années").fill("4")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("Les durées sont enregistrées")
    assert DureeDeVie.objects.get().annees == 4
    page.get_by_role("button", name="Revenir au repère pour «\u00a0Tablette\u00a0»").click()
    assert not DureeDeVie.objects.exists()


def test_la_page_des_durees_se_lit_par_tous(ouvrir, monde):
    page = ouvrir(monde.collectivite_agent)
    page.goto(reverse("durees_de_vie"))
    assert controler(page) == []
    page.get_by_label("Durée choisie pour «\u00a0Tablette\u00a0», en années").fill("quatre")
    page.get_by_role("button", name="Enregistrer les durées").click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n'a été enregistré")
    assert controler(page) == []
