"""Answering a survey on a phone: with and without JavaScript, interrupted and taken up again."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain import urne
from diagnostic.domain.bulletins import Bulletin, Groupe
from diagnostic.domain.enquetes import QuestionPropre
from diagnostic.models import BulletinScelle, Enquete
from tests.enquetes import une_enquete
from tests.navigateur.conftest import aller_au_clavier, controler, entrer

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
GARDER = "Garder mes réponses sur cet appareil si je m'interromps"
CLES_GARDEES = "Object.keys(localStorage).filter((nom) => nom.startsWith('paliers.'))"
CIBLES = ".echelle .reponse, main .btn, main .form-check, main input[type=text]"
PETITES_CIBLES = f"""() => [...document.querySelectorAll("{CIBLES}")]
  .filter((e) => e.getBoundingClientRect().height < 44 && e.offsetParent !== null)
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def enquete(monde) -> Enquete:
    propres = [QuestionPropre("Quel créneau\u00a0?", "choix", ("Midi", "Soir"))]
    return une_enquete(monde.college, monde.chef, timezone.now(), propres=propres)


def bulletins() -> list[Bulletin]:
    return urne._ouvrir(Enquete.objects.get())


def aller_aux_questions(page, enquete: Enquete) -> None:
    page.goto(f"/enquete/#{enquete.code[:4]}-{enquete.code[4:8]}-{enquete.code[8:]}")
    page.get_by_label("Enseignants").check()
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos réponses")


def question(page, numero: int):
    return page.locator("fieldset[data-question]").nth(numero - 1)


def test_du_qr_code_au_merci_sur_un_telephone(ouvrir, enquete):
    page = ouvrir(**TELEPHONE)
    page.goto(f"/enquete/#{enquete.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Avant de commencer")
    assert page.evaluate("location.href").endswith("/enquete/")
    page.go_back()
    assert page.evaluate("location.href") == "about:blank"  # the address with its code is nowhere in the history
    page.goto(f"/enquete/#{enquete.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Avant de commencer")
    assert controler(page) == []
    page.set_viewport_size(TELEPHONE["viewport"])
    assert page.evaluate(PETITES_CIBLES) == []
    page.goto("/enquete/#ABCDEFGHJKMN")  # another link over this page: only its anchor changes
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce code n'ouvre aucune enquête.")
    page.goto(f"/enquete/#{enquete.code}")
    page.get_by_label("Vie scolaire").check()
    page.get_by_role("button", name="Commencer").click()
    progres = page.locator("[data-avance] [role=status]")
    expect(progres).to_have_text("0 sur 21")
    question(page, 1).get_by_label("Plutôt d'accord").check()
    question(page, 2).get_by_label("Sans avis").check()
    expect(progres).to_have_text("2 sur 21")
    page.get_by_label("Votre texte (facultatif)").fill("Le réseau. M. Durand.")
    expect(page.locator("[data-reste]")).to_have_text("Il reste 379 caractères.")
    assert page.evaluate(PETITES_CIBLES) == []
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("#texte-avis")).to_contain_text("M. Durand")
    expect(progres).to_have_text("2 sur 21")
    assert controler(page) == []
    page.get_by_label("Votre texte (facultatif)").fill("Le réseau.")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.wait_for_url("**/enquete/merci/")
    assert controler(page) == []
    assert page.context.cookies() == []
    assert bulletins() == [Bulletin(Groupe.VIE_SCOLAIRE, {1: 4, 2: 0}, texte="Le réseau.")]


def test_sans_javascript_et_au_clavier(ouvrir, enquete):
    page = ouvrir(java_script_enabled=False, **TELEPHONE)
    page.goto(f"/enquete/#{enquete.code}")
    expect(page.get_by_text("le code est la fin de l'adresse")).to_be_visible()
    page.get_by_label("Code de l'enquête").fill(enquete.code.lower())
    entrer(page)
    page.get_by_label("Enseignants").check()
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_label(GARDER)).to_be_hidden()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("alert")).to_contain_text("Vous n'avez encore répondu à rien")
    question(page, 21).get_by_label("Soir").check()
    page.get_by_label("Votre texte (facultatif)").fill("Au 06 12 34 56 78")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.get_by_label("Envoyer quand même ce texte tel qu'il est").check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    assert page.url.endswith("/enquete/merci/")
    assert bulletins() == [Bulletin(Groupe.ENSEIGNANTS, {}, {1: 1}, texte="Au 06 12 34 56 78")]


def test_interrompu_repris_efface_envoye(ouvrir, enquete):
    """A draft is kept only when asked, holds neither code nor group, and goes with the button or with the sending."""
    page = ouvrir(**TELEPHONE)
    aller_aux_questions(page, enquete)
    question(page, 1).get_by_label("Tout à fait d'accord").check()
    assert page.evaluate(CLES_GARDEES) == []
    page.get_by_label(GARDER).check()
    question(page, 3).get_by_label("Plutôt pas d'accord").check()
    page.get_by_label("Comprendre l'intelligence artificielle et encadrer son usage").check()
    page.get_by_label("Votre texte (facultatif)").fill("Du temps")
    cle = page.locator("input[name=cle]").get_attribute("value")
    (nom,) = page.evaluate(CLES_GARDEES)
    garde = page.evaluate("(nom) => localStorage.getItem(nom)", nom)
    assert (enquete.code in nom + garde, "enseignants" in garde, cle in garde) == (False, False, True)

    page.reload()
    expect(question(page, 3).get_by_label("Plutôt pas d'accord")).to_be_checked()
    aller_aux_questions(page, enquete)  # another day
    expect(page.get_by_text("Les réponses gardées sur cet appareil sont revenues.")).to_be_visible()
    expect(page.locator("[data-avance] [role=status]")).to_have_text("2 sur 21")
    expect(question(page, 1).get_by_label("Tout à fait d'accord")).to_be_checked()
    expect(page.get_by_label("Votre texte (facultatif)")).to_have_value("Du temps")
    expect(page.locator("input[name=cle]")).to_have_value(cle)
    page.get_by_role("button", name="Effacer de cet appareil").click()
    expect(page.get_by_label(GARDER)).to_be_focused()
    assert page.evaluate(CLES_GARDEES) == []
    expect(page.locator("input[name=cle]")).not_to_have_value(cle)
    expect(page.get_by_label("Votre texte (facultatif)")).to_have_value("Du temps")

    page.get_by_label(GARDER).check()
    page.get_by_label("Votre texte (facultatif)").fill("À jean@exemple.fr")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.locator("#erreurs")).to_be_focused()
    assert page.evaluate(CLES_GARDEES) == [nom]  # refused: nothing is lost yet
    page.get_by_label("Votre texte (facultatif)").fill("Du temps")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.wait_for_url("**/enquete/merci/")
    assert page.evaluate(CLES_GARDEES) == []
    assert bulletins() == [Bulletin(Groupe.ENSEIGNANTS, {1: 5, 3: 2}, {}, frozenset({6}), "Du temps")]

    hier = (timezone.now() - datetime.timedelta(days=2)).date().isoformat()
    page.evaluate("([nom, jusqu]) => localStorage.setItem(nom, JSON.stringify({jusqu, champs: []}))", [nom, hier])
    page.goto("/enquete/")
    assert page.evaluate(CLES_GARDEES) == []


def test_au_clavier_et_sans_se_perdre(ouvrir, enquete):
    page = ouvrir()
    page.goto("/enquete/")
    aller_au_clavier(page, page.get_by_label("Code de l'enquête"))
    page.keyboard.type(enquete.code)
    entrer(page)
    page.wait_for_selector("text=Avant de commencer")
    aller_au_clavier(page, page.get_by_label("Enseignants"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Commencer"))
    entrer(page)
    page.wait_for_selector("h1:has-text('Vos réponses')")
    aller_au_clavier(page, question(page, 1).get_by_label("Pas du tout d'accord"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    aller_au_clavier(page, page.get_by_role("button", name="Envoyer mes réponses"))
    entrer(page)
    page.wait_for_url(re.compile("/enquete/merci/$"))
    assert [bulletin.reponses for bulletin in bulletins()] == [{1: 3}]
    assert BulletinScelle.objects.count() == 1
    page.goto("/enquete/anonymat/")
    assert controler(page) == []
