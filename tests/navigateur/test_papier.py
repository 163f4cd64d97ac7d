"""Paper and spreadsheets in a real browser: a file chosen, every error read, without a script too."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostic.models import Diagnostic, Reponse
from strategie.socle.domain.calendrier import annee_scolaire
from tests.dossier import commencer
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.tableurs import en_xlsx, lire_xlsx


@pytest.fixture
def brouillon(monde, referentiel) -> Diagnostic:
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    return commencer(monde.college, annee, referentiel, monde.chef, maintenant)


def page_papier(page: Page, brouillon: Diagnostic) -> Page:
    page.goto(reverse("diagnostic_papier", args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire]))
    return page


def emporter(page: Page, dossier: Path, **reponses: str) -> Path:
    """The workbook downloaded, these answers typed (`PIL_1_1="Oui"`), saved elsewhere by another spreadsheet."""
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Classeur à remplir (XLSX)").click()
    feuilles = lire_xlsx(Path(attendu.value.path()).read_bytes())
    for ligne in feuilles["Réponses"]:
        ligne[4] = reponses.get(str(ligne[0]).replace("-", "_"), ligne[4])
    chemin = dossier / attendu.value.suggested_filename
    chemin.write_bytes(en_xlsx(feuilles))
    return chemin


def gardees() -> list[tuple[str, str]]:
    return list(Reponse.objects.order_by("indicateur__ordre").values_list("indicateur__code", "valeur"))


def test_emporter_corriger_renvoyer_au_clavier(ouvrir, monde, brouillon, tmp_path):
    """P01 prevents the signature: « PIL-3-1 » supposes « PIL-2-2 »."""
    page = page_papier(ouvrir(monde.chef), brouillon)
    fautes = controler(page)
    faux = emporter(page, tmp_path, PIL_1_1="Oui", PIL_2_2="peut-être, ou bien jamais", PIL_3_1="sans objet")
    page.get_by_label("Classeur rempli").set_input_files(faux)
    aller_au_clavier(page, page.get_by_role("button", name="Envoyer le classeur"))
    entrer(page)
    expect(page.get_by_role("heading", name="Rien n'est enregistré")).to_be_visible()
    assert page.locator("caption:has-text('à corriger') ~ tbody tr").count() == 2
    fautes += controler(page)
    assert gardees() == []
    juste = emporter(page, tmp_path, PIL_1_1="Oui", PIL_2_2="non", PIL_3_1="OUI")
    page.get_by_label("Classeur rempli").set_input_files(juste)
    page.get_by_label("Vérifier seulement").check()
    page.get_by_role("button", name="Envoyer le classeur").click()
    expect(page.get_by_role("heading", name="Le fichier est bon")).to_be_visible()
    assert gardees() == []
    page.get_by_label("Vérifier seulement").uncheck()
    page.get_by_label("Classeur rempli").set_input_files(juste)
    page.get_by_role("button", name="Envoyer le classeur").click()
    expect(page.get_by_role("heading", name="Des réponses semblent se contredire")).to_be_visible()
    fautes += controler(page)
    assert gardees() == [("PIL-1-1", "oui"), ("PIL-2-2", "non"), ("PIL-3-1", "oui")]
    assert fautes == []


def test_sans_javascript(ouvrir, monde, brouillon, tmp_path):
    page = page_papier(ouvrir(monde.chef, java_script_enabled=False), brouillon)
    page.get_by_label("Classeur rempli").set_input_files(emporter(page, tmp_path, PIL_1_1="En partie"))
    page.get_by_role("button", name="Envoyer le classeur").click()
    page.get_by_role("link", name="Vérifier toutes les réponses").click()
    assert gardees() == [("PIL-1-1", "en_partie")]
