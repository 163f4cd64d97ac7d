"""The second look and the journal in a real browser: seen by axe, with the keyboard alone, without JavaScript."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.regards import SaisieRegard, enregistrer_regards
from diagnostic.models import Diagnostic, SecondRegard, Visite
from strategie.socle.domain.calendrier import annee_scolaire
from tests.dossier import commencer, repondre_partout, signer
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


@pytest.fixture
def signe(monde, referentiel) -> Diagnostic:
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    diagnostic = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
    repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant)
    signer(diagnostic, monde.chef, maintenant)
    return diagnostic


def adresse_de(diagnostic: Diagnostic, nom: str, *suite: str) -> str:
    return reverse(nom, args=[diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire, *suite])


def test_donner_un_second_regard_au_clavier(ouvrir, monde, signe):
    page = ouvrir(monde.animatrice)
    page.goto(adresse_de(signe, "regard_champ", "EQU"))
    question = page.locator("#EQU-1-1")
    aller_au_clavier(page, question.get_by_label("Sans avis", exact=True))
    for _ in ("Oui", "En partie"):
        page.keyboard.press("ArrowRight")
    expect(question.get_by_label("En partie", exact=True)).to_be_checked()
    aller_au_clavier(page, question.get_by_text("Commentaire", exact=True))
    entrer(page)
    aller_au_clavier(page, question.get_by_label("Votre commentaire sur EQU-1-1"))
    page.keyboard.type("Deux salles sur trois")
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("button", name="Enregistrer et voir l'ensemble"))
    entrer(page)
    page.wait_for_url(re.compile("/second-regard/#haut$"))
    expect(page.get_by_role("heading", name="1 réponse diffère")).to_be_visible()
    regard = SecondRegard.objects.get()
    assert (regard.indicateur.code, regard.valeur, regard.commentaire) == (
        "EQU-1-1",
        "en_partie",
        "Deux salles sur trois",
    )


def test_l_ecart_se_lit_et_s_imprime(ouvrir, monde, signe):
    enregistrer_regards(
        diagnostic=signe,
        copie=1,
        saisies=[SaisieRegard("PIL-1-1", "non", "Sans_espace" * 60, 0), SaisieRegard("FOR-1-1", "oui", "Bien vu", 0)],
        auteur=monde.animatrice,
        maintenant=timezone.now(),
    )
    page = ouvrir(monde.chef)
    page.goto(adresse_de(signe, "diagnostic_regard"))
    assert controler(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Les écarts")).to_be_visible()
    expect(page.get_by_role("link", name="Aide")).to_be_hidden()


def test_le_journal_sans_javascript(ouvrir, monde):
    page = ouvrir(monde.animatrice, java_script_enabled=False)
    page.goto(reverse("etablissement", args=[monde.college.uai]))
    page.get_by_role("link", name="Lire le journal").click()
    page.get_by_label("Date").fill("2026-03-01")
    page.get_by_label("Objet").fill("Préparer la commission")
    page.get_by_role("button", name="Ajouter au journal").click()
    expect(page.get_by_role("heading", name="Préparer la commission")).to_be_visible()
    page.get_by_role("link", name="Modifier « Préparer la commission »").click()
    page.get_by_label("Conseil donné (facultatif)").fill("Réunir l'équipe.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("article")).to_contain_text("Réunir l'équipe.")
    page.get_by_role("link", name="Retirer « Préparer la commission »").click()
    page.get_by_role("button", name="Retirer la ligne").click()
    expect(page.locator("main")).to_contain_text("Aucune visite n'est notée pour l'instant.")
    assert Visite.objects.count() == 0


def test_les_pages_du_journal(ouvrir, monde):
    page = ouvrir(monde.animatrice)
    page.goto(reverse("journal", args=[monde.college.uai]))
    page.get_by_label("Date").fill("1999-03-01")
    page.get_by_role("button", name="Ajouter au journal").click()
    expect(page.get_by_text("Le journal commence en 2000").first).to_be_visible()
    assert controler(page) == []
