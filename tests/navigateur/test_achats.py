"""Purchases, the balance and its scenarios: with the keyboard, without JavaScript, at 320 px, in the dark, on paper."""

import re
from decimal import Decimal as D

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from budget.models import Achat, LigneBudget, LigneDeScenario
from tests.budget.achats import VINGT_MILLE, approuver, lire, un_achat, un_achat_complet
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.test_achats import TABLETTES
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


def test_un_achat_au_clavier_jusqu_a_ses_couts(ouvrir, monde):
    page = ouvrir(monde.chef)
    page.goto(reverse("achats", args=[monde.college.uai]))
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_role("link", name="Écrire un achat"))
    entrer(page)
    page.wait_for_url(re.compile("/achats/ajouter/"))
    assert controler(page) == []
    page.get_by_label("Ce qui est acheté").fill("Classe mobile")
    page.get_by_label("Catégorie").select_option("tablette")
    page.get_by_label("Années de service prévues").fill("0")
    page.get_by_role("button", name="Écrire ses coûts").click()
    expect(page.get_by_text("Une durée de service va de 1 à 30\u00a0ans.", exact=True)).to_be_visible()
    assert controler(page) == []
    page.get_by_label("Années de service prévues").fill("3")
    page.get_by_role("button", name="Écrire ses coûts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tout ce qu'il coûtera")
    assert controler(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    aller_au_clavier(page, page.get_by_label("Montant par an, Achat"))
    page.keyboard.type("11 697,00")
    page.get_by_label("Montant par an, Licences et gestion de flotte").fill("370,50")
    page.get_by_role("button", name="Enregistrer les coûts").click()
    expect(page.get_by_role("status")).to_contain_text("Les coûts sont enregistrés.")
    lu = lire(Achat.objects.get())
    assert (lu.cout.investissement, lu.cout.fonctionnement) == (D("11697.00"), D("1111.50"))
    page.get_by_role("link", name="Prévoir les lignes manquantes").first.click()
    assert controler(page) == []
    page.get_by_role("button", name="Prévoir ces lignes").click()
    expect(page.get_by_role("status")).to_contain_text("4 lignes sont prévues au budget.")
    assert LigneBudget.objects.count() == 4


def test_les_pages_d_un_achat_se_lisent_par_tous(ouvrir, monde):
    achat = un_achat(monde.college, "Tablettes " + "longues " * 15, postes=TABLETTES)
    un_financement(monde.college, 2031, achat=achat.pk, accorde=D(8000))
    approuve = approuver(un_achat_complet(monde.college))
    approuve.formation.seances.all().delete()
    page = ouvrir(monde.chef)
    for nom, cle in (
        ("achat", achat.pk),
        ("achat_approuver", achat.pk),
        ("achat_modifier", achat.pk),
        ("achat_abandonner", achat.pk),
        ("achat_retirer", achat.pk),
        ("achat", approuve.pk),
        ("achat_livrer", approuve.pk),
        ("achat_reprendre", approuve.pk),
    ):
        page.goto(reverse(nom, args=[monde.college.uai, cle]))
        assert (nom, controler(page)) == (nom, [])
    page.goto(reverse("achats", args=[monde.college.uai]))
    assert controler(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Écrire un achat")).to_be_hidden()


def test_un_scenario_sans_javascript(ouvrir, monde):
    annee = timezone.localdate().year
    une_ligne(monde.college, annee, "Licences", prevu=D(1000))
    un_financement(monde.college, annee, accorde=D(800), demande=D(800))
    un_achat(monde.college, postes=VINGT_MILLE)
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("equilibre", args=[monde.college.uai]))
    page.get_by_role("link", name="Changer le scénario sobre").click()
    page.get_by_label("Montant de Licences").fill("600")
    page.get_by_label("Ce qui s'ajoute, ajout 1").fill("Papier")
    page.get_by_label("Montant, ajout 1").fill("50,50")
    page.get_by_role("button", name="Enregistrer le scénario").click()
    expect(page.get_by_role("status")).to_contain_text("Le budget n'a pas changé.")
    expect(page.get_by_role("cell", name="650,50").first).to_be_visible()
    assert LigneDeScenario.objects.count() == 2
    assert LigneBudget.objects.get().prevu == 1000


def test_l_equilibre_et_la_falaise_se_lisent_par_tous(ouvrir, monde):
    annee = timezone.localdate().year
    une_ligne(monde.college, annee, "Licences " + "longues " * 15, prevu=D("12345678.90"))
    une_ligne(monde.college, annee, "Bornes", section="investissement", payeur="departement", prevu=D(80))
    un_financement(monde.college, annee, accorde=D(800), demande=D(900))
    un_achat(monde.college, postes=TABLETTES)
    page = ouvrir(monde.chef)
    for nom, cles in (("equilibre", []), ("scenario_modifier", ["ambitieux"]), ("falaise", [])):
        page.goto(reverse(nom, args=[monde.college.uai, *cles]))
        assert (nom, controler(page)) == (nom, [])
