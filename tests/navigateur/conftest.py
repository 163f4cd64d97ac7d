"""A real browser: Debian's Chromium, on the site served as in production, watched for whatever goes wrong."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from strategie.socle.models import Utilisateur

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS_CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
REGLES_AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
# Contrast is nine tenths of axe's time: colours change with the theme, not with the width.
SANS_LES_COULEURS = REGLES_AXE | {"rules": {"color-contrast": {"enabled": False}}}
LES_COULEURS = REGLES_AXE | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PASSES = [(320, "light", SANS_LES_COULEURS), (1280, "dark", LES_COULEURS), (1280, "light", REGLES_AXE)]
ICI = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests are skipped on a developer's machine, and fail where CI is set."""
    for item in items:
        if ICI in item.path.parents:
            item.add_marker("navigateur")
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": CHROMIUM or "chromium", "args": OPTIONS_CHROMIUM}


@pytest.fixture(scope="session")
def fil_du_serveur(django_db_setup: None) -> Iterator[LiveServerThread]:
    """Django's test server with nothing in front: static files come from the same middleware as in production."""
    fil = LiveServerThread("localhost", static_handler=lambda application: application)
    fil.daemon = True
    fil.start()
    fil.is_ready.wait()
    if fil.error:
        raise fil.error
    yield fil
    fil.terminate()


@pytest.fixture
def adresse(fil_du_serveur: LiveServerThread, transactional_db: None) -> str:
    """The site's address, on the test's own database."""
    return f"http://localhost:{fil_du_serveur.port}"


@pytest.fixture(scope="session", autouse=True)
def des_pages_entieres() -> Iterator[None]:
    """A click of Playwright's waits for the next page to begin; ours, for the whole of it: what is read, pressed or
    judged of half a page is chance.
    """
    clic = Locator.click

    def cliquer(cible: Locator, **options: Any) -> None:
        clic(cible, **options)
        cible.page.wait_for_load_state()

    with pytest.MonkeyPatch.context() as rustine:
        rustine.setattr(Locator, "click", cliquer)
        yield


@dataclass
class Veille:
    """What no page may do; anything noted here fails the test at its end."""

    adresse: str
    ennuis: list[str] = field(default_factory=list)

    def suivre(self, contexte: BrowserContext) -> None:
        contexte.on("console", self.console)
        contexte.on("weberror", lambda erreur: self.ennuis.append(f"exception: {erreur.error}"))
        contexte.on("request", self.demande)
        contexte.on("response", self.reponse)

    def console(self, message: Any) -> None:
        # A refused answer is judged by `reponse`; everything else, CSP violations first, is ours to fix.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.ennuis.append(f"console: {message.text}")

    def demande(self, demande: Any) -> None:
        if not demande.url.startswith((self.adresse, "data:", "blob:")):
            self.ennuis.append(f"third party: {demande.url}")

    def reponse(self, reponse: Any) -> None:
        """Pages and saves may be refused on purpose; what they are made of may not."""
        if reponse.status >= 400 and reponse.request.resource_type not in ("document", "fetch", "xhr"):
            self.ennuis.append(f"{reponse.status}: {reponse.url}")


Ouvrir = Callable[..., Page]


@pytest.fixture
def veille(adresse: str) -> Iterator[Veille]:
    veille = Veille(adresse)
    yield veille
    assert veille.ennuis == []


@pytest.fixture
def ouvrir(browser: Browser, adresse: str, veille: Veille) -> Iterator[Ouvrir]:
    """`ouvrir(qui)`: a watched page, signed in as `qui`; options are Playwright's for a new context."""
    contextes = []

    def ouvrir(qui: Utilisateur | None = None, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", "reduced_motion": "reduce"} | options
        contexte = browser.new_context(base_url=adresse, **options)
        contexte.set_default_timeout(30_000)  # signing lays out a PDF
        veille.suivre(contexte)
        if qui is not None:
            contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_de(qui), "url": adresse}])
        contextes.append(contexte)
        return contexte.new_page()

    yield ouvrir
    for contexte in contextes:
        contexte.close()


def session_de(qui: Utilisateur) -> str:
    client = Client()
    client.force_login(qui)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- What is asked of a page --------------------------------------------------------------------------
def violations_axe(page: Page, regles: dict[str, Any]) -> list[str]:
    """WCAG 2.1 A and AA, one line a fault: rule, element, what to do. « Incomplete » is for people to judge."""
    resultats = Axe().run(page, options=regles).response["violations"]
    return [
        f"{violation['id']}: {noeud['target']} {noeud['html'][:120]} {noeud['failureSummary']}"
        for violation in resultats
        for noeud in violation["nodes"]
    ]


def deborde(page: Page) -> list[str]:
    """The elements that stick out of the window's width, when the page scrolls sideways."""
    return page.evaluate(
        """() => {
          const largeur = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= largeur) return [];
          return [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > largeur + 1)
            .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5);
        }"""
    )


def controler(page: Page) -> list[str]:
    """On the narrowest phone (or at 400 % zoom), in the dark, at a desk; then with text twice as big."""
    fautes = []
    for largeur, theme, regles in PASSES:
        page.set_viewport_size({"width": largeur, "height": 800})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        fautes += [f"{largeur}px {theme}: {faute}" for faute in violations_axe(page, regles)]
        fautes += [f"{largeur}px sideways: {element}" for element in deborde(page)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fautes += [f"text at 200 % sideways: {element}" for element in deborde(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return fautes


FOYER_VISIBLE = """(element) => {
  const style = getComputedStyle(element);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
}"""


def aller_au_clavier(page: Page, cible: Locator, *, touche: str = "Tab", fois: int = 80) -> None:
    """Presses Tab until `cible` has the focus; every stop on the way must be seen. The first press may fall between two
    pages: it is then lost, as a person's would be.
    """
    for rang in range(fois):
        page.keyboard.press(touche)
        actif = page.locator("*:focus")
        if rang == 0 and actif.count() == 0:
            page.wait_for_load_state()
            continue
        assert actif.count() == 1, "the focus has left the page"
        assert actif.evaluate(FOYER_VISIBLE), f"invisible focus: {actif.evaluate('(e) => e.outerHTML')[:200]}"
        if cible.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{cible} is out of reach of the keyboard")


def entrer(page: Page) -> None:
    """Presses Enter where the focus is, and waits for the whole page that it leads to, if it leads to one."""
    page.locator("*:focus").press("Enter")
    page.wait_for_load_state()


class Pesee:
    """Bytes that really came through the network, headers included."""

    def __init__(self, page: Page) -> None:
        self.octets = 0
        self.demandes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self.compter)

    def compter(self, evenement: dict[str, Any]) -> None:
        self.octets += int(evenement["encodedDataLength"])
        self.demandes += evenement["encodedDataLength"] > 0

    def visite(self, page: Page, chemin: str) -> int:
        self.octets = self.demandes = 0
        page.goto(chemin, wait_until="networkidle")
        return self.octets
