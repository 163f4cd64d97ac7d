"""Lines and financings in the bin: nothing goes in silence, nothing enters or leaves a closed exercice."""

import datetime
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from budget.domain.corbeille_du_budget import retirer_financement, retirer_ligne
from budget.domain.exercices import clore_exercice
from budget.domain.lignes import lire_ligne, modifier_ligne
from budget.models import Financement, LigneBudget
from budget.queries.budget import Selection, synthese
from plans.domain.corbeille import mettre_a_la_corbeille, purger_corbeille, restaurer
from strategie.socle.domain.empechement import Empeche
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.test_dbm import une_dbm
from tests.plans.plans import une_action


@pytest.fixture
def annee() -> int:
    return timezone.localdate().year


@pytest.fixture
def agir(monde):
    return {"auteur": monde.chef, "maintenant": timezone.now()}


def clore(monde, annee: int) -> None:
    clore_exercice(etablissement=monde.college, annee=annee, auteur=monde.chef, maintenant=timezone.now())


def test_une_ligne_a_la_corbeille_ne_compte_plus_puis_revient(monde, annee, agir):
    ligne = une_ligne(monde.college, annee, prevu=D(30))
    retirer_ligne(ligne=ligne, **agir)
    retirer_ligne(ligne=ligne, **agir)
    assert synthese(monde.college, Selection(exercice=annee)).montants.prevu == 0
    restaurer(objet=ligne, **agir)
    assert synthese(monde.college, Selection(exercice=annee)).montants.prevu == 30


def test_une_ligne_payee_ou_corrigee_ne_part_pas_en_silence(monde, annee, agir):
    payee, corrigee = (une_ligne(monde.college, annee, nom, prevu=D(30)) for nom in ("Payée", "Corrigée"))
    aide = un_financement(monde.college, annee, ligne=payee.pk, demande=D(10))
    une_dbm(monde.college, {corrigee.pk: D(5)})
    for ligne, phrase in ((payee, "Un financement paie cette ligne"), (corrigee, "DBM 1 de .* change cette ligne")):
        with pytest.raises(Empeche, match=phrase):
            retirer_ligne(ligne=ligne, **agir)
    assert LigneBudget.objects.vivants().count() == 2
    retirer_financement(financement=aide, **agir)
    retirer_ligne(ligne=payee, **agir)
    with pytest.raises(Empeche, match="Restaurez d'abord la ligne « Payée »".replace(" ", "\\s")):
        restaurer(objet=aide, **agir)


def test_une_ligne_corrigee_ne_change_pas_d_exercice(monde, annee, agir):
    ligne = une_ligne(monde.college, annee, prevu=D(30))
    une_dbm(monde.college, {ligne.pk: D(5)})
    base = lire_ligne(ligne)
    saisie = type(base)(**(vars(base) | {"exercice": annee + 1, "annee_scolaire": f"{annee + 1}-{annee + 2}"}))
    with pytest.raises(Empeche, match="reste dans son exercice"):
        modifier_ligne(ligne=ligne, base=base, saisie=saisie, **agir)


def test_un_exercice_clos_ne_perd_ni_ne_reprend_rien(monde, annee, agir):
    ligne, partie = (une_ligne(monde.college, annee, nom) for nom in ("Reste", "Partie"))
    aide, partie_aussi = un_financement(monde.college, annee), un_financement(monde.college, annee)
    retirer_ligne(ligne=partie, **agir)
    retirer_financement(financement=partie_aussi, **agir)
    clore(monde, annee)
    for acte in (
        lambda: retirer_ligne(ligne=ligne, **agir),
        lambda: retirer_financement(financement=aide, **agir),
        lambda: mettre_a_la_corbeille(objet=ligne, **agir),  # by another door
        lambda: mettre_a_la_corbeille(objet=aide, **agir),
        lambda: restaurer(objet=partie, **agir),
        lambda: restaurer(objet=partie_aussi, **agir),
    ):
        with pytest.raises(Empeche, match="est clos"):
            acte()
    assert [str(une) for une in LigneBudget.objects.vivants()] == ["Reste"]
    assert list(Financement.objects.vivants()) == [aide]


def test_une_aide_revient_si_elle_tient_encore_dans_sa_ligne(monde, annee, agir):
    ligne = une_ligne(monde.college, annee, prevu=D(100))
    premiere = un_financement(monde.college, annee, ligne=ligne.pk, accorde=D(60))
    retirer_financement(financement=premiere, **agir)
    seconde = un_financement(monde.college, annee, ligne=ligne.pk, accorde=D("40.01"))
    with pytest.raises(Empeche, match="dépasse le coût"):
        restaurer(objet=premiere, **agir)
    retirer_financement(financement=seconde, **agir)
    restaurer(objet=premiere, **agir)
    assert synthese(monde.college, Selection(exercice=annee)).aides.accorde == 60


def test_une_ligne_garde_son_action_partie_a_la_corbeille(monde, annee, agir):
    action = une_action(monde.college)
    ligne = une_ligne(monde.college, annee, action=action.pk)
    mettre_a_la_corbeille(objet=action, **agir)
    base = lire_ligne(ligne)
    assert not modifier_ligne(ligne=ligne, base=base, saisie=type(base)(**(vars(base) | {"note": "vu"})), **agir)
    ligne.refresh_from_db()
    assert (ligne.action_id, ligne.note) == (action.pk, "vu")


def test_apres_trente_jours_l_aide_est_detruite_avant_sa_ligne(monde, annee, agir):
    ligne = une_ligne(monde.college, annee, prevu=D(10))
    aide = un_financement(monde.college, annee, ligne=ligne.pk)
    retirer_financement(financement=aide, **agir)
    retirer_ligne(ligne=ligne, **agir)
    purge = purger_corbeille(etablissement=monde.college.pk, maintenant=timezone.now() + datetime.timedelta(days=31))
    assert (purge.detruits, purge.gardes, LigneBudget.objects.count(), Financement.objects.count()) == (2, (), 0, 0)


# --- Who reads it -----------------------------------------------------------------------------------------------
def test_qui_ne_lit_pas_le_budget_n_en_lit_ni_la_corbeille_ni_l_histoire(client, monde, annee, agir):
    ligne = une_ligne(monde.college, annee, "Une ligne discrète")
    retirer_ligne(ligne=ligne, **agir)
    histoire = reverse("historique", args=[monde.college.uai, "ligne_budget", ligne.pk])
    for qui, lit in ((monde.chef, True), (monde.gestionnaire, True), (monde.referent, True), (monde.lectrice, False)):
        client.force_login(qui)
        corbeille = client.get(reverse("corbeille", args=[monde.college.uai]))
        assert ("Une ligne discrète" in corbeille.content.decode()) is lit
        assert client.get(histoire).status_code == (200 if lit else 403)


def test_l_histoire_d_une_ligne_se_lit_en_mots(client, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D("1234.5"))
    un_financement(monde.college, annee, "Part de l'État", ligne=ligne.pk, source="tne", accorde=D(200))
    client.force_login(monde.referent)
    page = client.get(reverse("historique", args=[monde.college.uai, "ligne_budget", ligne.pk])).content.decode()
    for mots in (
        "a créé la ligne de budget",
        "1\u202f234,50\u00a0€",
        "a noté le financement",
        "Territoires numériques",
    ):
        assert mots in page
