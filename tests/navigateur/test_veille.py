"""The watch itself: a page that misbehaves is seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.navigateur.conftest import Pesee, Veille, aller_au_clavier, controler

FAUTES = {
    "console": "<script>console.error('faute')</script>",
    "exception": "<script>absente()</script>",
    "third party": "<img src='http://127.0.0.1:9/a.png' alt=''>",
    "404": "<img src='/static/absente.png' alt=''>",
}


@pytest.fixture
def page(browser, adresse) -> Iterator[Page]:
    """Not watched: these pages misbehave on purpose."""
    contexte = browser.new_context(base_url=adresse)
    yield contexte.new_page()
    contexte.close()


@pytest.fixture
def page_nue(page: Page) -> Page:
    page.goto("/aide/")
    return page


@pytest.mark.parametrize("ennui", FAUTES)
def test_la_veille_voit(page, adresse, ennui):
    veille = Veille(adresse)
    veille.suivre(page.context)
    corps = f"<!doctype html><html lang='fr'><title>Faute</title>{FAUTES[ennui]}"
    page.route("**/faute/", lambda route: route.fulfill(body=corps, content_type="text/html"))
    page.goto(adresse + "/faute/", wait_until="networkidle")
    assert [vu for vu in veille.ennuis if vu.startswith(ennui)]


def test_la_veille_voit_la_politique_de_securite(page_nue, adresse):
    veille = Veille(adresse)
    veille.suivre(page_nue.context)
    with page_nue.expect_console_message():
        page_nue.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    assert "style" in veille.ennuis[0]


def test_axe_et_la_largeur_sont_vus(page_nue):
    page_nue.evaluate(
        """() => {
          const image = document.createElement("img");
          image.src = "/static/img/paliers.svg";
          const large = document.createElement("p");
          large.style.width = "3000px";
          large.textContent = "large";
          const pale = document.createElement("p");
          pale.style.color = "#777";
          pale.style.background = "#999";
          pale.textContent = "gris sur gris";
          document.querySelector("main").append(image, large, pale);
        }"""
    )
    fautes = controler(page_nue)
    for debut in (
        *("320px light: image-alt", "1280px light: image-alt", "320px sideways"),
        *("1280px light: color-contrast", "1280px dark: color-contrast"),
    ):
        assert [faute for faute in fautes if faute.startswith(debut)], debut


def test_un_foyer_invisible_ou_hors_d_atteinte_est_vu(page_nue):
    page_nue.evaluate(
        """() => {
          const lien = document.querySelector("main a[href]") || document.querySelector("a[href]");
          lien.style.outline = "none";
          lien.style.boxShadow = "none";
          lien.id = "invisible";
          const bouton = document.createElement("button");
          bouton.tabIndex = -1;
          bouton.textContent = "Hors d'atteinte";
          document.body.append(bouton);
        }"""
    )
    with pytest.raises(AssertionError, match="invisible focus"):
        aller_au_clavier(page_nue, page_nue.get_by_role("button", name="Hors d'atteinte"))
    with pytest.raises(AssertionError, match="out of reach"):
        aller_au_clavier(page_nue, page_nue.get_by_role("button", name="Hors d'atteinte"), fois=1)


def test_la_pesee_compte(page):
    pesee = Pesee(page)
    premiere = pesee.visite(page, "/aide/")
    assert (premiere > 20_000, pesee.demandes >= 3) == (True, True)
    assert 0 < pesee.visite(page, "/aide/") < premiere
