"""Before signing in: public pages, sign-in, error pages."""

import re

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import Pesee, aller_au_clavier, controler, entrer
from tests.personnages import MOT_DE_PASSE

PAGES = [
    "/",
    "/connexion/",
    "/mot-de-passe/oublie/",
    "/aide/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/adresse-inconnue/",
]


@pytest.fixture
def chef(monde):
    monde.chef.set_password(MOT_DE_PASSE)
    monde.chef.save()
    return monde.chef


@pytest.mark.parametrize("chemin", PAGES)
def test_page_publique_accessible(ouvrir, chemin):
    page = ouvrir()
    page.goto(chemin)
    assert controler(page) == []


@pytest.mark.urls("tests.navigateur.adresses")
def test_page_de_panne_accessible(ouvrir):
    page = ouvrir()
    assert page.goto("/panne/").status == 500
    assert controler(page) == []


def test_jeton_perime_dit_quoi_faire(ouvrir, chef):
    page = ouvrir()
    page.goto("/connexion/")
    page.context.clear_cookies()
    page.get_by_label("Adresse électronique").fill(chef.email)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    with page.expect_response("**/connexion/") as reponse:
        page.get_by_role("button", name="Se connecter").click()
    assert reponse.value.status == 403
    assert controler(page) == []


def test_connexion_refusee_accessible(ouvrir, chef):
    page = ouvrir()
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(chef.email)
    page.get_by_label("Mot de passe").fill("pas le bon mot de passe")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert controler(page) == []


def test_connexion_au_clavier(ouvrir, chef):
    page = ouvrir()
    page.goto("/connexion/")
    aller_au_clavier(page, page.get_by_label("Adresse électronique"))
    page.keyboard.type(chef.email)
    aller_au_clavier(page, page.get_by_label("Mot de passe"))
    page.keyboard.type(MOT_DE_PASSE)
    aller_au_clavier(page, page.get_by_role("button", name="Se connecter"))
    entrer(page)
    page.wait_for_url(re.compile(r"/etablissements/0980001U/$"))


def test_le_premier_lien_mene_au_contenu(ouvrir):
    page = ouvrir()
    page.goto("/aide/")
    aller_au_clavier(page, page.get_by_role("link", name="Aller au contenu"))
    entrer(page)
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_connexion_sans_javascript(ouvrir, chef):
    page = ouvrir(java_script_enabled=False)
    page.goto("/connexion/?next=/aide/")
    page.get_by_label("Adresse électronique").fill(chef.email)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    assert page.url.endswith("/aide/")


def test_le_choix_du_sombre_tient_sans_javascript(ouvrir):
    page = ouvrir(java_script_enabled=False)
    page.goto("/aide/")
    page.get_by_role("button", name=re.compile("sombre", re.IGNORECASE)).first.click()
    expect(page.locator("html")).to_have_attribute("data-apparence", "sombre")
    assert page.url.endswith("/aide/")


def test_poids_de_l_accueil(ouvrir):
    page = ouvrir()
    pesee = Pesee(page)
    assert pesee.visite(page, "/") < 150_000
    assert pesee.demandes <= 30
    assert pesee.visite(page, "/") < 30_000
