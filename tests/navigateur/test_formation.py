"""Training in a browser: from a need to the people who came, without JavaScript; every page for everybody."""

import datetime

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from budget.domain.formations import accorder, demander
from budget.models import BesoinFormation
from strategie.socle.domain.calendrier import bornes
from tests.budget.formations import D, cette_annee, une_formation, une_seance_tenue
from tests.navigateur.conftest import controler
from tests.plans.plans import une_action_publiee


def une_formation_accordee(monde, intitule: str = "Prendre en main l'ENT", **champs) -> BesoinFormation:
    college, maintenant = monde.college, timezone.now()
    formation = une_formation(college, intitule, maintenant=maintenant, annee_scolaire=cette_annee(college), **champs)
    formation = demander(formation=formation, version=1, auteur=monde.chef, maintenant=maintenant)
    return accorder(formation=formation, version=2, auteur=monde.animatrice, maintenant=maintenant)


def test_du_besoin_aux_presents_sans_javascript(ouvrir, monde):
    page = ouvrir(monde.referent, java_script_enabled=False)
    page.goto(reverse("formations", args=[monde.college.uai]))
    page.get_by_role("link", name="Écrire un besoin").click()
    page.get_by_label("De quelle formation s'agit-il").fill("Partager ses supports")
    page.get_by_label("Enseignants").check()
    page.get_by_label("Nombre de personnes").fill("0")
    page.get_by_label("Pair à pair").check()
    page.get_by_label("Durée pour une personne").fill("1,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Une formation compte de 1 à 2\u202f000 personnes.", exact=True)).to_be_visible()
    page.get_by_label("Nombre de personnes").fill("12")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Accorder").click()
    page.get_by_role("button", name="Accorder").click()
    expect(page.get_by_role("status")).to_contain_text("La formation est accordée.")
    page.get_by_role("link", name="Ajouter une séance").click()
    page.get_by_label("Jour").fill(bornes(cette_annee(monde.college))[0].isoformat())
    page.get_by_label("Durée, en heures").fill("1,5")
    page.get_by_role("button", name="Ajouter la séance").click()
    page.get_by_role("link", name="Compter les présents").click()
    page.get_by_label("Enseignants").fill("13")
    page.get_by_role("button", name="Enregistrer les présents").click()
    expect(page.get_by_text("13 présents, et la formation est prévue pour 12").first).to_be_visible()
    page.get_by_label("Enseignants").fill("11")
    page.get_by_role("button", name="Enregistrer les présents").click()
    expect(page.get_by_text("11\u00a0personnes présentes")).to_be_visible()
    page.get_by_role("link", name="Dire la formation réalisée").click()
    page.get_by_role("button", name="Dire la formation réalisée").click()
    assert BesoinFormation.objects.get().etat == "realise"


def test_chaque_page_se_lit_par_tous(ouvrir, monde, referentiel):
    action = une_action_publiee(monde.college, "Former toute l'équipe", levier="formation")
    une_action_publiee(monde.college, "Former encore", levier="formation")
    formation = une_formation_accordee(
        monde, action=action.pk, indicateur=action.indicateurs.get().pk, heures_formateur=D("12")
    )
    seance = une_seance_tenue(formation, bornes(formation.annee_scolaire)[0]) if _commencee(monde) else None
    uai = monde.college.uai
    page = ouvrir(monde.chef)
    for nom, arguments, suite in (
        ("formations", [uai], ""),
        ("formation", [uai, formation.pk], ""),
        ("formation_ajouter", [uai], ""),
        ("formation_modifier", [uai, formation.pk], ""),
        ("formation_etat", [uai, formation.pk], "?acte=annuler"),
        ("besoins_detectes", [uai], ""),
        ("plan_formation", [uai], ""),
        ("couverture", [uai], ""),
        ("effectifs_equipes", [uai], ""),
        ("seance_ajouter", [uai, formation.pk], ""),
        *([("seance_presents", [uai, seance.pk], "")] if seance else []),
    ):
        page.goto(reverse(nom, args=arguments) + suite)
        assert controler(page) == [], nom


def test_le_district_et_l_academie_se_lisent_par_tous(ouvrir, monde):
    une_formation_accordee(monde, heures_formateur=D("12"))
    page = ouvrir(monde.animatrice)
    page.goto(reverse("heures_formateurs", args=[monde.district.pk]))
    assert controler(page) == []
    page = ouvrir(monde.rectorat)
    page.goto(reverse("reglages_formation"))
    assert controler(page) == []


def _commencee(monde) -> bool:
    """Whether the school year that pages call this one has begun: from 15 August on, it is the next."""
    debut: datetime.date = bornes(cette_annee(monde.college))[0]
    return debut <= timezone.localdate()
