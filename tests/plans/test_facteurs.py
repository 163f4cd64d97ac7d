"""Success factors: in words, with what shows them; no silent overwrite."""

from dataclasses import replace

import pytest
from django.utils import timezone

from plans.domain.facteurs import (
    FacteurChange,
    SaisieFacteur,
    ajouter_facteur,
    lire_facteur,
    modifier_facteur,
    retirer_facteur,
)
from plans.models import FacteurReussite
from plans.rules.indicateurs import defauts_du_facteur
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.plans.plans import une_action

FACTEUR = SaisieFacteur("Les élèves rendent leurs travaux par l'ENT")
SANS_PREUVE = {"preuve": "Dites ce qui le montre\u00a0: une observation, un document, un témoignage."}


@pytest.fixture
def action(monde):
    return une_action(monde.college)


@pytest.fixture
def facteur(monde, action) -> FacteurReussite:
    return ajouter_facteur(action=action, saisie=FACTEUR, auteur=monde.chef, maintenant=timezone.now())


def modifier(facteur, auteur, version=1, **champs) -> FacteurReussite:
    return modifier_facteur(
        facteur=facteur,
        version=version,
        saisie=replace(FACTEUR, **champs),
        auteur=auteur,
        maintenant=timezone.now(),
    )


@pytest.mark.parametrize(
    ("texte", "atteint", "preuve", "attendu"),
    [
        ("Un usage", "", "", {}),
        ("Un usage", "non", "", {}),
        ("Un usage", "oui", "Relevé de l'ENT", {}),
        ("Un usage", "oui", "", SANS_PREUVE),
        ("Un usage", "en_partie", "", SANS_PREUVE),
        ("", "", "", {"texte": "Dites en une phrase ce qui montrera la réussite."}),
        ("U" * 301, "", "", {"texte": "Ce texte dépasse 300\u00a0caractères\u00a0: raccourcissez-le."}),
    ],
)
def test_ce_qui_est_dit_la_se_montre(texte, atteint, preuve, attendu):
    assert defauts_du_facteur(texte, atteint, preuve) == attendu


def test_un_facteur_s_ajoute_une_fois_meme_envoye_deux_fois(monde, action, facteur):
    encore = ajouter_facteur(action=action, saisie=FACTEUR, auteur=monde.chef, maintenant=timezone.now())
    assert (encore, lire_facteur(FacteurReussite.objects.get())) == (facteur, FACTEUR)


def test_dix_facteurs_au_plus(monde, action, facteur):
    for rang in range(9):
        ajouter_facteur(action=action, saisie=SaisieFacteur(f"F{rang}"), auteur=monde.chef, maintenant=timezone.now())
    with pytest.raises(Empeche, match="déjà dix facteurs"):
        ajouter_facteur(action=action, saisie=SaisieFacteur("Onze"), auteur=monde.chef, maintenant=timezone.now())
    assert action.facteurs.count() == 10


def test_dire_ou_il_en_est(monde, facteur):
    modifier(facteur, monde.referent, atteint="en_partie", preuve="Trois classes sur huit")
    facteur.refresh_from_db()
    assert (lire_facteur(facteur), facteur.version) == (
        replace(FACTEUR, atteint="en_partie", preuve="Trois classes sur huit"),
        2,
    )


def test_une_version_depassee_montre_ce_qui_est_tenu(monde, facteur):
    modifier(facteur, monde.referent, atteint="oui", preuve="Huit classes")
    with pytest.raises(FacteurChange) as change:
        modifier(facteur, monde.chef, atteint="non")
    assert lire_facteur(change.value.actuel) == replace(FACTEUR, atteint="oui", preuve="Huit classes")
    facteur.refresh_from_db()
    assert (facteur.atteint, facteur.version) == ("oui", 2)
    with pytest.raises(FacteurChange):
        retirer_facteur(facteur=facteur, version=1, auteur=monde.chef)
    assert FacteurReussite.objects.count() == 1


def test_rien_de_change_n_ecrit_rien(monde, facteur):
    modifier(facteur, monde.chef)
    facteur.refresh_from_db()
    assert facteur.version == 1


def test_une_preuve_manque_rien_ne_s_ecrit(monde, facteur):
    with pytest.raises(SaisieRefusee) as refus:
        modifier(facteur, monde.chef, atteint="oui")
    assert refus.value.defauts == SANS_PREUVE


def test_retire_il_le_dit_a_qui_l_avait_ouvert(monde, facteur):
    cle = facteur.pk
    retirer_facteur(facteur=facteur, version=1, auteur=monde.chef)
    assert not FacteurReussite.objects.exists()
    with pytest.raises(FacteurChange) as parti:
        modifier(FacteurReussite(pk=cle, action=facteur.action), monde.chef, atteint="non")
    assert parti.value.actuel is None
