"""Files made in number: asked for with the keyboard, followed without JavaScript, carried away as a zip."""

import zipfile

from django.urls import reverse
from playwright.sync_api import expect

from strategie.pilotage.models import LotDeDossiers
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.personnages import un_etablissement
from tests.pilotage.lots import avancer, un_lot


def test_demander_suivre_arreter_reprendre_sans_javascript(ouvrir, dossier):
    monde = dossier.monde
    page = ouvrir(monde.animatrice, java_script_enabled=False)
    page.goto(reverse("etablissements"))
    page.get_by_role("link", name="Dossiers en nombre").click()
    page.get_by_role("link", name="Faire des dossiers").click()
    page.get_by_label("Territoire").select_option(label="District\u00a0: District 1")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Faire 1\u00a0dossier")
    page.get_by_role("button", name="Faire les dossiers").click()
    expect(page.get_by_text("Cette page s'actualise toutes les 10 secondes.")).to_be_visible()
    page.get_by_role("link", name="Ne plus l'actualiser").click()
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_text("Le lot est arrêté.")).to_be_visible()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_text("en cours")).to_be_visible()
    lot = LotDeDossiers.objects.get()
    avancer(lot)
    page.goto(reverse("lot_de_dossiers", args=[lot.pk]))
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Télécharger les dossiers (ZIP)").click()
    assert len(zipfile.ZipFile(attendu.value.path()).namelist()) == 2


def test_la_page_suivie_se_relit_d_elle_meme(ouvrir, dossier, monkeypatch):
    monkeypatch.setattr("strategie.pilotage.views.lots.SUIVRE", 1)
    lot = un_lot(dossier.monde)
    page = ouvrir(dossier.monde.animatrice)
    page.goto(reverse("lot_de_dossiers", args=[lot.pk], query={"suivre": "oui"}))
    expect(page.get_by_role("status")).to_contain_text("1\u00a0à faire")
    avancer(lot)
    expect(page.get_by_role("status")).to_contain_text("terminé")


def test_les_pages_des_lots_se_lisent_par_tous(ouvrir, dossier):
    monde = dossier.monde
    long = "Collège " + "Saint-Exupéry-de-la-Montagne " * 6
    un_etablissement("0980006Z", long, monde.college.departement, district=monde.district)
    page = ouvrir(monde.rectorat)
    page.goto(reverse("lots_de_dossiers"))
    assert controler(page) == []
    lot, fini = un_lot(monde), un_lot(monde)
    avancer(fini)
    demande = {"territoire": f"district-{monde.district.pk}", "exercice": "2031"}
    for adresse in (
        reverse("lots_de_dossiers"),
        reverse("lot_de_dossiers_ouvrir"),
        reverse("lot_de_dossiers_ouvrir", query={"territoire": "", "exercice": "1999"}),
        reverse("lot_de_dossiers_ouvrir", query=demande),
        reverse("lot_de_dossiers", args=[lot.pk]),
        reverse("lot_de_dossiers", args=[fini.pk]),
    ):
        page.goto(adresse)
        assert (adresse, controler(page)) == (adresse, [])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(reverse("lot_de_dossiers_ouvrir", query=demande))
    aller_au_clavier(page, page.get_by_role("button", name="Faire les dossiers"))
    entrer(page)
    page.wait_for_url("**suivre=oui")
    assert LotDeDossiers.objects.count() == 3
