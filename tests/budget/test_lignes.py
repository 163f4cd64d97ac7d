"""Lines, what pays for them, exercices: each act, and what it refuses."""

import dataclasses
import datetime
import uuid
from decimal import Decimal as D

import pytest

from budget.domain.exercices import clore_exercice, rouvrir_exercice
from budget.domain.financements import (
    SaisieFinancement,
    creer_financement,
    lire_financement,
    modifier_financement,
)
from budget.domain.lignes import creer_ligne, lire_ligne, modifier_ligne
from budget.models import Financement, LigneBudget
from strategie.socle.domain.empechement import Empeche
from tests.budget.budgets import une_saisie

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
EN_COURS = 2031


@pytest.fixture
def creer(monde):
    def creer(saisie=None, cle=None, **champs):
        return creer_ligne(
            etablissement=monde.college,
            saisie=saisie or une_saisie(EN_COURS, **champs),
            cle=cle or uuid.uuid4(),
            auteur=monde.chef,
            maintenant=MAINTENANT,
        )

    return creer


def aide(**champs) -> SaisieFinancement:
    valeurs = {
        "exercice": EN_COURS,
        "annee_scolaire": "2031-2032",
        "source": "dotation_collectivite",
        "intitule": "Dotation",
        "section": "fonctionnement",
    }
    return SaisieFinancement(**(valeurs | champs))


@pytest.fixture
def aider(monde):
    def aider(**champs):
        return creer_financement(
            etablissement=monde.college,
            saisie=aide(**champs),
            cle=uuid.uuid4(),
            auteur=monde.chef,
            maintenant=MAINTENANT,
        )

    return aider


def test_une_ligne_envoyee_deux_fois_n_est_la_qu_une_fois(creer):
    cle = uuid.uuid4()
    premiere = creer(cle=cle, prevu=D("12.30"))
    assert creer(cle=cle, prevu=D("12.30")) == premiere
    assert list(LigneBudget.objects.values_list("exercice", "prevu", "engage", "paye")) == [
        (EN_COURS, D("12.30"), 0, 0)
    ]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"intitule": ""}, "ce qui sera payé"),
        ({"prevu": D("-0.01")}, "positif ou nul"),
        ({"prevu": D("1e12")}, "démesuré"),
        ({"engage": D(5), "paye": D(6)}, "pas plus que ce qui est engagé"),
        ({"annee_scolaire": "2033-2034"}, "ne touche pas l'exercice 2031"),
        ({"annee_scolaire": "2031"}, "deux années qui se suivent"),
        ({"service": "OPC"}, "opérations en capital"),
        ({"action": 10**9}, "n'est pas, ou n'est plus"),
    ],
)
def test_une_ligne_refusee_n_ecrit_rien(creer, champs, phrase):
    with pytest.raises(Empeche, match=phrase):
        creer(**champs)
    assert not LigneBudget.objects.exists()


@pytest.mark.parametrize("exercice", [1999, 2015, 2042, 20310])
def test_un_exercice_trop_loin_est_refuse(creer, exercice):
    with pytest.raises(Empeche, match="n'est pas possible"):
        creer(une_saisie(exercice))


def test_une_ecole_n_a_pas_de_budget_propre(monde):
    ecole = monde.college
    ecole.type = ecole.Type.ECOLE
    commun = {"etablissement": ecole, "cle": uuid.uuid4(), "auteur": monde.chef, "maintenant": MAINTENANT}
    with pytest.raises(Empeche, match="pas de budget propre"):
        creer_ligne(saisie=une_saisie(EN_COURS), **commun)
    with pytest.raises(Empeche, match="collège ou d'un lycée"):
        creer_ligne(saisie=une_saisie(EN_COURS, payeur="commune", service="AP"), **commun)
    ligne = creer_ligne(saisie=une_saisie(EN_COURS, payeur="commune"), **commun)
    assert ligne.payeur == "commune"


def test_deux_personnes_changent_deux_champs_d_une_ligne(monde, creer):
    ligne = creer(prevu=D(100))
    base = lire_ligne(ligne)
    commun = {"ligne": ligne, "base": base, "maintenant": MAINTENANT}
    assert not modifier_ligne(saisie=dataclasses.replace(base, prevu=D(150)), auteur=monde.chef, **commun)
    assert not modifier_ligne(saisie=dataclasses.replace(base, note="devis reçu"), auteur=monde.gestionnaire, **commun)
    conflits = modifier_ligne(saisie=dataclasses.replace(base, prevu=D(170)), auteur=monde.gestionnaire, **commun)
    assert set(conflits) == {"prevu"}
    ligne.refresh_from_db()
    assert (ligne.prevu, ligne.note, ligne.version) == (D(150), "devis reçu", 3)


def test_un_exercice_clos_ne_change_plus_jusqu_a_sa_reouverture(monde, creer):
    ligne = creer(prevu=D(100))
    base = lire_ligne(ligne)
    clore_exercice(etablissement=monde.college, annee=EN_COURS, auteur=monde.gestionnaire, maintenant=MAINTENANT)
    changer = {
        "ligne": ligne,
        "base": base,
        "saisie": dataclasses.replace(base, prevu=D(1)),
        "auteur": monde.chef,
        "maintenant": MAINTENANT,
    }
    with pytest.raises(Empeche, match="Le chef d'établissement peut le rouvrir"):
        modifier_ligne(**changer)
    with pytest.raises(Empeche, match="clos"):
        creer()
    with pytest.raises(Empeche, match="déjà clos"):
        clore_exercice(etablissement=monde.college, annee=EN_COURS, auteur=monde.chef, maintenant=MAINTENANT)
    rouvrir = {"etablissement": monde.college, "annee": EN_COURS, "auteur": monde.chef, "maintenant": MAINTENANT}
    with pytest.raises(Empeche, match="Dites pourquoi"):
        rouvrir_exercice(raison="  ", **rouvrir)
    rouvrir_exercice(raison="Une facture est arrivée", **rouvrir)
    with pytest.raises(Empeche, match="déjà ouvert"):
        rouvrir_exercice(raison="Encore", **rouvrir)
    assert not modifier_ligne(**changer)
    ligne.refresh_from_db()
    assert ligne.prevu == 1


def test_une_ligne_ne_sort_pas_d_un_exercice_clos(monde, creer):
    ligne = creer()
    base = lire_ligne(ligne)
    clore_exercice(etablissement=monde.college, annee=EN_COURS, auteur=monde.chef, maintenant=MAINTENANT)
    ailleurs = dataclasses.replace(base, exercice=2032, annee_scolaire="2032-2033")
    with pytest.raises(Empeche, match="L'exercice 2031 est clos"):
        modifier_ligne(ligne=ligne, base=base, saisie=ailleurs, auteur=monde.chef, maintenant=MAINTENANT)


def test_un_exercice_a_venir_ne_se_clot_pas(monde):
    with pytest.raises(Empeche, match="n'a pas commencé"):
        clore_exercice(etablissement=monde.college, annee=2032, auteur=monde.chef, maintenant=MAINTENANT)


def test_des_aides_ne_depassent_pas_ce_qu_elles_paient(creer, aider):
    ligne = creer(prevu=D(100))
    aider(ligne=ligne.pk, demande=D(60), accorde=D(60))
    with pytest.raises(Empeche, match="dépasse le coût"):
        aider(ligne=ligne.pk, demande=D(50), accorde=D("40.01"))
    with pytest.raises(Empeche, match="dépasse le coût"):
        aider(ligne=ligne.pk, demande=D("100.01"))
    aider(ligne=ligne.pk, demande=D(50), accorde=D(40))
    assert Financement.objects.count() == 2


def test_une_ligne_ne_descend_pas_sous_ses_aides(monde, creer, aider):
    ligne = creer(prevu=D(100))
    aider(ligne=ligne.pk, demande=D(60), accorde=D(60))
    base = lire_ligne(ligne)
    saisie = dataclasses.replace(base, prevu=D("59.99"))
    with pytest.raises(Empeche, match="dépasse le coût"):
        modifier_ligne(ligne=ligne, base=base, saisie=saisie, auteur=monde.chef, maintenant=MAINTENANT)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"source": "banque"}, "dans la liste"),
        ({"intitule": ""}, "de quelle aide"),
        ({"accorde": D(5), "recu": D(6)}, "pas plus que ce qui est accordé"),
        ({"refuse": True, "accorde": D(5)}, "n'accorde rien"),
        ({"demande": D(-1)}, "positif ou nul"),
        ({"ligne": 10**9}, "n'est plus là"),
    ],
)
def test_une_aide_refusee_n_ecrit_rien(aider, champs, phrase):
    with pytest.raises(Empeche, match=phrase):
        aider(**champs)
    assert not Financement.objects.exists()


def test_une_aide_se_modifie_sans_compter_deux_fois(monde, creer, aider):
    ligne = creer(prevu=D(100))
    tenu = aider(ligne=ligne.pk, demande=D(100), accorde=D(60))
    base = lire_financement(tenu)
    saisie = dataclasses.replace(base, accorde=D(100), recu=D(30))
    assert not modifier_financement(
        financement=tenu, base=base, saisie=saisie, auteur=monde.chef, maintenant=MAINTENANT
    )
    tenu.refresh_from_db()
    assert (tenu.accorde, tenu.recu) == (100, 30)
