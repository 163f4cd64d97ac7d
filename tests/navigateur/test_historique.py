"""The past of a thing, the bin, and the cascade from a district to its schools, in a real browser."""

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from plans.domain.actions import lire_saisie, modifier_action
from plans.domain.cascade import (
    SaisiePriorite,
    SaisieRattachement,
    dire_rattachement,
    fixer_priorite,
)
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.models import Action, AxeDistrict, Rattachement
from tests.navigateur.conftest import aller_au_clavier, controler, entrer
from tests.plans.plans import cette_annee, un_axe, un_besoin, une_action


def test_lire_ce_qui_a_change_puis_reprendre_a_la_corbeille(ouvrir, monde):
    axe = un_axe(monde.college, besoins=[un_besoin(monde.college)])
    action = une_action(monde.college, "Installer deux bornes Wi-Fi", axes=[axe])
    base = lire_saisie(action)
    saisie = type(base)(
        **vars(base) | {"intitule": "Installer trois bornes Wi-Fi " + "x" * 200, "porteur": monde.referent.pk}
    )
    modifier_action(action=action, base=base, saisie=saisie, auteur=monde.referent, maintenant=timezone.now())
    mettre_a_la_corbeille(objet=action, auteur=monde.chef, maintenant=timezone.now())
    page = ouvrir(monde.chef)
    page.goto(reverse("corbeille", args=[monde.college.uai]))
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("link", name=re.compile("^Historique")))
    entrer(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Historique de l'action")
    expect(page.get_by_role("heading", name="Rémi Référent a modifié l'action")).to_be_visible()
    assert controler(page) == []
    page.go_back()
    aller_au_clavier(page, page.get_by_role("button", name=re.compile("^Restaurer")))
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("de retour hors de la corbeille")
    expect(page.get_by_role("heading", name="La corbeille est vide")).to_be_visible()
    assert controler(page) == []
    assert Action.objects.vivants().count() == 1


def test_de_l_academie_a_l_ecole_et_retour(ouvrir, monde):
    maintenant, annee = timezone.now(), cette_annee(monde.college)
    priorite = fixer_priorite(
        academie=monde.academie,
        saisie=SaisiePriorite(annee, "Équiper chaque classe", "Avant la fin de l'année."),
        auteur=monde.rectorat,
        maintenant=maintenant,
    )
    rectorat = ouvrir(monde.rectorat)
    for nom, arguments in [
        ("districts", []),
        ("priorites", []),
        ("priorite_ajouter", []),
        ("priorite_modifier", [priorite.pk]),
        ("priorite_retirer", [priorite.pk]),
    ]:
        rectorat.goto(reverse(nom, args=arguments))
        assert (nom, controler(rectorat)) == (nom, [])
    animatrice = ouvrir(monde.animatrice)
    animatrice.goto(reverse("district_projet", args=[monde.district.pk]))
    assert controler(animatrice) == []
    animatrice.get_by_role("link", name="Ajouter un axe").click()
    assert controler(animatrice) == []
    animatrice.get_by_label("Intitulé").fill("Un réseau qui tient partout")
    animatrice.get_by_label("Thème").select_option("acces")
    animatrice.get_by_label("Priorité de l'académie").select_option(label="Équiper chaque classe")
    animatrice.get_by_role("button", name="Ajouter l'axe").click()
    expect(animatrice.get_by_role("heading", name="Un réseau qui tient partout")).to_be_visible()

    axe = un_axe(monde.college)
    ecole = ouvrir(monde.chef)
    ecole.goto(reverse("rattachements", args=[monde.college.uai]))
    assert controler(ecole) == []
    aller_au_clavier(ecole, ecole.get_by_role("link", name=re.compile("^Répondre")))
    entrer(ecole)
    ecole.wait_for_url(re.compile(r"/projet-de-district/\d+/$"))
    ecole.get_by_role("button", name="Enregistrer la réponse").click()
    expect(ecole.get_by_text("Choisissez une des trois réponses.", exact=True)).to_be_visible()
    assert controler(ecole) == []
    ecole.get_by_label("Nous le servons", exact=True).check()
    ecole.get_by_label("Si vous le servez").select_option(label=axe.intitule)
    ecole.get_by_role("button", name="Enregistrer la réponse").click()
    expect(ecole.get_by_text("Nous le servons", exact=True)).to_be_visible()
    assert controler(ecole) == []
    assert Rattachement.objects.get().axe == axe

    demande = AxeDistrict.objects.get()
    voisine = SaisieRattachement("hors_competence", None, "Le réseau est à la commune")
    dire_rattachement(
        etablissement=monde.voisin_college,
        axe_district=demande,
        base=SaisieRattachement(),
        saisie=voisine,
        auteur=monde.voisin,
        maintenant=maintenant,
    )
    animatrice.reload()
    expect(animatrice.locator(".comptes")).to_contain_text("sur 2 établissements")
    assert controler(animatrice) == []
    for lien in ("Réponses des établissements", "Modifier", "Retirer"):
        animatrice.goto(reverse("district_projet", args=[monde.district.pk]))
        animatrice.get_by_role("link", name=re.compile(f"^{lien}")).click()
        assert (lien, controler(animatrice)) == (lien, [])
    animatrice.get_by_role("button", name="Retirer l'axe").click()
    expect(animatrice.get_by_role("heading", name="1 axe retiré")).to_be_visible()
    assert controler(animatrice) == []
    ecole.reload()
    expect(ecole.get_by_text("orphelin", exact=True)).to_be_visible()
    assert controler(ecole) == []
