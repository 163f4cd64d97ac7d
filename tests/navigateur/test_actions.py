"""An action in a browser: created with the keyboard, or without JavaScript; two people at once; published."""

import re
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from plans.domain.actions import lire_saisie, modifier_action
from plans.models import Action
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.plans import des_avis, un_axe_adosse, un_indicateur, une_action, une_action_publiee, une_cle


def envoyer_au_clavier(page):
    """From a field of the form: Chromium hides the focus while it is inside a date field's calendar button."""
    aller_au_clavier(page, page.get_by_label("ou une fonction"))
    entrer(page)


def test_creer_puis_publier_une_action_au_clavier(ouvrir, monde):
    axe = un_axe_adosse(monde.college, "Fiabiliser le réseau")
    page = ouvrir(monde.chef)
    page.goto(f"{reverse('action_creer', args=[monde.college.uai])}?axe={axe.pk}")
    assert controler(page) == []
    expect(page.get_by_role("checkbox", name="Fiabiliser le réseau")).to_be_checked()
    aller_au_clavier(page, page.get_by_label("Ce qui sera fait"))
    page.keyboard.type("Poser deux bornes")
    envoyer_au_clavier(page)
    expect(page.get_by_role("alert")).to_contain_text("Dites de quel moyen il s'agit.")
    expect(page.get_by_label("Ce qui sera fait")).to_have_value("Poser deux bornes")
    assert controler(page) == []
    page.get_by_label("Moyen").select_option("infrastructure")
    page.get_by_label("une personne de l'équipe").select_option(label="Rémi Référent")
    envoyer_au_clavier(page)
    expect(page.get_by_role("heading", name=re.compile("Pour la publier, il manque"))).to_be_visible()
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("link", name=re.compile("Réalisable")))
    entrer(page)
    page.wait_for_url(re.compile("/examen/#realisable$"))
    assert controler(page) == []
    action = Action.objects.get()
    un_indicateur(action)
    des_avis(action)
    page.goto(reverse("action", args=[monde.college.uai, action.pk]))
    aller_au_clavier(page, page.get_by_role("button", name="Publier l'action"))
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("L'action est publiée")
    assert Action.objects.get().etat == "a_venir"


def test_sans_javascript_une_action_se_cree_et_se_suit(ouvrir, monde):
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(reverse("action_creer", args=[monde.college.uai]))
    page.get_by_label("Ce qui sera fait").fill("Former les volontaires")
    page.get_by_label("Moyen").select_option("formation")
    page.get_by_role("button", name="Créer l'action").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Former les volontaires")
    action = Action.objects.get()
    Action.objects.update(etat="a_venir")
    page.goto(reverse("action_etat", args=[monde.college.uai, action.pk]))
    page.get_by_label("Bloquée").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Pour bloquer une action, dites pourquoi.")).to_be_visible()
    page.get_by_label("Raison ou note").fill("Pas de salle avant mars")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".etiquette", has_text="Bloquée")).to_be_visible()
    expect(page.get_by_text("Pas de salle avant mars").first).to_be_visible()


def test_deux_versions_se_choisissent_au_clavier(ouvrir, monde):
    action = une_action(monde.college, "Poser des bornes")
    page = ouvrir(monde.chef)
    page.goto(reverse("action_modifier", args=[monde.college.uai, action.pk]))
    page.get_by_label("Ce qui sera fait").fill("Poser trois bornes")
    page.get_by_label("Comment s'y prendre").fill("D'abord le hall")
    base = lire_saisie(action)
    modifier_action(
        action=action,
        base=base,
        saisie=replace(base, intitule="Poser quatre bornes"),
        auteur=monde.referent,
        maintenant=timezone.now(),
    )
    page.get_by_role("button", name="Enregistrer l'action").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un collègue a changé la même chose que vous")
    expect(page.get_by_text("Poser trois bornes")).to_be_visible()
    expect(page.get_by_text("Poser quatre bornes", exact=True).last).to_be_visible()
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_label(re.compile("Ce que vous avez écrit")))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Enregistrer ces choix"))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Poser trois bornes")
    assert lire_saisie(Action.objects.get()) == replace(
        base, intitule="Poser trois bornes", description="D'abord le hall"
    )


def test_la_page_d_une_action_vivante(ouvrir, monde):
    """With everything that hangs on it: trail, comments, sub-actions; on screen, then on paper."""
    action = une_action_publiee(
        monde.college, "Poser deux bornes", porteur=monde.referent.pk, contributeurs=frozenset({monde.lectrice.pk})
    )
    une_action(monde.college, "Tirer les câbles", parent=action)
    action.commentaires.create(texte="Enfin\u00a0!", cle=une_cle(), auteur=monde.chef, ecrit_le=timezone.now())
    page = ouvrir(monde.chef)
    page.goto(reverse("action", args=[monde.college.uai, action.pk]))
    assert controler(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Ce qui la justifie")).to_be_visible()
    expect(page.get_by_label("Votre commentaire")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_label("Votre commentaire").fill("À voir lundi.")
    page.get_by_role("button", name="Publier le commentaire").click()
    page.wait_for_url(re.compile("#commentaires$"))
    expect(page.get_by_text("À voir lundi.")).to_be_visible()
