"""What pays: it follows its line, never exceeds it, and is asked of somebody who may."""

import dataclasses
import datetime
import uuid
from decimal import Decimal as D

import pytest

from budget.domain.exercices import clore_exercice
from budget.domain.financements import SaisieFinancement, creer_financement, lire_financement, modifier_financement
from budget.domain.financeurs import FINANCEURS, financeurs_pour
from budget.domain.lignes import creer_ligne, lire_ligne, modifier_ligne
from budget.models import Financement
from strategie.socle.domain.empechement import Empeche
from tests.budget.budgets import une_saisie

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
EN_COURS = 2031


@pytest.fixture
def ligne(monde):
    return creer_ligne(
        etablissement=monde.college,
        saisie=une_saisie(EN_COURS, prevu=D(100), section="investissement"),
        cle=uuid.uuid4(),
        auteur=monde.chef,
        maintenant=MAINTENANT,
    )


@pytest.fixture
def aider(monde):
    def aider(etablissement=None, cle=None, **champs):
        valeurs = {
            "exercice": EN_COURS,
            "annee_scolaire": "2031-2032",
            "source": "dotation_collectivite",
            "intitule": "Dotation",
            "section": "fonctionnement",
        }
        return creer_financement(
            etablissement=etablissement or monde.college,
            saisie=SaisieFinancement(**(valeurs | champs)),
            cle=cle or uuid.uuid4(),
            auteur=monde.chef,
            maintenant=MAINTENANT,
        )

    return aider


def periode(financement) -> tuple[int, str, str]:
    financement.refresh_from_db()
    return financement.exercice, financement.annee_scolaire, financement.section


def test_envoye_deux_fois_il_n_est_la_qu_une_fois(aider):
    cle = uuid.uuid4()
    premier = aider(cle=cle, demande=D(10))
    assert aider(cle=cle, demande=D(10)) == premier
    assert Financement.objects.get().demande == 10


def test_il_est_de_l_exercice_de_sa_ligne_quoi_qu_on_en_dise(ligne, aider):
    aide = aider(ligne=ligne.pk, exercice=2035, annee_scolaire="2035-2036")
    assert periode(aide) == (2031, "2031-2032", "investissement")


def test_il_suit_sa_ligne_dans_un_autre_exercice(monde, ligne, aider):
    aide, autre = aider(ligne=ligne.pk, accorde=D(40)), aider()
    base = lire_ligne(ligne)
    saisie = dataclasses.replace(base, exercice=2032, annee_scolaire="2032-2033", section="fonctionnement")
    assert not modifier_ligne(ligne=ligne, base=base, saisie=saisie, auteur=monde.chef, maintenant=MAINTENANT)
    assert periode(aide) == (2032, "2032-2033", "fonctionnement")
    assert periode(autre) == (2031, "2031-2032", "fonctionnement")


def test_rattache_a_une_ligne_il_prend_son_exercice(monde, ligne, aider):
    aide = aider(exercice=2032, annee_scolaire="2032-2033", accorde=D(100))
    base = lire_financement(aide)
    saisie = dataclasses.replace(base, ligne=ligne.pk)
    commun = {"financement": aide, "base": base, "auteur": monde.chef, "maintenant": MAINTENANT}
    assert not modifier_financement(saisie=saisie, **commun)
    assert (periode(aide), aide.ligne_id) == ((2031, "2031-2032", "investissement"), ligne.pk)
    trop = dataclasses.replace(lire_financement(aide), accorde=D("100.01"))
    with pytest.raises(Empeche, match="dépasse le coût"):
        modifier_financement(saisie=trop, **(commun | {"base": lire_financement(aide)}))


def test_il_ne_sort_pas_d_un_exercice_clos(monde, aider):
    aide = aider()
    clore_exercice(etablissement=monde.college, annee=EN_COURS, auteur=monde.chef, maintenant=MAINTENANT)
    base = lire_financement(aide)
    saisie = dataclasses.replace(base, exercice=2032, annee_scolaire="2032-2033")
    with pytest.raises(Empeche, match="L'exercice 2031 est clos"):
        modifier_financement(financement=aide, base=base, saisie=saisie, auteur=monde.chef, maintenant=MAINTENANT)
    assert periode(aide)[0] == 2031


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"annee_scolaire": "2033-2034"}, "ne touche pas l'exercice 2031"),
        ({"source": "detr"}, "dans la liste"),
        (
            {"demande_le": datetime.date(2031, 2, 2), "accorde_le": datetime.date(2031, 2, 1)},
            "avant d'être demandée",
        ),
        ({"exercice": 2050}, "n'est pas possible"),
    ],
)
def test_une_aide_impossible_n_ecrit_rien(aider, champs, phrase):
    with pytest.raises(Empeche, match=phrase):
        aider(**champs)
    assert not Financement.objects.exists()


def test_les_financeurs_sont_ceux_du_degre(monde, aider):
    ecoles = {financeur.code for financeur in financeurs_pour(premier_degre=True)}
    colleges = {financeur.code for financeur in financeurs_pour(premier_degre=False)}
    assert ecoles - colleges == {"commune", "socle_ecoles", "aide_departement", "detr"}
    assert colleges - ecoles == {"taxe_apprentissage", "fonds_propres"}
    assert ecoles | colleges == set(FINANCEURS)
    ecole = monde.college
    ecole.type = ecole.Type.ECOLE
    assert aider(etablissement=ecole, source="detr").source == "detr"


def test_deux_personnes_notent_la_reponse_du_financeur(monde, aider):
    aide = aider(demande=D(100))
    base = lire_financement(aide)
    commun = {"financement": aide, "base": base, "maintenant": MAINTENANT}
    assert not modifier_financement(saisie=dataclasses.replace(base, accorde=D(60)), auteur=monde.chef, **commun)
    saisie = dataclasses.replace(base, accorde=D(80), note="par courriel")
    conflits = modifier_financement(saisie=saisie, auteur=monde.gestionnaire, **commun)
    assert {champ: (un.mien, un.actuel) for champ, un in conflits.items()} == {"accorde": (D(80), D("60.00"))}
    aide.refresh_from_db()
    assert (aide.accorde, aide.note, aide.version) == (D(60), "", 2)
