"""Confiding champs in a real browser, with the keyboard alone and without JavaScript."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diagnostic.domain.preuves import ajouter_preuve
from diagnostic.models import Delegation, Diagnostic, Indicateur
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from tests.dossier import commencer
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


@pytest.fixture
def brouillon(monde, referentiel) -> Diagnostic:
    maintenant = timezone.now()
    annee = annee_scolaire(maintenant.astimezone(monde.academie.zone).date())
    return commencer(monde.college, annee, referentiel, monde.chef, maintenant)


def adresse_de(brouillon: Diagnostic, nom: str, *suite: str) -> str:
    return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])


def test_confier_au_clavier(ouvrir, monde, brouillon):
    page = ouvrir(monde.chef)
    page.goto(adresse_de(brouillon, "diagnostic_confier"))
    assert controler(page) == []
    groupe = page.get_by_role("group", name="Pilotage")
    aller_au_clavier(page, groupe.get_by_label("Gaëlle Gestion"))
    page.keyboard.press("Space")
    aller_au_clavier(page, page.get_by_role("button", name="Enregistrer la répartition"))
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("Gaëlle Gestion reçoit un courriel.")
    expect(groupe.get_by_label("Gaëlle Gestion")).to_be_checked()
    assert [(d.champ, d.utilisateur) for d in Delegation.objects.select_related("utilisateur")] == [
        ("PIL", monde.gestionnaire)
    ]


def test_reprendre_une_preuve_sans_javascript(ouvrir, monde, brouillon, referentiel):
    annee = annee_precedente(brouillon.campagne.annee_scolaire)
    passe = commencer(monde.college, annee, referentiel, monde.chef, timezone.now())
    for rang in (1, 2):
        ajouter_preuve(
            diagnostic=passe,
            indicateur=Indicateur.objects.get(code="PIL-1-1"),
            intitule=f"Lettre de mission {rang}",
            date_piece=None,
            lien="https://exemple.invalid/lettre",
            piece=None,
            auteur=monde.referent,
            maintenant=timezone.now(),
        )
    page = ouvrir(monde.chef, java_script_enabled=False)
    page.goto(adresse_de(brouillon, "diagnostic_preuves", "PIL-1-1"))
    page.get_by_role("button", name="Reprendre Lettre de mission 2").click()
    expect(page.get_by_role("status")).to_contain_text("est reprise.")
    assert [preuve.intitule for preuve in brouillon.preuves.all()] == ["Lettre de mission 2"]
    lue = ouvrir(monde.chef)
    lue.goto(adresse_de(brouillon, "diagnostic_preuves", "PIL-1-1"))
    expect(lue.get_by_text(f"reprise de {annee}")).to_be_visible()
    assert controler(lue) == []
