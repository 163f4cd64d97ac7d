"""The plan out and back in a real browser: what changes is read before it is written, without a script too."""

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from plans.models import Action
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.classeurs import Classeur
from tests.plans.plans import un_axe, une_action
from tests.tableurs import en_xlsx


def page_d_echanges(page: Page, ecole) -> Page:
    page.goto(reverse("plan_importer", args=[ecole.uai]))
    return page


def emporter(page: Page, dossier: Path, action: Action, **cases) -> Path:
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Classeur du plan").first.click()
    classeur = Classeur(Path(attendu.value.path()).read_bytes()).ecrire("Plan", f"A{action.pk}", **cases)
    chemin = dossier / attendu.value.suggested_filename
    chemin.write_bytes(classeur.octets())
    return chemin


def envoyer(page: Page, chemin: Path) -> None:
    page.get_by_label("Classeur à importer").set_input_files(chemin)
    aller_au_clavier(page, page.get_by_role("button", name="Vérifier ce fichier"))
    entrer(page)


def test_emporter_se_tromper_corriger_confirmer(ouvrir, monde, tmp_path):
    action = une_action(monde.college, axes=[un_axe(monde.college)])
    page = page_d_echanges(ouvrir(monde.chef), monde.college)
    fautes = controler(page)
    envoyer(page, emporter(page, tmp_path, action, Moyen="Magie", Échéance="demain"))
    expect(page.get_by_role("heading", name="Rien n'est écrit : 2 erreurs")).to_be_visible()
    fautes += controler(page)
    with page.expect_download() as erreurs:
        page.get_by_role("link", name="Télécharger ces erreurs (CSV)").click()
    assert Path(erreurs.value.path()).read_text("utf-8-sig").count("\n") == 3
    page_d_echanges(page, monde.college)
    envoyer(page, emporter(page, tmp_path, action, Comment="Installer trois bornes"))
    expect(page.get_by_role("row").nth(1)).to_contain_text("Installer trois bornes")
    fautes += controler(page)
    page.get_by_role("button", name="Importer dans le plan").click()
    expect(page.get_by_text("L'import est fait")).to_be_visible()
    action.refresh_from_db()
    assert (action.intitule, fautes) == ("Installer trois bornes", [])


def test_un_plan_fait_ailleurs(ouvrir, monde, tmp_path):
    chemin = tmp_path / "plan.xlsx"
    lignes = [["Titre du plan"], ["Axe", "Chantier", "Budget"], ["Réseau", "Câbler", 1500], ["Réseau", "Équiper", None]]
    chemin.write_bytes(en_xlsx({"Plan": lignes, "Listes": [["Statut"]]}))
    page = page_d_echanges(ouvrir(monde.referent), monde.college)
    envoyer(page, chemin)
    expect(page.get_by_role("heading", level=1)).to_have_text("Quelle colonne est quoi ?")
    fautes = controler(page)
    page.get_by_label("Colonne B : Chantier").select_option("comment")
    page.get_by_role("button", name="Vérifier ce qui serait créé").click()
    expect(page.get_by_role("heading", name="1 axe, 2 actions à créer")).to_be_visible()
    fautes += controler(page)
    page.get_by_role("button", name="Importer dans le plan").click()
    expect(page.get_by_text("L'import est fait")).to_be_visible()
    assert (fautes, sorted(Action.objects.values_list("intitule", flat=True))) == ([], ["Câbler", "Équiper"])


def test_sans_script(ouvrir, monde, tmp_path):
    chemin = tmp_path / "plan.xlsx"
    chemin.write_bytes(en_xlsx({"Plan": [["Axe", "Action"], ["Réseau", "Câbler"]]}))
    page = page_d_echanges(ouvrir(monde.referent, java_script_enabled=False), monde.college)
    envoyer(page, chemin)
    page.get_by_role("button", name="Relire").click()
    page.get_by_role("button", name="Vérifier ce qui serait créé").click()
    page.get_by_role("button", name="Importer dans le plan").click()
    expect(page.get_by_text("L'import est fait")).to_be_visible()
    action = Action.objects.get()
    page_d_echanges(page, monde.college)
    envoyer(page, emporter(page, tmp_path, action, Comment="Câbler tout"))
    page.get_by_role("button", name="Importer dans le plan").click()
    expect(page.get_by_text("L'import est fait")).to_be_visible()
    action.refresh_from_db()
    assert action.intitule == "Câbler tout"
