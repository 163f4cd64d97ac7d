"""Versions of the référentiel in a real browser: what a rectorat reads, changes and publishes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from diagnostic.models import Referentiel
from tests.diagnostic.versions import brouillon_change
from tests.navigateur.conftest import controler


@pytest.fixture
def version(dossier) -> Referentiel:
    monde = dossier.monde
    return brouillon_change(dossier.brouillon.referentiel, monde.academie, monde.rectorat)


PAGES = [
    ("referentiels", []),
    ("referentiel", ["version"]),
    ("referentiel_comparer", ["version"]),
    ("referentiel_publier", ["version"]),
    ("referentiel_indicateur", ["version", "PIL-1-1"]),
    ("referentiel_fusionner", ["version", "PIL"]),
    ("referentiel_correspondances", ["version"]),
    ("referentiel_regles", ["version"]),
]


@pytest.mark.parametrize(("nom", "arguments"), PAGES, ids=[nom for nom, _ in PAGES])
def test_page_accessible(ouvrir, dossier, version, nom, arguments):
    page = ouvrir(dossier.monde.rectorat)
    page.goto(reverse(nom, args=[version.pk if argument == "version" else argument for argument in arguments]))
    assert controler(page) == []


def test_reformuler_et_publier_sans_javascript(ouvrir, dossier, version):
    page = ouvrir(dossier.monde.rectorat, java_script_enabled=False)
    page.goto(reverse("referentiel_indicateur", args=[version.pk, "PIL-1-1"]))
    page.get_by_label("Énoncé").fill("Une personne est chargée du numérique, et chacun sait qui.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("dites si le sens change aussi").first).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Vérifier et publier").click()
    page.get_by_role("button", name="Publier cette version").click()
    expect(page.get_by_text("Publiée le")).to_be_visible()
