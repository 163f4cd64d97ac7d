"""The head's path in a real browser: from a first answer to the signed PDF, with and without JavaScript."""

import hashlib
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Saisie, enregistrer_reponse
from diagnostic.models import CopieSignee, Diagnostic, Reponse
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from tests.dossier import campagne_ouverte, commencer, repondre_partout, signer
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


@pytest.fixture
def brouillon(monde, referentiel) -> Diagnostic:
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    return commencer(monde.college, annee, referentiel, monde.chef, maintenant)


def adresse_de(brouillon: Diagnostic, nom: str, *suite: str) -> str:
    return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])


def gardee(code: str) -> tuple[str, str]:
    return Reponse.objects.values_list("valeur", "commentaire").get(indicateur__code=code)


def test_chaque_reponse_s_enregistre_et_se_compte(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_champ", "PIL"))
    question = page.locator("#PIL-1-1")
    question.get_by_label("En partie", exact=True).check()
    expect(question.locator("[data-etat]")).to_contain_text("Enregistré à")
    question.get_by_label("Oui", exact=True).check()
    question.get_by_text("Commentaire", exact=True).click()
    question.get_by_label("Commentaire sur PIL-1-1").fill("Lettre signée")
    expect(page.locator("[data-etat-global]")).to_have_text("✓ Tout est enregistré")
    expect(page.locator("[data-compte-total]")).to_have_text("1")
    assert gardee("PIL-1-1") == ("oui", "Lettre signée")
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url(re.compile("/champs/FOR/"))
    page.go_back()
    expect(page.locator("#PIL-1-1").get_by_label("Oui", exact=True)).to_be_checked()


def test_continuer_mene_au_champ_suivant_que_tout_soit_enregistre_ou_non(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_champ", "PIL"))
    page.get_by_role("button", name="Continuer").click()  # nothing was touched
    page.wait_for_url(re.compile("/champs/FOR/"))
    page.locator("#FOR-1-1").get_by_label("Oui", exact=True).check()
    expect(page.locator("[data-etat-global]")).to_have_text("✓ Tout est enregistré")
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url(re.compile("/champs/RES/"))
    page.locator("#RES-1-1").get_by_label("Oui", exact=True).check()
    page.get_by_role("button", name="Continuer").click()  # before the answer has arrived
    page.wait_for_url(re.compile("/champs/PED/"))
    page.route("**/reponses/**", lambda route: route.abort())
    page.locator("#PED-1-1").get_by_label("Oui", exact=True).check()
    expect(page.locator("#PED-1-1 [data-etat]")).to_contain_text("vérifiez la connexion")
    page.get_by_role("button", name="Continuer").click()  # what could not be saved goes with the page
    page.wait_for_url(re.compile("/champs/INF/"))
    assert [gardee(code) for code in ("FOR-1-1", "RES-1-1", "PED-1-1")] == [("oui", "")] * 3


def test_sans_objet_demande_pourquoi(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_champ", "PIL"))
    question = page.locator("#PIL-1-1")
    raison = question.get_by_label("Pourquoi « sans objet » ?")
    expect(raison).to_be_hidden()
    question.get_by_label("Sans objet", exact=True).check()
    expect(raison).to_be_visible()
    expect(page.locator("[data-compte-total]")).to_have_text("0")
    raison.fill("Établissement sans équipe numérique")
    expect(page.locator("[data-compte-total]")).to_have_text("1")
    expect(page.locator("[data-etat-global]")).to_have_text("✓ Tout est enregistré")
    assert controler(page) == []


def test_un_conflit_montre_les_deux_reponses_et_l_on_choisit(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_champ", "PIL"))
    for code in ("PIL-1-1", "PIL-1-2"):
        enregistrer_reponse(
            diagnostic=brouillon,
            saisie=Saisie(code, "non", "", "Vu au conseil", 0),
            auteur=monde.referent,
            maintenant=timezone.now(),
        )
    for code in ("PIL-1-1", "PIL-1-2"):
        question = page.locator(f"#{code}")
        question.get_by_label("Oui", exact=True).check()
        alerte = question.get_by_role("alert")
        expect(alerte).to_contain_text("Rémi Référent a répondu « Non »")
        expect(alerte).to_contain_text("Vu au conseil")
    assert (gardee("PIL-1-1"), gardee("PIL-1-2")) == (("non", "Vu au conseil"), ("non", "Vu au conseil"))
    page.locator("#PIL-1-1").get_by_role("button", name="Garder ma réponse").click()
    expect(page.locator("#PIL-1-1 [data-etat]")).to_contain_text("Enregistré à")
    page.locator("#PIL-1-2").get_by_role("button", name="Garder la sienne").click()
    expect(page.locator("[data-etat-global]")).to_have_text("✓ Tout est enregistré")
    assert (gardee("PIL-1-1"), gardee("PIL-1-2")) == (("oui", ""), ("non", "Vu au conseil"))


def test_une_coupure_ne_perd_rien(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_champ", "PIL"))
    page.route("**/reponses/**", lambda route: route.abort())
    question = page.locator("#PIL-1-1")
    question.get_by_label("Oui", exact=True).check()
    expect(question.locator("[data-etat]")).to_contain_text("vérifiez la connexion")
    page.unroute("**/reponses/**")
    question.get_by_role("button", name="Réessayer").click()
    expect(question.locator("[data-etat]")).to_contain_text("Enregistré à")
    assert gardee("PIL-1-1") == ("oui", "")


def test_de_la_verification_au_pdf(ouvrir, monde, brouillon):
    repondre_partout(brouillon, Valeur.oui, monde.chef, timezone.now(), {"INF-1-1": Valeur.non})
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_verifier"))
    expect(page.get_by_role("region", name="Réponses à relire")).to_contain_text("P06")
    page.get_by_label("J'ai relu ces réponses").check()
    page.get_by_role("button", name="Signer le diagnostic").click()
    page.wait_for_url(re.compile("/resultats/"))
    expect(page.get_by_role("status")).to_contain_text("La version 1 du diagnostic est signée.")
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Télécharger le PDF").click()
    octets = telechargement.value.path().read_bytes()
    assert hashlib.sha256(octets).hexdigest() == CopieSignee.objects.get().sha256_pdf
    assert len(octets) < 400_000
    assert controler(page) == []


def test_tout_le_chemin_sans_javascript(ouvrir, monde, referentiel):
    """From « Commencer » to the signature with nothing but forms and links."""
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    campagne_ouverte(monde.academie, annee, referentiel, maintenant)
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("etablissement", args=[monde.college.uai]))
    page.get_by_role("link", name="Aller au diagnostic").click()
    page.get_by_role("button", name="Commencer le diagnostic").click()
    for champ in ("PIL", "FOR", "RES", "PED", "INF", "EQU"):
        page.wait_for_url(re.compile(f"/champs/{champ}/"))
        for question in page.locator("[data-indicateur]").all():
            question.get_by_label("Oui", exact=True).check()
        page.get_by_role("button", name="Vérifier et signer" if champ == "EQU" else "Continuer").click()
    page.wait_for_url(re.compile("/verifier/"))
    page.get_by_label("J'ai relu ces réponses").check()
    page.get_by_role("button", name="Signer le diagnostic").click()
    page.wait_for_url(re.compile("/resultats/"))
    expect(page.locator("main")).to_contain_text("les trois paliers sont atteints")
    assert Diagnostic.objects.commences().get().etat == "soumis"


def test_signer_au_clavier(ouvrir, monde, brouillon):
    repondre_partout(brouillon, Valeur.oui, monde.chef, timezone.now())
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_verifier"))
    aller_au_clavier(page, page.get_by_role("link", name="Aller à la signature"))
    entrer(page)
    aller_au_clavier(page, page.get_by_label("J'ai relu ces réponses"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Signer le diagnostic"))
    entrer(page)
    page.wait_for_url(re.compile("/resultats/"))
    assert CopieSignee.objects.get().diagnostic == brouillon


# --- Starting from last year ------------------------------------------------------------------------------------
@pytest.fixture
def an_dernier(monde, referentiel) -> str:
    """Last year's diagnostic is signed, this year's campaign open; gives last year."""
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    passe = commencer(monde.college, annee_precedente(annee), referentiel, monde.chef, maintenant)
    repondre_partout(passe, Valeur.oui, monde.chef, maintenant)
    signer(passe, monde.chef, maintenant)
    campagne_ouverte(monde.academie, annee, referentiel, maintenant)
    return annee_precedente(annee)


def repartir(page, monde, annee: str) -> None:
    page.goto(reverse("diagnostic", args=[monde.college.uai]))
    page.get_by_role("button", name=f"Repartir des réponses de {annee}").click()
    page.wait_for_url(re.compile("/champs/PIL/"))


def test_reconfirmer_une_a_une_et_voir_ce_qui_se_contredit(ouvrir, monde, an_dernier):
    page = ouvrir(monde.chef)
    repartir(page, monde, an_dernier)
    expect(page.locator("[data-compte-total]")).to_have_text("0")
    expect(page.locator("[data-a-reconfirmer-total]")).to_have_text("et 82 à reconfirmer")
    question = page.locator("#PIL-3-1")
    expect(question).to_contain_text(f"à reconfirmer Réponse de {an_dernier}.")
    question.get_by_role("button", name="Toujours vrai").click()
    expect(question.locator("[data-etat]")).to_contain_text("Enregistré à")
    expect(question.locator(".reprise")).to_have_count(0)
    expect(question.get_by_label("Oui", exact=True)).to_be_focused()
    expect(page.locator("[data-compte-total]")).to_have_text("1")
    expect(page.locator("[data-a-reconfirmer-total]")).to_have_text("et 81 à reconfirmer")
    page.locator("#PIL-2-2").get_by_label("Non", exact=True).check()
    for code in ("PIL-2-2", "PIL-3-1"):
        expect(page.locator(f"#{code} .alerte")).to_contain_text("à vérifier · P01 Un bilan chiffré")
        expect(page.locator(f"#{code} .alerte")).to_contain_text("le diagnostic ne peut pas être signé")
    assert controler(page) == []
    brouillon = Diagnostic.objects.get(etablissement=monde.college, etat="brouillon")
    for ailleurs in (adresse_de(brouillon, "diagnostic_verifier"), reverse("diagnostic", args=[monde.college.uai])):
        page.goto(ailleurs)
        assert controler(page) == []
    page.goto(adresse_de(brouillon, "diagnostic_champ", "PIL"))
    page.locator("#PIL-2-2").get_by_label("En partie", exact=True).check()
    expect(page.locator(".alerte")).to_have_count(0)
    page.get_by_role("button", name="Confirmer tout le champ").click()
    expect(page.get_by_role("status").first).to_contain_text("réponses sont confirmées.")
    assert not Reponse.objects.filter(indicateur__champ__code="PIL", a_reconfirmer=True).exists()
    assert Reponse.objects.filter(indicateur__champ__code="FOR", a_reconfirmer=False).count() == 13
    assert gardee_cette_annee("PIL-2-2") == "en_partie"


def gardee_cette_annee(code: str) -> str:
    return Reponse.objects.order_by("-diagnostic__campagne__annee_scolaire").filter(indicateur__code=code)[0].valeur


def test_une_confirmation_que_la_coupure_arrete_part_avec_la_page(ouvrir, monde, an_dernier):
    page = ouvrir(monde.chef)
    repartir(page, monde, an_dernier)
    page.route("**/reponses/**", lambda route: route.abort())
    page.locator("#PIL-1-1").get_by_role("button", name="Toujours vrai").click()
    expect(page.locator("#PIL-1-1 [data-etat]")).to_contain_text("vérifiez la connexion")
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url(re.compile("/champs/FOR/"))
    a_confirmer = Reponse.objects.filter(a_reconfirmer=True, indicateur__champ__code="PIL")
    assert not a_confirmer.filter(indicateur__code="PIL-1-1").exists()
    assert a_confirmer.filter(indicateur__code="PIL-1-2").exists()


def test_repartir_de_l_an_dernier_sans_javascript(ouvrir, monde, an_dernier):
    page = ouvrir(monde.chef, java_script_enabled=False)
    repartir(page, monde, an_dernier)
    page.locator("#PIL-1-1").get_by_role("button", name="Toujours vrai").click()
    page.wait_for_url(re.compile("/champs/PIL/#PIL-1-1"))
    expect(page.locator("#PIL-1-1 .reprise")).to_have_count(0)
    page.locator("#PIL-1-2").get_by_label("Non", exact=True).check()
    entrer(page)  # saves the page, and presses no other button
    expect(page.get_by_role("status").first).to_contain_text("Vos réponses sont enregistrées.")
    expect(page.locator("#PIL-1-1").get_by_label("Oui", exact=True)).to_be_checked()
    expect(page.locator("#PIL-1-2 .reprise")).to_have_count(0)
    for champ in ("PIL", "FOR", "RES", "PED", "INF", "EQU"):
        page.wait_for_url(re.compile(f"/champs/{champ}/"))
        page.get_by_role("button", name="Confirmer tout le champ").click()
        page.get_by_role("button", name="Vérifier et signer" if champ == "EQU" else "Continuer").click()
    page.wait_for_url(re.compile("/verifier/"))
    expect(page.locator("main")).to_contain_text("82 réponses sur 82. Tout est rempli.")
