"""The rectorat's pages: opening, following, changing, extending; by keyboard, and without JavaScript."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.models import Campagne
from tests.navigateur.conftest import aller_au_clavier, controler, entrer

AN = timezone.now().year + 2


@pytest.fixture
def campagne(dossier) -> Campagne:
    """With an extension, so that every table has a row."""
    campagne = dossier.brouillon.campagne
    campagne.prolongations.create(
        district=dossier.monde.district,
        date_cloture=campagne.date_cloture + datetime.timedelta(days=10),
        motif="Passage d'un cyclone sur le nord de l'académie, routes coupées pendant plusieurs jours",
        accordee_par=dossier.monde.rectorat,
        accordee_le=timezone.now(),
    )
    return campagne


@pytest.mark.parametrize("nom", ["campagnes", "campagne", "campagne_modifier", "campagne_prolonger"])
def test_page_accessible(ouvrir, dossier, campagne, nom):
    page = ouvrir(dossier.monde.rectorat)
    page.goto(reverse(nom, args=[campagne.pk] if nom != "campagnes" else []))
    assert controler(page) == []


def test_retrait_accessible(ouvrir, dossier, campagne):
    page = ouvrir(dossier.monde.rectorat)
    page.goto(reverse("prolongation_retirer", args=[campagne.pk, campagne.prolongations.get().pk]))
    assert controler(page) == []


def test_ouvrir_une_campagne_au_clavier(ouvrir, dossier):
    page = ouvrir(dossier.monde.rectorat)
    page.goto(reverse("campagnes"))
    page.locator("#id_annee_scolaire").fill(f"{AN}-{AN + 1}")
    page.locator("#id_date_ouverture").fill(f"{AN}-09-15")
    page.locator("#id_date_cloture").fill(f"{AN}-09-01")
    page.locator("#id_jours_de_correction").focus()
    aller_au_clavier(page, page.get_by_role("button", name="Ouvrir la campagne"))
    entrer(page)
    expect(page.get_by_text("La clôture ne peut pas précéder l'ouverture.")).to_be_visible()
    assert page.locator("#id_date_ouverture").input_value() == f"{AN}-09-15"
    page.locator("#id_date_cloture").fill(f"{AN}-12-18")
    page.locator("#id_jours_de_correction").focus()
    aller_au_clavier(page, page.get_by_role("button", name="Ouvrir la campagne"))
    entrer(page)
    expect(page.get_by_role("status")).to_have_text(f"La campagne {AN}-{AN + 1} est ouverte.")


def test_filtrer_sans_javascript(ouvrir, dossier, campagne):
    page = ouvrir(dossier.monde.rectorat, java_script_enabled=False)
    page.goto(reverse("campagne", args=[campagne.pk]))
    liste = page.locator("#etablissements tbody tr")
    assert liste.count() == 3
    page.get_by_label("État").select_option("Brouillon")
    page.get_by_role("button", name="Afficher").click()
    assert liste.all_inner_texts() == [liste.first.inner_text()]
    expect(liste.first).to_contain_text("82 réponses sur 82")
    page.get_by_role("link", name="Tout afficher").click()
    assert liste.count() == 3
