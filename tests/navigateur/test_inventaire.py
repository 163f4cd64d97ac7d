"""The inventory's list in a real browser: at every width, by keyboard, and without a script: filter, tick, act."""

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from budget.domain.equipements import Tenant, changer_etat_en_lot, preter
from budget.models import Equipement
from tests.budget.parc import des_equipements, referent_de, un_lot, une_salle
from tests.navigateur.conftest import aller_au_clavier, controler, entrer

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def adresse(**parametres) -> str:
    return reverse("inventaire", args=["0980001U"], query=parametres or None)


def un_parc(monde) -> dict[str, list[int]]:
    """More than a page: tablets of a lot, one to repair, one lent; a name that nothing cuts."""
    college = monde.college
    chariot, cdi = une_salle(college, "Chariot 1"), une_salle(college, "CDI")
    numeros = [f"R9TX{rang:04}" for rang in range(60)]
    tablettes = des_equipements(
        college, "Tablette", series=numeros, salle=chariot.pk, lot=un_lot(college).pk, proprietaire="departement"
    )
    des_equipements(college, "Anticonstitutionnellement" * 4, categorie="autre", nombre=25, salle=cdi.pk)
    cles = [ligne.pk for ligne in tablettes]
    ici = {"etablissement": college, "tenant": Tenant(referent_de(college)), "maintenant": timezone.now()}
    changer_etat_en_lot(cles=cles[:1], etat="a_reparer", **ici)
    preter(cles=cles[1:2], a="eleve", jusqu_au=None, **ici)
    return {"tablettes": cles, "cdi": [cdi.pk]}


def test_la_liste_se_lit_a_toutes_les_largeurs(ouvrir, monde):
    un_parc(monde)
    page = ouvrir(monde.chef)
    page.goto(adresse(categorie="tablette", coches="1"))
    for resume in page.locator(".filtres summary").all():
        resume.click()
    assert controler(page) == []
    page.emulate_media(media="print")
    for absent in (".filtres", ".agir", ".cocher"):
        expect(page.locator(absent).first).to_be_hidden()
    expect(page.locator("main")).to_contain_text("R9TX0000")


def test_sans_rien_et_sans_reponse(ouvrir, monde):
    page = ouvrir(monde.chef)
    page.goto(adresse())
    expect(page.get_by_role("heading", level=2)).to_have_text("L'inventaire est encore vide")
    assert controler(page) == []
    un_parc(monde)
    page.goto(adresse(q="introuvable", salle="999"))
    expect(page.get_by_role("status")).to_contain_text("un choix qui n'existe pas ici")
    assert controler(page) == []
    page.get_by_role("link", name="Voir tout l'inventaire").click()
    expect(page.locator("tbody tr")).to_have_count(50)


def test_au_clavier_on_filtre_on_choisit_ses_colonnes_on_tourne_la_page(ouvrir, monde):
    un_parc(monde)
    page = ouvrir(monde.chef)
    page.goto(adresse())
    aller_au_clavier(page, page.get_by_text("Filtrer", exact=True))
    entrer(page)
    aller_au_clavier(page, page.locator(".filtres").get_by_role("link", name=re.compile("^Tablette")))
    entrer(page)
    page.wait_for_url(re.compile("categorie=tablette"))
    aller_au_clavier(page, page.get_by_text("Choisir les colonnes"))
    entrer(page)
    aller_au_clavier(page, page.get_by_label("Prix unitaire"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Afficher ces colonnes"))
    entrer(page)
    page.wait_for_url(re.compile("colonne=prix"))
    expect(page.locator("thead")).to_contain_text("Prix unitaire")
    aller_au_clavier(page, page.get_by_role("link", name="Page suivante"), fois=150)
    entrer(page)
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator("thead")).to_contain_text("Prix unitaire")
    page.get_by_role("link", name="Page précédente").click()
    expect(page.locator("tbody tr")).to_have_count(50)


def test_sur_un_telephone_et_sans_script_filtrer_cocher_agir(ouvrir, monde):
    parc = un_parc(monde)
    page = ouvrir(monde.gestionnaire, java_script_enabled=False, **TELEPHONE)
    page.goto(adresse())
    page.get_by_text("Filtrer", exact=True).tap()
    page.locator(".filtres").get_by_role("link", name=re.compile("^À réparer")).tap()
    expect(page.locator(".filtres-actifs")).to_contain_text("1 ligne")
    page.get_by_label("Cocher Tablette R9TX0000").tap()
    page.get_by_label("Avec les lignes cochées").select_option(label="Changer de salle")
    page.get_by_role("button", name="Continuer").tap()
    page.get_by_label("Où").select_option(label="CDI")
    page.locator("main form").get_by_role("button").last.tap()
    expect(page).to_have_url(re.compile("etat=a_reparer"))
    assert Equipement.objects.get(pk=parc["tablettes"][0]).salle_id == parc["cdi"][0]
    expect(page.locator("tbody tr")).to_contain_text(["CDI"])


def test_ce_qui_est_coche_garde_son_acte_a_portee_de_pouce(ouvrir, monde):
    un_parc(monde)
    page = ouvrir(monde.chef, **TELEPHONE)
    page.goto(adresse(q="tablette"))
    premiere = page.locator("input[name=cles]").first
    continuer = page.get_by_role("button", name="Continuer")
    premiere.scroll_into_view_if_needed()
    expect(continuer).not_to_be_in_viewport()
    premiere.check()
    expect(continuer).to_be_in_viewport()
    boite = page.locator(".cocher label").first.bounding_box()
    assert min(boite["width"], boite["height"]) >= 44
