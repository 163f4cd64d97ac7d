"""Signed in: dashboard, diagnostic, team, lists and refusals, each under axe, narrow and wide, light and dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diagnostic.models import Reponse
from tests.navigateur.conftest import Pesee, aller_au_clavier, controler, entrer
from tests.parcours.test_matrice import annee, champ, indicateur, jeton, preuve, signee, uai

PAGES = {
    "etablissement": ("chef", uai),
    "etablissements": ("animatrice", lambda dossier: ()),
    "equipe": ("chef", uai),
    "compte": ("chef", lambda dossier: ()),
    "account_change_password": ("chef", lambda dossier: ()),
    "account_logout": ("chef", lambda dossier: ()),
    "invitation": (None, jeton),
    "diagnostic": ("chef", uai),
    "diagnostic_champ": ("chef", champ),
    "diagnostic_preuves": ("chef", indicateur),
    "preuve_retirer": ("chef", preuve),
    "diagnostic_verifier": ("chef", annee),
    "diagnostic_resultats": ("chef", signee),
    "diagnostic_rouvrir": ("chef", signee),
}


def aller(ouvrir, dossier, nom, qui="chef", **options):
    page = ouvrir(qui and getattr(dossier.monde, qui), **options)
    page.goto(reverse(nom, args=PAGES[nom][1](dossier)))
    return page


@pytest.mark.parametrize("nom", PAGES)
def test_page_accessible(ouvrir, dossier, nom):
    page = aller(ouvrir, dossier, nom, PAGES[nom][0])
    assert controler(page) == []


@pytest.mark.parametrize(("qui", "statut"), [("collectivite_agent", 403), ("voisin", 404)])
def test_refus_accessible(ouvrir, dossier, qui, statut):
    page = ouvrir(getattr(dossier.monde, qui))
    assert page.goto(reverse("diagnostic", args=uai(dossier))).status == statut
    assert controler(page) == []


def test_ecole_sans_rien_accessible(ouvrir, monde):
    """The empty states: no campaign, no diagnostic, nobody to list."""
    page = ouvrir(monde.voisin)
    for nom in ("etablissement", "diagnostic", "equipe"):
        page.goto(reverse(nom, args=[monde.voisin_college.uai]))
        assert controler(page) == []
    page = ouvrir(monde.sans_affectation)
    page.goto("/")
    assert controler(page) == []


def test_invitation_en_erreur_accessible_et_saisie_gardee(ouvrir, dossier):
    page = aller(ouvrir, dossier, "equipe")
    formulaire = page.locator("form", has=page.locator("[name=email]"))
    formulaire.locator("[name=email]").evaluate("(champ) => { champ.type = 'text'; }")
    formulaire.locator("[name=email]").fill("pas une adresse")
    formulaire.get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("[name=email]").input_value() == "pas une adresse"
    assert controler(page) == []


def test_du_tableau_de_bord_au_champ_au_clavier(ouvrir, dossier):
    """The loop leads to the diagnostic, and a first answer is given, without a mouse."""
    Reponse.objects.filter(diagnostic=dossier.brouillon).update(valeur="")
    page = aller(ouvrir, dossier, "etablissement")
    aller_au_clavier(page, page.get_by_role("link", name="Reprendre le diagnostic").first)
    entrer(page)
    page.wait_for_url("**/champs/**")
    choix = page.get_by_role("radio", name="Oui").first
    aller_au_clavier(page, page.get_by_role("radio").first)
    with page.expect_response("**/reponses/**") as enregistree:  # else its saving meets the end of the test
        page.keyboard.press("Space")
    expect(choix).to_be_checked()
    assert enregistree.value.ok


def test_poids_de_la_page_d_un_champ(ouvrir, dossier):
    page = ouvrir(dossier.monde.chef)
    pesee = Pesee(page)
    chemin = reverse("diagnostic_champ", args=champ(dossier))
    assert pesee.visite(page, chemin) < 150_000
    assert pesee.demandes <= 30
    assert pesee.visite(page, chemin) < 30_000
