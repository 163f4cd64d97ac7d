"""The budget with the keyboard alone, without JavaScript, at 320 px, in the dark, on paper."""

import re
from decimal import Decimal as D

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from budget.models import DecisionModificative, Financement, LigneBudget
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.test_dbm import une_dbm
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.plans import une_action


def test_une_ligne_au_clavier_puis_ce_qui_la_paie(ouvrir, monde):
    une_action(monde.college, "Former à l'ENT")
    page = ouvrir(monde.chef)
    page.goto(reverse("budget", args=[monde.college.uai]))
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_role("link", name="Ajouter une ligne"))
    entrer(page)
    page.wait_for_url(re.compile("/lignes/ajouter/"))
    assert controler(page) == []
    page.get_by_role("button", name="Ajouter la ligne").click()
    for phrase in ("Dites en quelques mots ce qui sera payé.", "Choisissez une réponse."):
        expect(page.get_by_text(phrase, exact=True)).to_be_visible()
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_label("Ce qui est payé"))
    page.keyboard.type("Formateur à l'ENT")
    aller_au_clavier(page, page.get_by_label("Moyen"))
    page.keyboard.press("ArrowDown")
    aller_au_clavier(page, page.get_by_label("Prévu"))
    page.keyboard.type("1 234,50")
    aller_au_clavier(page, page.get_by_label("Action du plan"))
    page.keyboard.press("ArrowDown")
    aller_au_clavier(page, page.get_by_role("button", name="Ajouter la ligne"))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Formateur à l'ENT")
    assert controler(page) == []
    assert LigneBudget.objects.get().prevu == D("1234.50")
    page.get_by_role("link", name="Noter un financement de cette ligne").click()
    assert controler(page) == []
    page.get_by_role("combobox", name="Financeur").select_option("tne")
    page.get_by_label("De quelle aide").fill("Part de l'État")
    page.get_by_label("Demandé", exact=True).fill("600")
    page.get_by_role("button", name="Noter le financement").click()
    expect(page.get_by_role("status")).to_contain_text("Le financement est noté.")
    assert Financement.objects.get().ligne == LigneBudget.objects.get()


def test_un_budget_se_lit_par_tous_et_sur_papier(ouvrir, monde):
    annee = timezone.localdate().year
    ligne = une_ligne(monde.college, annee, "Licences " + "longues " * 12, prevu=D("12345678.90"), engage=D(12_345_679))
    une_ligne(monde.college, annee, "Bornes", section="investissement", payeur="departement", prevu=D(80))
    un_financement(monde.college, annee, ligne=ligne.pk, demande=D(600), accorde=D(400))
    un_financement(monde.college, annee, "Rallonge", demande=D(90))
    page = ouvrir(monde.chef)
    adresse = reverse("budget", args=[monde.college.uai])
    for choix in ("", "?levier=equipement&section=fonctionnement", f"?annee={annee}-{annee + 1}"):
        page.goto(adresse + choix)
        assert controler(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Ajouter une ligne")).to_be_hidden()
    expect(page.get_by_role("heading", name="Investissement")).to_be_visible()
    page.emulate_media(media="screen")
    for nom, cles in (("ligne", [ligne.pk]), ("ligne_retirer", [ligne.pk]), ("exercice_clore", [annee])):
        page.goto(reverse(nom, args=[monde.college.uai, *cles]))
        assert controler(page) == []
    page.get_by_role("button", name=f"Clore l'exercice {annee}").click()
    expect(page.get_by_role("heading", name="Exercice clos")).to_be_visible()
    assert controler(page) == []
    page.get_by_role("link", name="Le rouvrir, en disant pourquoi").click()
    assert controler(page) == []


def test_une_correction_sans_javascript(ouvrir, monde):
    annee = timezone.localdate().year
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100))
    une_dbm(monde.college, {ligne.pk: D("-20.00")})
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("dbm", args=[monde.college.uai]))
    page.get_by_role("link", name="DBM 1 de").click()
    page.get_by_role("combobox", name="Ligne").select_option(str(ligne.pk))
    page.get_by_label("Montant").fill("-30")
    page.get_by_role("button", name="Enregistrer le mouvement").click()
    expect(page.get_by_role("cell", name="70,00")).to_be_visible()
    page.get_by_role("link", name="Noter son adoption").click()
    page.get_by_role("button", name="Changer les lignes").click()
    expect(page.get_by_role("status")).to_contain_text("est adoptée")
    ligne.refresh_from_db()
    assert ligne.prevu == 70


def test_les_pages_des_corrections_se_lisent_par_tous(ouvrir, monde):
    annee = timezone.localdate().year
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100), engage=D(90))
    decision = une_dbm(monde.college, {ligne.pk: D("-5.00")})
    page = ouvrir(monde.chef)
    for nom, cles in (
        ("dbm", []),
        ("dbm_ajouter", []),
        ("dbm_voir", [decision.pk]),
        ("dbm_adopter", [decision.pk]),
        ("dbm_rejeter", [decision.pk]),
    ):
        page.goto(reverse(nom, args=[monde.college.uai, *cles]))
        assert (nom, controler(page)) == (nom, [])
    page.get_by_role("button", name="Noter le rejet").click()
    assert controler(page) == []
    assert DecisionModificative.objects.get().etat == "rejetee"
    page = ouvrir(monde.collectivite_agent)
    une_ligne(monde.college, annee, "Bornes", payeur="departement", prevu=D(80))
    page.goto(reverse("budget_partage", args=[monde.college.uai]))
    assert controler(page) == []
