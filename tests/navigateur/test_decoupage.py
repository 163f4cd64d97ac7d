"""Districts drawn with the keyboard, on a phone, without JavaScript; the map of a territory read by everybody."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from strategie.socle.models import Etablissement
from strategie.socle.rules import lettre_uai
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.personnages import un_etablissement
from tests.pilotage.test_districts import ranger


def situer(monde):
    Etablissement.objects.filter(pk=monde.college.pk).update(latitude=48.1, longitude=-1.6)
    Etablissement.objects.filter(pk=monde.voisin_college.pk).update(latitude=48.3, longitude=-1.2)


@pytest.mark.parametrize("largeur", [390, 1280])
def test_dessiner_par_liste_sans_javascript(ouvrir, monde, largeur):
    page = ouvrir(monde.rectorat, java_script_enabled=False, viewport={"width": largeur, "height": 800})
    page.goto(reverse("etablissements"))
    page.get_by_role("link", name="Découpage de l'académie").click()
    page.get_by_role("link", name="District 1").click()
    page.get_by_role("link", name="Choisir ses établissements").click()
    page.get_by_label("Nom, commune ou UAI").fill("lointain")
    page.get_by_role("button", name="Afficher").click()
    page.get_by_label(re.compile("Collège lointain")).check()
    page.get_by_role("button", name="Les mettre ici…").click()
    expect(page.get_by_text("1 établissement change de place")).to_be_visible()
    expect(page.get_by_text("Alain Lointain ne suivra plus 1 établissement.")).to_be_visible()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("status")).to_contain_text("1 établissement a changé de place")
    assert Etablissement.objects.get(pk=monde.lointain.pk).district == monde.district
    page.get_by_role("link", name="Annuler le dernier mouvement").click()
    page.get_by_role("button", name="Annuler ce mouvement").click()
    expect(page.get_by_role("status")).to_contain_text("Le mouvement est annulé.")
    assert Etablissement.objects.get(pk=monde.lointain.pk).district == monde.autre_district


def test_creer_et_confier_au_clavier(ouvrir, monde):
    page = ouvrir(monde.rectorat)
    page.goto(reverse("districts_dessines"))
    aller_au_clavier(page, page.get_by_role("link", name="Créer un district"))
    entrer(page)
    page.wait_for_url(re.compile("/creer/"))
    aller_au_clavier(page, page.get_by_label("Nom"))
    page.keyboard.type("Vallée")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("est créé")
    page.get_by_role("link", name="Vallée").click()
    page.get_by_role("link", name="Confier à un animateur").click()
    page.wait_for_url(re.compile("/confier/"))
    aller_au_clavier(page, page.get_by_label("Ou son adresse électronique professionnelle"))
    page.keyboard.type("anne.animatrice@exemple.invalid")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("Anne Animatrice suit")


def test_les_pages_du_decoupage_se_lisent_par_tous(ouvrir, monde):
    ranger(monde.academie, {monde.lointain.pk: "Un nom de district vraiment très long pour un téléphone étroit"})
    mouvement = ranger(monde.academie, {monde.lointain.pk: "District 1"}, auteur=monde.rectorat)
    Etablissement.objects.filter(pk=monde.college.pk).update(bassin="RENNES")
    cle, code = monde.district.pk, monde.academie.code
    page = ouvrir(monde.rectorat)
    for nom, cles in (
        ("districts_dessines", []),
        ("district_creer", [code]),
        ("reglages_des_districts", [code]),
        ("districts_par_fichier", [code]),
        ("districts_du_registre", [code]),
        ("mouvement_annuler", [code, mouvement.pk]),
        ("district_dessine", [cle]),
        ("district_historique", [cle]),
        ("district_supprimer", [cle]),
        ("district_dessiner", [cle]),
        ("district_par_commune", [cle]),
        ("district_confier", [cle]),
        ("district_retirer", [cle, monde.animatrice.affectations.get().pk]),
    ):
        page.goto(reverse(nom, args=cles))
        assert (nom, controler(page)) == (nom, [])


def test_un_fichier_refuse_puis_sa_prevision_se_lisent_par_tous(ouvrir, monde):
    page = ouvrir(monde.rectorat)
    page.goto(reverse("districts_par_fichier", args=[monde.academie.code]))
    contenu = b"UAI;District\n0980001U;Nord\n0970001Z;Nord\n0980001U;Sud\n"
    envoi = {"name": "districts.csv", "mimeType": "text/csv", "buffer": contenu}
    page.get_by_label("Tableau des établissements").set_input_files(envoi)
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.get_by_text("Rien n'est écrit")).to_be_visible()
    assert controler(page) == []
    page.get_by_label("Tableau des établissements").set_input_files(envoi | {"buffer": contenu[:27]})
    page.get_by_label("Créer les districts").check()
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.get_by_text("1 établissement change de place")).to_be_visible()
    page.get_by_text("Établissement par établissement").click()
    assert controler(page) == []


# Marks grow on a phone: each stays where its school is, inside the drawing.
MARQUES_DEHORS = """() => {
  const carte = document.querySelector(".geo").getBoundingClientRect();
  return [...document.querySelectorAll(".geo a")].filter((lien) => {
    const place = lien.getBoundingClientRect();
    const [, x, y] = lien.getAttribute("transform").match(/(\\d+) (\\d+)/).map(Number);
    const echelle = carte.width / 672;
    return Math.abs(place.x + place.width / 2 - carte.x - x * echelle) > 4
      || Math.abs(place.y + place.height / 2 - carte.y - y * echelle) > 4;
  }).length;
}"""


# --- The map ---------------------------------------------------------------------------------------------------------
def test_la_carte_se_lit_par_tous(ouvrir, dossier):
    monde = dossier.monde
    situer(monde)
    page = ouvrir(monde.animatrice)
    for suite in ("", "?champ=PIL"):
        page.goto(reverse("carte_du_territoire", args=["district", monde.district.pk]) + suite)
        assert (suite, controler(page)) == (suite, [])
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate(MARQUES_DEHORS) == 0
    page.set_viewport_size({"width": 1280, "height": 900})
    marque = page.get_by_role("link", name=re.compile("Collège voisin, Saint-Exemple"))
    aller_au_clavier(page, marque)
    entrer(page)
    page.wait_for_url(re.compile("0980002V"))


def test_une_grande_carte_s_ouvre_de_plus_en_plus_pres(ouvrir, monde):
    ici = monde.college.departement
    for numero in range(320):
        un_etablissement(
            f"{(n := f'098{numero + 1000:04}')}{lettre_uai(n)}", f"École {numero}", ici, type="ecole",
            commune=f"Commune {numero % 40}", latitude=48 + numero % 20 / 30, longitude=-2 + numero // 20 / 20,
        )  # fmt: skip
    page = ouvrir(monde.rectorat, java_script_enabled=False)
    page.goto(reverse("carte_du_territoire", args=["academie", monde.academie.pk]))
    avant = page.locator("#tableau-de-la-carte tbody tr").count()
    page.locator("#tableau-de-la-carte tbody a").first.click()
    page.wait_for_url(re.compile("cadre="))
    assert 0 < page.locator("#tableau-de-la-carte tbody tr").count() < avant
    page.get_by_role("link", name="Toute la carte").click()
    expect(page.locator("#tableau-de-la-carte tbody tr")).to_have_count(avant)
