"""Comparing in a real browser: two moments, a name, similar schools, « what if »; by axe, and without JavaScript."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from diagnostic.models import Instantane
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.models import Academie, Etablissement
from tests.diagnostic.test_semblables import des_semblables
from tests.dossier import commencer, repondre_partout, signer
from tests.enquetes import une_enquete_depouillee
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


@pytest.fixture
def annee(monde) -> str:
    return annee_scolaire(timezone.now().astimezone(monde.academie.zone).date())


@pytest.fixture
def deux_ans(monde, referentiel, annee):
    """Last year PED-2-1 was « non »; the copies signed, the newer one first."""
    copies = []
    for laquelle, sauf in ((annee, {}), (annee_precedente(annee), {"PED-2-1": Valeur.non})):
        diagnostic = commencer(monde.college, laquelle, referentiel, monde.chef, timezone.now())
        repondre_partout(diagnostic, Valeur.oui, monde.chef, timezone.now(), sauf)
        copies.append(signer(diagnostic, monde.chef, timezone.now()))
    return copies


def test_comparer_et_nommer_sans_javascript(ouvrir, monde, deux_ans, annee):
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("diagnostic_resultats", args=[monde.college.uai, annee]))
    page.get_by_role("link", name="Comparer deux diagnostics").click()
    expect(page.locator("main")).to_contain_text("Pratiques éducatives et pédagogiques (de 1 à 3)")
    page.get_by_role("link", name="Nommer un moment").click()
    page.get_by_role("textbox", name="Nom").fill("avant le conseil")
    page.get_by_role("button", name="Nommer ce moment").click()
    expect(page.get_by_role("row", name="avant le conseil")).to_contain_text(annee)
    page.get_by_role("link", name="Retirer « avant le conseil »").click()
    assert Instantane.objects.count() == 1
    page.get_by_role("button", name="Retirer le nom").click()
    expect(page.locator("main")).to_contain_text("Aucun moment n'est nommé pour l'instant.")


def test_et_si_au_clavier(ouvrir, monde, referentiel, annee):
    diagnostic = commencer(monde.college, annee, referentiel, monde.chef, timezone.now())
    repondre_partout(diagnostic, Valeur.oui, monde.chef, timezone.now(), {"PED-2-1": Valeur.non})
    page = ouvrir(monde.chef)
    page.goto(reverse("diagnostic_et_si", args=[monde.college.uai, annee]))
    aller_au_clavier(page, page.get_by_role("checkbox"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Refaire le calcul"))
    entrer(page)
    expect(page.locator("#bilan")).to_contain_text("1 champ monterait de palier.")
    expect(page.get_by_role("checkbox")).to_be_checked()
    assert controler(page) == []


def test_les_pages_qui_comparent(ouvrir, monde, deux_ans, annee):
    Academie.objects.filter(pk=monde.academie.pk).update(compare_les_semblables=True)
    Etablissement.objects.filter(pk=monde.college.pk).update(effectif=400)
    des_semblables(monde, deux_ans[0], annee)
    for il_y_a in (300, 100):
        une_enquete_depouillee(monde.college, monde.chef, timezone.now(), il_y_a=il_y_a)
    page = ouvrir(monde.chef)
    comparer = reverse("comparer", args=[monde.college.uai])
    for adresse, attendu in (
        (comparer, "Champ par champ"),
        (f"{comparer}?quoi=enquetes", "Question par question"),
        (reverse("semblables", args=[monde.college.uai]), "Part des points"),
        (reverse("calculs"), "Médiane et quartiles"),
    ):
        page.goto(adresse)
        expect(page.get_by_role("heading", name=attendu)).to_be_visible()
        assert controler(page) == [], adresse
