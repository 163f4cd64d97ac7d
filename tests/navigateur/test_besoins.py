"""Keeping a need from the results of the diagnostic, with the keyboard alone, and undoing it."""

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from plans.models import Besoin
from strategie.socle.domain.calendrier import annee_scolaire
from tests.dossier import commencer, repondre_partout, signer
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


def test_retenir_un_besoin_au_clavier_et_l_annuler(ouvrir, monde, referentiel):
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    diagnostic = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
    repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant, sauf={"PIL-1-1": Valeur.non})
    signer(diagnostic, monde.chef, maintenant)
    page = ouvrir(monde.chef)
    page.goto(reverse("diagnostic_resultats", args=[monde.college.uai, annee]))
    condition = page.locator("#manque-PIL-1-1")
    aller_au_clavier(page, condition.get_by_role("button", name="Retenir comme besoin"))
    entrer(page)
    page.wait_for_url(re.compile("#manque-PIL-1-1$"))
    expect(page.get_by_role("status")).to_contain_text("Le besoin est retenu.")
    expect(condition).to_contain_text("Besoin retenu")
    assert controler(page) == []
    aller_au_clavier(page, condition.get_by_role("link", name="Voir les besoins"))
    entrer(page)
    page.wait_for_url(re.compile("/besoins/.*#indicateur-PIL-1-1$"))
    besoin = page.locator("#indicateur-PIL-1-1")
    expect(besoin).to_be_focused()  # the browser goes there by itself, a moment after the page is loaded
    aller_au_clavier(page, besoin.get_by_role("button", name="Mettre à l'ordre du jour"))
    entrer(page)
    expect(besoin).to_contain_text("Ôter de l'ordre du jour")
    assert Besoin.objects.get().a_l_ordre_du_jour is True
    assert controler(page) == []
    page.get_by_role("link", name="L'ordre du jour, à imprimer").click()
    page.emulate_media(media="print")
    expect(page.get_by_text("Imprimez cette page")).to_be_hidden()
    expect(page.locator("#indicateur-PIL-1-1")).to_be_visible()
    page.emulate_media(media="screen")
    page.go_back()
    aller_au_clavier(page, besoin.get_by_role("link", name=re.compile("^Retirer")))
    entrer(page)
    page.wait_for_url(re.compile("/retirer/$"))
    aller_au_clavier(page, page.get_by_role("button", name="Retirer le besoin"))
    entrer(page)
    expect(page.get_by_role("heading", name="Aucun besoin n'est retenu")).to_be_visible()
    assert controler(page) == []
    assert not Besoin.objects.vivants().exists()
