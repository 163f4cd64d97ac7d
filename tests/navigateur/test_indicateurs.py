"""An indicator from its first reading to its curve: without JavaScript, in the dark, at 320 px, in print."""

import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from plans.domain.facteurs import SaisieFacteur, ajouter_facteur
from plans.domain.releves import SaisieReleve, enregistrer_releve
from plans.models import IndicateurSuivi
from tests.navigateur.conftest import aller_au_clavier, controler
from tests.plans.plans import une_action_publiee

UN_JOUR = datetime.timedelta(days=1)


def un_indicateur_releve(monde, *valeurs: tuple[int, str]) -> IndicateurSuivi:
    """`valeurs`: how many days ago, and the value."""
    action = une_action_publiee(monde.college)
    indicateur = action.indicateurs.get()
    for age, valeur in valeurs:
        enregistrer_releve(
            indicateur=indicateur,
            saisie=SaisieReleve(timezone.localdate() - age * UN_JOUR, Decimal(valeur), "Semaine de rentrée"),
            remplace=None,
            auteur=monde.chef,
            maintenant=timezone.now(),
        )
    ajouter_facteur(
        action=action,
        saisie=SaisieFacteur("Plus personne n'en parle", "en_partie", "Conseil de novembre"),
        auteur=monde.chef,
        maintenant=timezone.now(),
    )
    return indicateur


def test_un_releve_sans_javascript_depuis_l_action(ouvrir, monde):
    indicateur = un_indicateur_releve(monde)
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("action", args=[monde.college.uai, indicateur.action_id]))
    page.get_by_text("Relever la valeur").click()
    page.get_by_label("Valeur (coupures)").fill("4,5")
    page.get_by_role("button", name="Enregistrer le relevé").click()
    expect(page.get_by_role("status")).to_contain_text("c'est enregistré")
    assert indicateur.releves.get().valeur == Decimal("4.5")
    page.goto(reverse("indicateur", args=[monde.college.uai, indicateur.pk]))
    page.get_by_label("Valeur (coupures)").fill("6")
    page.get_by_role("button", name="Enregistrer le relevé").click()
    expect(page.get_by_role("alert")).to_contain_text("Vous avez écrit 6.")
    page.get_by_role("button", name="Remplacer 4,5").click()
    expect(page.get_by_role("status")).to_contain_text("6\u00a0coupures au lieu de 4,5\u00a0coupures")


def test_la_page_d_un_indicateur_se_lit_par_tous(ouvrir, monde):
    indicateur = un_indicateur_releve(monde, (80, "9"), (45, "7.5"), (3, "4"))
    page = ouvrir(monde.chef)
    page.goto(reverse("indicateur", args=[monde.college.uai, indicateur.pk]))
    assert controler(page) == []
    expect(page.get_by_role("img", name="Coupures par semaine, du")).to_be_visible()
    aller_au_clavier(page, page.get_by_label("Valeur (coupures)"))
    page.emulate_media(media="print")
    expect(page.locator("svg.courbe")).to_be_visible()
    expect(page.get_by_role("button", name="Enregistrer le relevé")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Modifier l'indicateur").click()
    assert controler(page) == []
    page.goto(reverse("facteur_modifier", args=[monde.college.uai, indicateur.action.facteurs.get().pk]))
    assert controler(page) == []


def test_une_experimentation_de_la_question_a_la_decision(ouvrir, monde):
    jour = timezone.localdate()
    action = une_action_publiee(monde.college)
    page = ouvrir(monde.chef)
    page.goto(f"{reverse('experimentation_ouvrir', args=[monde.college.uai])}?action={action.pk}")
    page.get_by_label("La question posée").fill("Les bornes tiennent-elles trente postes\u00a0?")
    page.get_by_label("Périmètre").fill("Deux salles")
    for nom, date in (("debut", jour - 20 * UN_JOUR), ("fin", jour), ("decision_le", jour)):
        page.locator(f"#id_{nom}").fill(date.isoformat())
    assert controler(page) == []
    page.get_by_role("button", name="Ouvrir l'expérimentation").click()
    expect(page.get_by_text("Il manque l'évaluation")).to_be_visible()
    assert controler(page) == []
    page.get_by_role("link", name="Déposer l'évaluation").click()
    page.get_by_label("Évaluation").fill("Elles tiennent vingt postes.")
    page.get_by_role("button", name="Déposer l'évaluation").click()
    page.get_by_role("link", name="Décider").click()
    page.get_by_role("radio", name="Généraliser").check()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("il manque la date de la formation").first).to_be_visible()
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_label("Périmètre suivant"))
    page.keyboard.type("Toutes les salles")
    page.get_by_label("Formation des enseignants").fill((jour + 30 * UN_JOUR).isoformat())
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_role("status")).to_contain_text("La décision est enregistrée")
    page.get_by_role("link", name="Expérimentations").first.click()
    expect(page.get_by_text("Décidée\u00a0: généraliser")).to_be_visible()
    assert controler(page) == []
