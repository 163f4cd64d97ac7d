"""A meeting in a real browser: counting hands, going on without leaving the full screen, losing nothing."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Saisie, enregistrer_reponse
from diagnostic.models import Diagnostic, Reponse, VoteReunion
from diagnostic.queries.questionnaire import questionnaire
from strategie.socle.domain.calendrier import annee_scolaire
from tests.dossier import commencer, repondre_partout
from tests.navigateur.conftest import aller_au_clavier, controler, entrer, session_de

TIENT = "() => document.documentElement.scrollHeight <= window.innerHeight"


@pytest.fixture
def brouillon(monde, referentiel) -> Diagnostic:
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    return commencer(monde.college, annee, referentiel, monde.chef, maintenant)


def adresse_de(brouillon: Diagnostic, nom: str, *suite: str) -> str:
    return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])


def notes() -> list[tuple]:
    return list(
        VoteReunion.objects.order_by("indicateur__ordre").values_list(
            "indicateur__code", "oui", "en_partie", "non", "ne_sait_pas", "desaccord"
        )
    )


def gardees() -> list[tuple[str, str]]:
    return list(Reponse.objects.order_by("indicateur__ordre").values_list("indicateur__code", "valeur"))


def test_une_reunion_au_clavier(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_reunion"))
    expect(page.locator("#votes")).to_be_focused()
    for touche in ("o", "o", "o", "Shift+O", "n", "e", "s"):
        page.keyboard.press(touche)
    expect(page.locator("[data-avis]")).to_have_text("Pas de majorité sur 5 mains levées.")
    page.keyboard.press("o")
    page.keyboard.press("o")
    expect(page.locator("[data-avis]")).to_have_text("La majorité dit «\u00a0Oui\u00a0» (4 sur 7).")
    aller_au_clavier(page, page.get_by_label("Oui", exact=True).nth(1))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_label("Désaccord à garder (facultatif)"))
    page.keyboard.type("Nos voisins osent")  # letters of the shortcuts are text here
    aller_au_clavier(page, page.get_by_role("button", name="Enregistrer, suivant"))
    entrer(page)
    page.wait_for_url(re.compile("/reunion/PIL-1-2/"))
    expect(page.locator("#votes")).to_be_focused()
    page.keyboard.press("n")
    entrer(page)  # from the votes, straight on: to be decided later
    page.wait_for_url(re.compile("/reunion/PIL-1-3/"))
    assert notes() == [("PIL-1-1", 4, 1, 1, 1, "Nos voisins osent"), ("PIL-1-2", 0, 0, 1, 0, "")]
    assert gardees() == [("PIL-1-1", "oui")]
    page.go_back()
    expect(page.get_by_role("spinbutton", name="Non")).to_have_value("1")


def test_la_page_tient_sur_un_ecran_et_se_lit_partout(ouvrir, monde, brouillon):
    repondre_partout(brouillon, Valeur.oui, monde.chef, timezone.now())
    indicateurs = sorted(questionnaire(brouillon.referentiel).concernes(monde.college), key=lambda i: len(i.enonce))
    page = ouvrir(monde.chef)
    for largeur, hauteur in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": largeur, "height": hauteur})
        for code in ("PIL-1-1", indicateurs[40].code, indicateurs[-1].code):
            page.goto(adresse_de(brouillon, "reunion_indicateur", code) + "#votes")
            assert (largeur, code, page.evaluate(TIENT)) == (largeur, code, True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    assert controler(page) == []


def test_une_saisie_refusee_et_un_conflit_se_lisent(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "reunion_indicateur", "PIL-1-1"))
    enregistrer_reponse(
        diagnostic=brouillon,
        saisie=Saisie("PIL-1-1", "non", "", "Vu au conseil", 0),
        auteur=monde.referent,
        maintenant=timezone.now(),
    )
    page.get_by_label("Sans objet", exact=True).check()
    page.get_by_role("spinbutton", name="Oui").fill("1001")
    page.get_by_role("button", name="Enregistrer, suivant").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("dépasse 1\u202f000")
    assert controler(page) == []
    page.get_by_role("spinbutton", name="Oui").fill("9")
    page.get_by_label("Oui", exact=True).nth(1).check()
    page.get_by_role("button", name="Enregistrer, suivant").click()
    expect(page.get_by_role("alert")).to_contain_text("Rémi Référent a répondu «\u00a0Non\u00a0»")
    assert controler(page) == []
    page.get_by_role("button", name="Enregistrer, suivant").click()
    page.wait_for_url(re.compile("/reunion/PIL-1-2/"))
    assert (gardees(), notes()) == ([("PIL-1-1", "oui")], [("PIL-1-1", 9, 0, 0, 0, "")])


def test_une_coupure_ne_perd_rien(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "reunion_indicateur", "PIL-1-1"))
    page.get_by_role("button", name="Une main de plus pour « Oui »").click()
    page.route("**/reunion/**", lambda route: route.abort())
    page.get_by_role("button", name="Enregistrer, suivant").click()
    expect(page.locator("[data-etat]")).to_contain_text("La connexion est coupée. Rien n'est perdu")
    expect(page.get_by_role("spinbutton", name="Oui")).to_have_value("1")
    page.unroute("**/reunion/**")
    page.get_by_role("button", name="Enregistrer, suivant").click()
    page.wait_for_url(re.compile("/reunion/PIL-1-2/"))
    assert notes() == [("PIL-1-1", 1, 0, 0, 0, "")]


def test_une_session_terminee_ne_perd_rien(ouvrir, monde, brouillon, adresse):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "reunion_indicateur", "PIL-1-1"))
    page.get_by_role("spinbutton", name="Oui").fill("8")
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer, suivant").click()
    expect(page.locator("[data-etat]")).to_contain_text("votre session est terminée")
    expect(page.get_by_role("button", name="Enregistrer, suivant")).to_be_focused()
    expect(page.get_by_role("spinbutton", name="Oui")).to_have_value("8")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_de(monde.chef), "url": adresse}])
    page.get_by_role("button", name="Enregistrer, suivant").click()
    page.wait_for_url(re.compile("/reunion/PIL-1-2/"))
    assert notes() == [("PIL-1-1", 8, 0, 0, 0, "")]


def test_le_plein_ecran_reste_d_un_indicateur_a_l_autre(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "reunion_indicateur", "PIL-1-1"))
    page.get_by_role("button", name="Plein écran").click()
    expect(page.get_by_role("button", name="Quitter le plein écran")).to_be_visible()
    page.get_by_role("link", name="Suivant").click()
    page.wait_for_url(re.compile("/reunion/PIL-1-2/"))
    page.get_by_label("Aller à").select_option("EQU-1-1")
    page.get_by_role("button", name="Aller", exact=True).click()
    page.wait_for_url(re.compile("/reunion/EQU-1-1/"))
    page.get_by_role("button", name="Enregistrer, suivant").click()
    page.wait_for_url(re.compile("/reunion/EQU-1-2/"))
    assert page.evaluate("document.fullscreenElement !== null")
    page.get_by_role("button", name="Quitter le plein écran").click()
    expect(page.get_by_role("button", name="Plein écran", exact=True)).to_be_visible()


def test_une_reunion_sans_javascript(ouvrir, monde, brouillon):
    repondre_partout(brouillon, Valeur.oui, monde.chef, timezone.now())
    Reponse.objects.filter(indicateur__code__in=["EQU-3-1", "EQU-3-2"]).delete()
    dernier = questionnaire(brouillon.referentiel).concernes(monde.college)[-1].code
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("diagnostic", args=[monde.college.uai]))
    page.get_by_role("link", name="Répondre en réunion").click()
    page.wait_for_url(re.compile("/reunion/EQU-3-1/"))
    page.get_by_role("spinbutton", name="En partie").fill("6")
    page.get_by_role("button", name="Décider plus tard").click()
    page.wait_for_url(re.compile("/reunion/EQU-3-2/"))
    page.get_by_label("Aller à").select_option(dernier)
    page.get_by_role("button", name="Aller", exact=True).click()
    page.wait_for_url(re.compile(f"/reunion/{dernier}/"))
    page.get_by_role("spinbutton", name="Non").fill("2")
    page.get_by_label("Désaccord à garder (facultatif)").fill("Deux voix pour «\u00a0non\u00a0»")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Enregistrer, terminer").click()
    page.wait_for_url(re.compile("/bilan-de-reunion/"))
    expect(page.locator("main")).to_contain_text("Deux voix pour «\u00a0non\u00a0»")
    assert [note[0] for note in notes()] == ["EQU-3-1", dernier]


def test_le_bilan_se_lit_partout(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "reunion_indicateur", "PIL-1-1"))
    page.get_by_role("spinbutton", name="Oui").fill("7")
    page.get_by_label("Désaccord à garder (facultatif)").fill("Une voix")
    page.get_by_role("button", name="Enregistrer, suivant").click()
    page.wait_for_url(re.compile("/reunion/PIL-1-2/"))
    page.get_by_role("link", name="Bilan").click()
    page.wait_for_url(re.compile("/bilan-de-reunion/"))
    assert controler(page) == []
