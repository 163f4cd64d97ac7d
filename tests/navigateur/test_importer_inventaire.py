"""An inventory brought in, in a real browser: seen before it is written, on a phone and without a script too."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from budget.models import Equipement
from tests.budget.parc import des_equipements
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.tableurs import en_csv, en_xlsx

SNIPE = [
    "Name",
    "Asset Tag",
    "Serial",
    "Category",
    "Model",
    "Purchase Date",
    "Purchase Cost",
    "Checked Out To: Username",
]


def envoyer(page: Page, ecole, *chemins: Path) -> None:
    page.goto(reverse("equipements_importer", args=[ecole.uai]))
    page.get_by_label("Fichier à importer").set_input_files(chemins)
    aller_au_clavier(page, page.get_by_role("button", name="Vérifier ce fichier"))
    entrer(page)


def ecrire(dossier: Path, nom: str, contenu: bytes) -> Path:
    (dossier / nom).write_bytes(contenu)
    return dossier / nom


def designations() -> list[str]:
    return sorted(Equipement.objects.values_list("designation", flat=True))


def test_voir_corriger_confirmer(ouvrir, monde, tmp_path):
    des_equipements(monde.college, "Ancien nom", series=["A1"])
    lignes = [SNIPE, ["Tablette 1", "T1", "A1", "Tablets", "iPad 9", "1/2/30", "$329.00", "lmartin"],
              ["Tablette 2", "T2", "A2", "Tablets", "iPad 9", "10/27/2025", "12.345", ""]]  # fmt: skip
    page = ouvrir(monde.referent)
    page.goto(reverse("inventaire", args=[monde.college.uai]))
    page.get_by_role("link", name="Importer un fichier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Importer un inventaire")
    fautes = controler(page)
    envoyer(page, monde.college, ecrire(tmp_path, "assets.csv", en_csv(lignes)))
    expect(page.get_by_role("heading", name="2 lignes refusées")).to_be_visible()
    expect(page.get_by_text("Cette date n'est pas encore passée.")).to_be_visible()
    expect(page.get_by_text("lmartin")).to_have_count(0)
    fautes += controler(page)
    with page.expect_download() as erreurs:
        page.get_by_role("link", name="Télécharger toutes les erreurs (CSV)").click()
    assert Path(erreurs.value.path()).read_text("utf-8-sig").count("\n") == 3
    lignes[1][5], lignes[2][6] = "1/2/25", "12.50"
    envoyer(page, monde.college, ecrire(tmp_path, "assets.csv", en_csv(lignes)))
    expect(page.get_by_role("row", name="Ancien nom").first).to_contain_text("Tablette 1")
    fautes += controler(page)
    page.get_by_role("button", name="Importer dans l'inventaire").click()
    expect(page.get_by_text("L'import est fait")).to_be_visible()
    assert (designations(), fautes) == (["Tablette 1", "Tablette 2"], [])


@pytest.mark.parametrize("script", [True, False])
def test_un_tableau_de_la_maison_sur_un_telephone(ouvrir, monde, tmp_path, script):
    lignes = [["Machin", "Numero", "Utilisateur"], ["Ardoise", "007", "Léa Martin"], ["Ardoise", "008", ""]]
    page = ouvrir(monde.gestionnaire, java_script_enabled=script, viewport={"width": 390, "height": 800})
    envoyer(page, monde.college, ecrire(tmp_path, "liste.xlsx", en_xlsx({"Liste": lignes})))
    expect(page.get_by_role("heading", level=1)).to_have_text("Quelle colonne est quoi ?")
    expect(page.get_by_text("Martin")).to_have_count(0)
    fautes = controler(page) if script else []
    page.get_by_label("Colonne A : Machin").select_option("designation")
    page.get_by_label("Colonne B : Numero").select_option("numero_serie")
    page.get_by_role("button", name="Vérifier ce qui serait écrit").click()
    expect(page.get_by_role("heading", name="2 lignes à ajouter")).to_be_visible()
    page.get_by_role("button", name="Importer dans l'inventaire").click()
    expect(page.get_by_text("L'import est fait")).to_be_visible()
    assert (sorted(Equipement.objects.values_list("numero_serie", flat=True)), fautes) == (["007", "008"], [])
    envoyer(page, monde.college, tmp_path / "liste.xlsx")
    expect(page.get_by_role("heading", name="Rien à importer")).to_be_visible()
