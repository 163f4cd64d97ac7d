"""Results of a survey in a real browser: seen by axe with everything open, from 320 px on; with the keyboard."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.bulletins import Bulletin, Groupe
from diagnostic.domain.enquetes import QuestionPropre, repondre_direction
from diagnostic.domain.urne import deposer, depouiller_enquete
from diagnostic.models import Enquete
from tests.enquetes import porte_de, une_enquete
from tests.navigateur.conftest import aller_au_clavier, controler, entrer

VALEURS = [1, 2, 3, 4, 5, 2, 3, 4, 1, 5, 4, 2]


@pytest.fixture
def depouillee(monde) -> Enquete:
    """Exact figures, a band, a question held back, two groups, écarts, a text without a space."""
    maintenant = timezone.now()
    avant = maintenant - datetime.timedelta(days=100)
    enquete = une_enquete(
        monde.college, monde.chef, avant, propres=[QuestionPropre("La charte aide-t-elle ?", "oui_non")]
    )
    repondre_direction(enquete=enquete, reponses={1: 5, 3: 4, 17: 5}, auteur=monde.chef, maintenant=avant)
    for groupe, decalage in ((Groupe.ENSEIGNANTS, 0), (Groupe.VIE_SCOLAIRE, 2)):
        for rang, valeur in enumerate(VALEURS):
            reponses = {n: VALEURS[(rang + n * decalage) % 12] for n in range(1, 21)} | {2: 5, 4: 0, 17: min(valeur, 2)}
            bulletin = Bulletin(groupe, reponses, {1: rang % 2}, frozenset({rang % 3}), "Mot" * 60 if rang == 1 else "")
            deposer(porte=porte_de(enquete), secret=f"{groupe}{rang}", bulletin=bulletin)
    depouiller_enquete(enquete=enquete, maintenant=maintenant)
    return enquete


def test_les_resultats_se_lisent_partout(ouvrir, monde, depouillee):
    page = ouvrir(monde.chef)
    page.goto(reverse("enquete_resultats", args=[monde.college.uai, depouillee.pk]))
    page.evaluate("document.querySelectorAll('main details').forEach((bloc) => { bloc.open = true; })")
    assert controler(page) == []


COUPES = """[...document.querySelectorAll("main figure, main .defile")]
    .filter((bloc) => bloc.checkVisibility() && bloc.scrollWidth > bloc.clientWidth)
    .map((bloc) => bloc.getAttribute("aria-label") || bloc.textContent.trim())"""
VALEURS_VUES = """[...document.querySelectorAll("svg.moyennes .libelle, svg.moyennes .valeur")].filter((mot) => {
    const [dit, cadre] = [mot.getBoundingClientRect(), mot.closest("figure").getBoundingClientRect()];
    return dit.left >= cadre.left && dit.right <= cadre.right;
}).length"""


@pytest.mark.parametrize("largeur", [320, 390, 575])
def test_sur_un_telephone_rien_n_est_coupe(ouvrir, monde, depouillee, largeur):
    page = ouvrir(monde.chef)
    page.set_viewport_size({"width": largeur, "height": 844})
    page.goto(reverse("enquete_resultats", args=[monde.college.uai, depouillee.pk]))
    assert page.evaluate(COUPES) == []
    assert page.evaluate(VALEURS_VUES) == 2 * page.locator("svg.moyennes .libelle").count() > 0


def test_ouvrir_un_champ_et_retenir_un_ecart_au_clavier(ouvrir, monde, depouillee):
    page = ouvrir(monde.chef)
    page.goto(reverse("enquete_resultats", args=[monde.college.uai, depouillee.pk]))
    bouton = page.locator("section[aria-labelledby=ecarts]").get_by_role("button").first
    aller_au_clavier(page, bouton)
    entrer(page)
    expect(page.locator("main")).to_contain_text("Le besoin est retenu.")
    expect(page.locator("section[aria-labelledby=ecarts]")).to_contain_text("Besoin retenu")
    champ = page.locator("#equipes-PIL")
    aller_au_clavier(page, champ.locator("> summary"))
    entrer(page)
    expect(champ.locator("#equipes-E01")).to_be_visible()


def test_les_textes_se_masquent_et_s_impriment(ouvrir, monde, depouillee):
    page = ouvrir(monde.chef)
    page.goto(reverse("enquete_expressions", args=[monde.college.uai, depouillee.pk]))
    assert controler(page) == []
    page.get_by_role("button", name="Masquer le texte 1").click()
    expect(page.locator("main")).to_contain_text("Le texte est masqué.")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Montrer le texte 1")).to_be_hidden()
    expect(page.get_by_text("MotMot").first).to_be_visible()
