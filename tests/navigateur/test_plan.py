"""The plan in a real browser: its views at every width and on paper, the year's turn without a script."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from plans.models import Action
from plans.rules.tour import annee_qui_finit
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.plans import cette_annee, un_axe, un_axe_adosse, un_indicateur, une_action, une_action_publiee


def adresse(nom: str, **parametres) -> str:
    return reverse(nom, args=["0980001U"], query=parametres or None)


def un_plan(monde) -> dict[str, Action]:
    """Two axes, seven actions of every state, one late, one shared by both axes, one with a long name."""
    annee = cette_annee(monde.college)
    cadre = un_axe_adosse(
        monde.college, "Définir un cadre de communication interne à l'établissement", theme="gouvernance"
    )
    reseau = un_axe(monde.college, "Fiabiliser le réseau", theme="acces")
    hier = timezone.localdate(timezone=monde.academie.zone) - datetime.timedelta(days=1)
    comite = une_action_publiee(
        monde.college,
        "Instaurer un comité de pilotage du numérique en établissement",
        axes=[cadre, reseau],
        levier="organisation",
        porteur=monde.referent.pk,
        contributeurs=frozenset({monde.gestionnaire.pk}),
        groupes=("enseignants", "familles"),
    )
    comite.facteurs.create(texte="Le comité se réunit trois fois par an")
    une_action(monde.college, "Écrire la lettre de mission", parent=comite, porteur=monde.referent.pk, trimestre=1)
    comite.indicateurs.get().releves.create(date=hier, valeur=7, releve_le=timezone.now())
    plan = {"comite": comite}
    for rang, (etat, titre) in enumerate(
        (
            ("en_cours", "Poser deux bornes au deuxième étage"),
            ("bloquee", "Anticonstitutionnellement" * 6),
            ("en_pause", "Former les équipes à l'espace numérique de travail"),
            ("realisee", "Nommer un référent"),
            ("abandonnee", "Acheter des tablettes"),
        )
    ):
        action = une_action(
            monde.college,
            titre,
            axes=[reseau],
            fonction_porteuse="Gestionnaire",
            trimestre=1 + rang % 3,
            annee_fin=annee_suivante(annee) if rang == 2 else annee,
        )
        raison = "Le devis est attendu de la collectivité" if etat in Action.A_RAISON else ""
        Action.objects.filter(pk=action.pk).update(etat=etat, raison=raison)
        plan[etat] = action
    Action.objects.filter(pk=plan["en_cours"].pk).update(echeance=hier)
    un_indicateur(plan["en_cours"], "Salles couvertes", unite="%", depart=40, cible=100)
    une_action(monde.college, "Une idée à préciser")
    return plan


@pytest.mark.parametrize("nom", ["moyens", "plan_par_etat", "plan_frise"])
def test_les_vues_du_plan_a_toutes_les_largeurs(ouvrir, monde, nom):
    un_plan(monde)
    page = ouvrir(monde.chef)
    page.goto(adresse(nom))
    page.get_by_text("Filtrer les actions").click()
    assert controler(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".filtres")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Le plan d'action")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Poser deux bornes")


def test_filtrer_au_clavier_puis_retirer_le_filtre(ouvrir, monde):
    un_plan(monde)
    page = ouvrir(monde.chef)
    page.goto(adresse("moyens"))
    aller_au_clavier(page, page.get_by_text("Filtrer les actions"))
    entrer(page)
    aller_au_clavier(page, page.locator(".filtres").get_by_role("link", name=re.compile("^Bloquée")))
    entrer(page)
    page.wait_for_url(re.compile("etat=bloquee"))
    expect(page.locator(".filtres-actifs")).to_contain_text("1 action répond au filtre")
    expect(page.locator("table.plan")).not_to_contain_text("Poser deux bornes")
    assert controler(page) == []
    page.get_by_role("link", name="Retirer le filtre Bloquée").click()
    expect(page.locator("table.plan")).to_contain_text("Poser deux bornes")


def test_mettre_a_jour_sans_script(ouvrir, monde):
    """A state and a value, from one's own page, without JavaScript."""
    plan = un_plan(monde)
    page = ouvrir(monde.referent, java_script_enabled=False)
    page.goto(adresse("mes_actions"))
    carte = page.locator(f"#action-{plan['comite'].pk}")
    carte.get_by_text("Changer l'état").click()
    carte.get_by_label("État", exact=True).select_option("en_cours")
    carte.get_by_role("button", name=re.compile("^Enregistrer «")).click()
    expect(page.get_by_role("status")).to_contain_text("L'état de l'action est enregistré.")
    expect(page).to_have_url(re.compile("/plan/mes-actions/$"))
    carte.get_by_text("Ajouter un relevé").click()
    carte.get_by_label(re.compile("^Valeur")).fill("4,5")
    carte.get_by_role("button", name=re.compile("^Enregistrer la valeur")).click()
    plan["comite"].refresh_from_db()
    assert (plan["comite"].etat, plan["comite"].indicateurs.get().releves.latest("date").valeur) == ("en_cours", 4.5)


def test_ma_page_est_lisible_partout(ouvrir, monde):
    un_plan(monde)
    page = ouvrir(monde.referent)
    page.goto(adresse("mes_actions"))
    for resume in page.locator(".suivis details summary").all():
        resume.click()
    assert controler(page) == []


def test_le_lien_d_agenda_se_copie(ouvrir, monde):
    page = ouvrir(monde.referent)
    page.goto(adresse("agenda_lien"))
    page.get_by_role("button", name="Créer le lien").click()
    lien = page.get_by_label("Adresse à coller dans votre agenda").input_value()
    assert controler(page) == []
    reponse = page.request.get(lien)
    assert (reponse.status, reponse.text().splitlines()[0]) == (200, "BEGIN:VCALENDAR")


def test_tourner_la_page_sans_script(ouvrir, monde):
    plan, finie = un_plan(monde), annee_qui_finit(timezone.localdate(timezone=monde.academie.zone))
    for nom in ("en_cours", "bloquee"):
        Action.objects.filter(pk=plan[nom].pk).update(
            annee_scolaire=annee_precedente(finie), annee_fin=finie, trimestre_fin=None
        )
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(adresse("plan_tourner"))
    page.get_by_role("button", name="Relire avant de tourner la page").click()
    expect(page.get_by_role("alert")).to_contain_text("2 lignes à revoir")
    page.locator(f"#decision-{plan['en_cours'].pk}").get_by_label("La reporter").check()
    abandon = page.locator(f"#decision-{plan['bloquee'].pk}")
    abandon.get_by_label("L'abandonner").check()
    abandon.get_by_label(re.compile("^Raison")).fill("La collectivité s'en charge")
    page.get_by_role("button", name="Relire avant de tourner la page").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text(["Reportées 1", "Abandonnées 1"])
    page.get_by_role("button", name="Tourner la page").click()
    expect(page.get_by_role("status")).to_contain_text("La page est tournée")
    plan["bloquee"].refresh_from_db()
    assert (plan["bloquee"].etat, plan["bloquee"].raison) == ("abandonnee", "La collectivité s'en charge")


def test_tourner_et_copier_se_lisent_partout(ouvrir, monde):
    plan, finie = un_plan(monde), annee_qui_finit(timezone.localdate(timezone=monde.academie.zone))
    Action.objects.filter(pk=plan["en_cours"].pk).update(annee_scolaire=finie, annee_fin=finie, trimestre_fin=None)
    page = ouvrir(monde.chef)
    page.goto(adresse("plan_tourner"))
    page.get_by_role("button", name="Relire avant de tourner la page").click()
    assert controler(page) == []
    page.get_by_label("Elle est réalisée").check()
    page.get_by_role("button", name="Relire avant de tourner la page").click()
    assert controler(page) == []
    page.goto(adresse("plan_dupliquer"))
    assert controler(page) == []
