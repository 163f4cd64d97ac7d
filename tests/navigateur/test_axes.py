"""From a need to an axe with the keyboard alone, and the matrix on a phone and on paper."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from plans.models import Axe
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.plans import cette_annee, un_axe, un_besoin, un_constat, une_action_publiee


def test_d_un_besoin_a_un_axe_au_clavier(ouvrir, monde):
    un_besoin(monde.college, "Un réseau qui tient", constats=[un_constat(monde.college)], theme="acces")
    page = ouvrir(monde.chef)
    page.goto(reverse("besoins", args=[monde.college.uai]))
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_role("link", name=re.compile("^Ouvrir un axe pour")))
    entrer(page)
    page.wait_for_url(re.compile("/axes/ouvrir/"))
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("textbox", name="Quoi", exact=True))
    page.keyboard.type("Fiabiliser le réseau")
    aller_au_clavier(page, page.get_by_role("button", name="Ouvrir cet axe"))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiabiliser le réseau")
    axe = Axe.objects.get()
    assert [str(besoin) for besoin in axe.besoins.all()] == ["Un réseau qui tient"]
    une_action_publiee(monde.college, axes=[axe])
    page.reload()
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("link", name="Retirer l'axe"))
    entrer(page)
    expect(page.get_by_text("ne sert que cet axe")).to_be_visible()
    assert controler(page) == []


def test_le_quatrieme_axe_demande_sa_raison(ouvrir, monde):
    for rang in (1, 2, 3):
        un_axe(monde.college, f"Axe {rang}")
    page = ouvrir(monde.chef)
    page.goto(reverse("axes", args=[monde.college.uai]))
    assert controler(page) == []
    page.get_by_role("link", name="Ouvrir un axe").click()
    page.get_by_role("textbox", name="Quoi", exact=True).fill("Un de plus")
    page.get_by_label("Thème").select_option("acces")
    page.get_by_role("button", name="Ouvrir cet axe").click()
    expect(page.get_by_role("alert")).to_contain_text("Pourquoi un axe de plus")
    assert controler(page) == []
    page.get_by_label("Pourquoi un axe de plus").fill("Une crue a noyé le local réseau.")
    page.get_by_role("button", name="Ouvrir cet axe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un de plus")


def test_une_ligne_de_la_matrice_au_clavier_puis_sur_papier(ouvrir, monde):
    page = ouvrir(monde.chef)
    matrice = reverse("matrice", args=[monde.college.uai])
    page.goto(matrice)
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_role("link", name="Ajouter une ligne"))
    entrer(page)
    page.wait_for_url(re.compile("/relier/"))
    assert controler(page) == []
    for libelle, texte in {
        "Nouveaux irritants": "Peu d'usage parfois\nTemps d'appropriation",
        "Nouveaux besoins": "Écouter les utilisateurs",
        "Nouveaux axes": "Les associer au plan",
    }.items():
        page.get_by_label(libelle).fill(texte)
    page.get_by_label("Qui le dit").select_option("eleves")
    page.get_by_label("Thème").select_option("gouvernance")
    aller_au_clavier(page, page.get_by_role("button", name="Relier"))
    entrer(page)
    expect(page.get_by_role("table")).to_contain_text("Écouter les utilisateurs")
    assert controler(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    expect(page.get_by_role("region", name=re.compile("^Besoins et axes"))).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name=re.compile("^Relier, délier"))).to_be_hidden()
    expect(page.get_by_role("cell", name="Les associer au plan")).to_be_visible()
    largeur, hauteur = format_de_page(page.pdf(prefer_css_page_size=True))
    assert largeur > hauteur, "the matrix is printed on a sheet that lies"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name=re.compile("^Relier, délier")).click()
    expect(page.get_by_role("heading", name="Liens de cette ligne")).to_be_visible()
    assert controler(page) == []
    page.get_by_role("button", name=re.compile("^Délier « Temps d'appropriation »".replace(" ", r"\s"))).click()
    expect(page.get_by_role("status")).to_contain_text("Le lien est défait.")
    assert controler(page) == []


def format_de_page(pdf: bytes) -> tuple[float, float]:
    """Of the first sheet, in points."""
    cadre = re.search(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert cadre is not None
    return float(cadre[1]), float(cadre[2])


def test_ecrire_et_modifier_un_besoin(ouvrir, monde):
    un_constat(monde.college, "Le Wi-Fi coupe " + "souvent " * 20)
    page = ouvrir(monde.chef)
    page.goto(reverse("besoin_ajouter", args=[monde.college.uai]) + f"?annee={cette_annee(monde.college)}")
    assert controler(page) == []
    page.get_by_role("button", name="Ajouter ce besoin").click()
    expect(page.get_by_role("alert")).to_contain_text("Dites en quelques mots quel est ce besoin.")
    assert controler(page) == []
    page.get_by_role("textbox", name="Besoin", exact=True).fill("Un réseau qui tient")
    page.get_by_label(re.compile("Irritant")).check()
    page.get_by_role("button", name="Ajouter ce besoin").click()
    expect(page.get_by_text("Adossé à un fait")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Retirer")).click()
    assert controler(page) == []
