"""A territory's dashboard, its schools and its heat table: keyboard, no JavaScript, 320 px, dark, print."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.pilotage.territoires import des_ecoles, recompter, signer_pour


@pytest.fixture
def district(dossier):
    """Nine schools that have signed, at two paliers."""
    for rang, ecole in enumerate(des_ecoles(dossier.monde, 9, effectif=300)):
        signer_pour(ecole, dossier, Valeur.oui if rang % 3 else Valeur.ne_sait_pas)
    recompter()
    return dossier.monde


def test_du_tableau_aux_etablissements_sans_javascript(ouvrir, district):
    page = ouvrir(district.animatrice, java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("District · District 1")
    page.get_by_role("row", name=re.compile("^Brouillon")).get_by_role("link").click()
    expect(page.get_by_text("1 établissement à ce choix")).to_be_visible()
    page.get_by_role("link", name="Retirer le filtre Brouillon").click()
    expect(page.get_by_text("11 établissements, par ordre")).to_be_visible()
    page.get_by_role("link", name="Carte de chaleur").click()
    page.get_by_role("columnheader", name="Formation").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Formation")).to_have_attribute("aria-sort", "descending")
    premiere = page.locator("tbody tr").first
    expect(premiere.locator("td").nth(1)).to_have_text("3")
    page.get_by_role("columnheader", name="Formation").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Formation")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("tbody tr").first.locator("td").nth(1)).to_contain_text("non établi")
    expect(page.locator("tbody tr").last).to_contain_text("–")


def test_le_tableau_au_clavier(ouvrir, district):
    page = ouvrir(district.rectorat)
    page.goto(reverse("tableau_territoire", args=["district", district.district.pk]))
    page.set_viewport_size({"width": 1280, "height": 900})
    lien = page.get_by_role("row", name=re.compile("^Formation")).first.get_by_role("link").first
    aller_au_clavier(page, lien)
    aller_au_clavier(page, page.locator("section.bloc-paliers summary").first)
    entrer(page)
    expect(page.get_by_text("Chaque établissement compte pour un").first).to_be_visible()
    aller_au_clavier(page, lien, touche="Shift+Tab")
    entrer(page)
    page.wait_for_url(re.compile("/etablissements/"))
    expect(page.locator(".filtre.actif").first).to_contain_text("Formation")


@pytest.mark.parametrize("page_voulue", ["tableau_territoire", "carte_de_chaleur", "etablissements_du_territoire"])
def test_dans_le_noir(ouvrir, district, page_voulue):
    page = ouvrir(district.rectorat, color_scheme="dark")
    page.goto(reverse(page_voulue, args=["academie", district.academie.pk]))
    assert controler(page) == []


def test_la_liste_des_territoires_et_les_calculs(ouvrir, district):
    page = ouvrir(district.rectorat)
    page.goto(reverse("calculs_des_territoires"))
    assert controler(page) == []
    page.goto(reverse("tableau_territoire", args=["nation", 0]))
    assert controler(page) == []
