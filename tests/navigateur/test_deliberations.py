"""A board's meeting, its act and its vote with the keyboard alone, without JavaScript, at 320 px, in the dark."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from strategie.pilotage.models import Deliberation
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.pilotage.conseils import d_hier, hier, imprimer, une_deliberation, une_seance, voter


@pytest.fixture(autouse=True)
def impression(monkeypatch):
    """Without laying out a PDF: its own tests do."""
    monkeypatch.setattr("strategie.pilotage.views.deliberations.imprimer_dossier", imprimer)


def test_de_la_seance_au_vote_sans_javascript(ouvrir, monde):
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("evaluation", args=[monde.college.uai]))
    page.get_by_role("link", name="Noter une séance").click()
    page.get_by_label("Date de la séance").fill(hier().isoformat())
    page.get_by_label("Membres en exercice").fill("24")
    page.get_by_label("Membres présents").fill("15")
    page.get_by_role("button", name="Noter la séance").click()
    expect(page.get_by_text("La date de la convocation n'est pas notée.")).to_be_visible()
    page.get_by_role("link", name="Préparer la délibération").click()
    page.get_by_role("button", name="Enregistrer le projet").click()
    expect(page.get_by_role("status")).to_contain_text("Le projet est écrit.")
    page.get_by_role("link", name="Enregistrer le vote").click()
    page.get_by_label("Numéro de l'acte").fill("2031-12")
    page.get_by_label("Pour", exact=True).fill("12")
    page.get_by_label("J'ai relu l'acte").check()
    page.get_by_role("button", name="Enregistrer définitivement").click()
    expect(page.get_by_text("Résultat\u00a0: Adoptée")).to_be_visible()
    assert Deliberation.objects.get().dossier_vote.vote


def test_le_vote_au_clavier(ouvrir, monde):
    acte = une_deliberation(monde.college)
    page = ouvrir(monde.chef)
    page.goto(reverse("deliberation", args=[monde.college.uai, acte.pk]))
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_role("link", name="Enregistrer le vote"))
    entrer(page)
    page.wait_for_url(re.compile("/voter/"))
    assert controler(page) == []
    page.get_by_role("button", name="Enregistrer définitivement").click()
    expect(page.get_by_text("Donnez le numéro de l'acte.").first).to_be_visible()
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_label("Numéro de l'acte"))
    page.keyboard.type("2031-12")
    aller_au_clavier(page, page.get_by_label("Pour", exact=True))
    page.keyboard.type("12")
    aller_au_clavier(page, page.get_by_label("J'ai relu l'acte"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Enregistrer définitivement"))
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("Le vote est enregistré.")
    assert controler(page) == []


def test_les_pages_du_conseil_se_lisent_par_tous(ouvrir, monde):
    longue = "Stratégie " + "numérique " * 20
    seance = une_seance(monde.college, d_hier(convoquee_le=hier()))
    projet = une_deliberation(monde.college, seance, objet=longue)
    vote, libre = voter(une_deliberation(monde.college)), une_seance(monde.college)
    page = ouvrir(monde.chef)
    for nom, cles in (
        ("evaluation", []),
        ("conseil_seance_ajouter", []),
        ("conseil_seance_modifier", [seance.pk]),
        ("deliberation_ajouter", []),
        ("deliberation", [projet.pk]),
        ("deliberation_modifier", [projet.pk]),
        ("deliberation_retirer", [projet.pk]),
        ("conseil_seance_retirer", [libre.pk]),
        ("deliberation", [vote.pk]),
        ("deliberation_dates", [vote.pk]),
        ("historique", ["deliberation", vote.pk]),
    ):
        page.goto(reverse(nom, args=[monde.college.uai, *cles]))
        assert (nom, controler(page)) == (nom, [])
    page = ouvrir(monde.rectorat)
    page.goto(reverse("regles_du_conseil"))
    assert controler(page) == []
