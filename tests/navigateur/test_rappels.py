"""Chasing from the list to the log, with the keyboard alone and without JavaScript; the button that stops an e-mail."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from strategie.pilotage.interfaces.courriels_rappels import jeton_d_arret
from strategie.pilotage.interfaces.taches_des_rappels import envoyer_une_tranche
from strategie.pilotage.models import ArretDeCourriel, Rappel
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.pilotage.campagnes import la_campagne


@pytest.fixture
def campagne(dossier):
    return la_campagne(dossier)


def test_de_l_apercu_au_journal_sans_javascript(ouvrir, monde, campagne):
    page = ouvrir(monde.animatrice, java_script_enabled=False)
    page.goto(reverse("etablissements"))
    page.get_by_role("link", name="Rappels").click()
    page.get_by_role("link", name="Relancer les établissements").click()
    page.get_by_label("Rémi Référent").uncheck()
    page.get_by_label("Ajouter une phrase").fill("Voyez voleur.fr")
    page.get_by_role("button", name="Envoyer aux personnes cochées").click()
    expect(page.get_by_text("N'écrivez ni adresse de site")).to_be_visible()
    expect(page.get_by_label("Rémi Référent")).not_to_be_checked()
    page.get_by_label("Ajouter une phrase").fill("Bon courage à toutes les équipes.")
    page.get_by_role("button", name="Voir le message avec cette phrase").click()
    expect(page.locator(".message-lu blockquote")).to_contain_text("Bon courage à toutes les équipes.")
    expect(page.get_by_label("Rémi Référent")).not_to_be_checked()
    page.get_by_role("button", name="Envoyer aux personnes cochées").click()
    expect(page.get_by_role("status").first).to_contain_text("2\u00a0messages partent")
    expect(page.get_by_text("0 sur 2\u00a0messages envoyés")).to_be_visible()
    envoyer_une_tranche.call("https://paliers.exemple")
    page.get_by_role("link", name="Actualiser").click()
    expect(page.get_by_text("2 sur 2\u00a0messages envoyés")).to_be_visible()
    assert sorted(message.to[0] for message in mail.outbox) == [monde.chef.email, monde.voisin.email]


def test_la_relance_au_clavier(ouvrir, monde, campagne):
    page = ouvrir(monde.rectorat)
    page.goto(reverse("relancer", args=[campagne.pk]))
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_label("Claire Chef"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Envoyer aux personnes cochées"))
    entrer(page)
    page.wait_for_url(re.compile(r"\?relance="))
    assert Rappel.objects.count() == 2
    Rappel.objects.filter(destinataire=monde.voisin).update(etat="echec", motif="adresse refusée")
    page.reload()
    assert controler(page) == []


@pytest.mark.parametrize("nom", ["rappels_reglages", "mes_courriels", "rappels"])
def test_les_autres_pages(ouvrir, monde, campagne, nom):
    page = ouvrir(monde.rectorat)
    page.goto(reverse(nom))
    assert controler(page) == []


def test_arreter_d_un_clic_sans_compte_ni_javascript(ouvrir, monde):
    page = ouvrir(java_script_enabled=False)
    page.goto(reverse("arreter_rappels", args=[jeton_d_arret(monde.chef.pk, "relance")]))
    page.get_by_role("button", name="Ne plus les recevoir").click()
    expect(page.get_by_role("heading", name="C'est fait")).to_be_visible()
    assert ArretDeCourriel.objects.get().utilisateur == monde.chef
