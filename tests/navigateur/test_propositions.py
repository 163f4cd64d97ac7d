"""From a missing condition to an action and to a request, with the keyboard alone; and without JavaScript."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from diagnostic.domain.cotation import Valeur
from plans.models import Action, Besoin, Demande, PropositionDeclinee
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.offres import la_proposition, un_diagnostic_signe
from tests.plans.plans import cette_annee, un_axe

MANQUENT = {"PIL-1-1": Valeur.non, "PIL-1-2": Valeur.non, "INF-1-1": Valeur.non}


def test_accepter_au_clavier_depuis_les_resultats(ouvrir, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, MANQUENT)
    axe = un_axe(monde.college, "Décider ensemble")
    page = ouvrir(monde.chef)
    page.goto(reverse("diagnostic_resultats", args=[monde.college.uai, cette_annee(monde.college)]))
    condition = page.locator("#manque-PIL-1-2")
    aller_au_clavier(page, condition.get_by_role("link", name=re.compile("^Voir ce que Paliers propose")))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(la_proposition("PIL-1-2").titre)
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_label("Axe qu'elle sert"))
    page.keyboard.type("Décider")
    aller_au_clavier(page, page.get_by_role("button", name="Retenir le besoin et créer l'action"))
    entrer(page)
    page.wait_for_url(re.compile("/propositions/#PIL-1-2$"))
    expect(page.get_by_role("status")).to_contain_text("l'action est créée, en brouillon")
    expect(page.locator("#PIL-1-2")).to_contain_text("action créée")
    assert controler(page) == []
    action = Action.objects.get()
    assert (list(action.axes.all()), list(axe.besoins.all())) == ([axe], [Besoin.objects.get()])


def test_decliner_demander_et_noter_la_reponse_sans_javascript(ouvrir, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, MANQUENT)
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("propositions", args=[monde.college.uai]))
    page.locator("#INF-1-1").get_by_role("link", name=re.compile("^Décliner")).click()
    page.get_by_label("Hors de notre compétence").check()
    page.get_by_role("button", name="Décliner").click()
    expect(page.get_by_text("la collectivité ou l'État.", exact=False).last).to_be_visible()
    page.get_by_label("De qui est-ce la compétence").select_option("Collectivité")
    page.get_by_role("button", name="Décliner").click()
    assert PropositionDeclinee.objects.get().competence == "collectivite"
    page.get_by_role("link", name="En faire la demande").click()
    expect(page.get_by_label("Collectivité")).to_be_checked()
    page.get_by_role("button", name="Noter la demande").click()
    page.get_by_role("link", name=re.compile("^Noter la réponse")).click()
    page.get_by_label("Accordée en partie").check()
    page.get_by_role("button", name="Enregistrer la réponse").click()
    expect(page.get_by_role("heading", name="1 demande a sa réponse")).to_be_visible()
    assert Demande.objects.get().suite == "en_partie"


def test_chaque_page_est_accessible(ouvrir, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, MANQUENT)
    page, uai = ouvrir(monde.chef), monde.college.uai
    for nom, suite in (
        ("propositions", ()),
        ("chemin", ()),
        ("proposition_decliner", ("INF-1-1",)),
        ("demande_faire", ("INF-1-1",)),
    ):
        page.goto(reverse(nom, args=[uai, *suite]))
        assert (nom, controler(page)) == (nom, [])
    page.get_by_role("button", name="Noter la demande").click()
    expect(page.get_by_role("heading", name="1 demande attend une réponse")).to_be_visible()
    assert controler(page) == []
    page = ouvrir(monde.rectorat)
    for nom, arguments in (("propositions_academiques", ()), ("proposition_adapter", ("98", "PIL-1-2"))):
        page.goto(reverse(nom, args=arguments))
        assert (nom, controler(page)) == (nom, [])
