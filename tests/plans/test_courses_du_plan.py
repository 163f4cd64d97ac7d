"""Two people edit one action at once: no silent overwrite, disjoint changes merge. On the pure merge, then on the
real acts, each on its own connection.
"""

import uuid
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from plans.domain.actions import (
    CHAMPS,
    ENSEMBLES,
    creer_action,
    fusionner_saisies,
    lire_saisie,
    modifier_action,
    publier_action,
    rattacher_action,
)
from plans.models import Action, Suivi
from plans.queries.actions import cadre_de_l_action
from plans.rules.actions import Cadre
from strategie.socle.domain.fusion import Conflit
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde
from tests.plans.courses import Fait, arbitrer, courses_a_deux, ecrire_au_hasard, entrelacer, rejouer, rien_d_ecrase
from tests.plans.plans import des_avis, un_axe, un_axe_adosse, un_indicateur, une_action, une_saisie

CADRE = Cadre(equipe=frozenset({1, 2, 3}), axes=frozenset({10, 11, 12}), derniere_annee="2031-2032")
ENTRELACEMENTS = 1_000


class Ecole:
    """All that a pure `une_saisie` asks of a school."""

    class academie:
        zone = None


@pytest.fixture
def depart():
    return replace(une_saisie(Ecole), annee_scolaire="2026-2027", annee_fin="2026-2027", axes=frozenset({10}))


# --- Pure --------------------------------------------------------------------------------------------------------
def test_mille_entrelacements_sans_rien_ecraser(depart):
    issues = Counter[str]()
    for graine in range(ENTRELACEMENTS):
        faits, tenue = entrelacer(depart, CADRE, Random(graine))
        issues += arbitrer(faits, {1: depart}, CADRE)
        etats, _ = rejouer(faits, {1: depart}, CADRE)
        assert etats[max(etats)] == tenue, graine
    assert min(issues[issue] for issue in ("écrit seul", "fusionné avec l'autre", "conflit montré")) > 100, issues


@given(st.randoms(use_true_random=False), st.sets(st.sampled_from(["intitule", "description", "levier", "axes"])))
def test_des_champs_differents_se_fusionnent_toujours(alea, miens):
    """Whatever the fields, when no two people have touched the same one."""
    depart = replace(une_saisie(Ecole), annee_scolaire="2026-2027", annee_fin="2026-2027")
    libres = {"intitule", "description", "levier", "axes", "groupes", "autres_contributeurs", "autres_concernes"}
    ana, bob = (ecrire_au_hasard(depart, CADRE, alea, qui) for qui in ("Ana", "Bob"))
    ana = replace(depart, **{champ: getattr(ana, champ) for champ in miens})
    bob = replace(depart, **{champ: getattr(bob, champ) for champ in libres - miens})
    fusionnee, conflits = fusionner_saisies(depart, bob, ana, CADRE)
    assert conflits == {}
    assert {c: getattr(fusionnee, c) for c in libres} == {c: getattr(ana if c in miens else bob, c) for c in libres}


def test_l_arbitre_voit_un_ecrasement(depart):
    """The referee itself can fail: « the last one wins » is seen, and so is a conflict without a cause."""
    ana, bob = replace(depart, intitule="D'Ana"), replace(depart, intitule="De Bob")
    with pytest.raises(AssertionError, match="intitule: overwritten unseen"):
        rien_d_ecrase(Fait(depart, 1, bob, {}, 3), ana, bob, CADRE)
    with pytest.raises(AssertionError, match="intitule: my change is lost"):
        rien_d_ecrase(Fait(depart, 1, bob, {}, 3), depart, depart, CADRE)
    with pytest.raises(AssertionError, match="explains version 3"):
        arbitrer([Fait(depart, 1, ana, {}, 2), Fait(depart, 1, bob, {}, 3)], {1: depart}, CADRE)
    bob = replace(depart, description="De Bob")
    infonde = {"description": Conflit(depart.description, "De Bob", depart.description)}
    with pytest.raises(AssertionError, match="could be merged"):
        arbitrer([Fait(depart, 1, ana, {}, 2), Fait(depart, 1, bob, infonde, 2)], {1: depart}, CADRE)


def test_chaque_champ_est_tire(depart):
    """No field of an action is left out of the races."""
    tires = Counter(
        champ
        for graine in range(300)
        for champ in CHAMPS
        if getattr(ecrire_au_hasard(depart, CADRE, Random(graine), "Ana"), champ) != getattr(depart, champ)
    )
    assert set(CHAMPS) - set(tires) == {"annee_scolaire", "echeance"}  # their group is drawn by the terms
    assert set(ENSEMBLES) < set(tires)


# --- Real acts, each on its connection ---------------------------------------------------------------------------
@pytest.fixture
def monde_reel(transactional_db):
    return creer_monde()


@pytest.mark.django_db(transaction=True)
def test_deux_personnes_enregistrent_a_la_fois(monde_reel):
    monde = monde_reel
    action = une_action(monde.college, axes=[un_axe(monde.college, f"Axe {rang}") for rang in (1, 2, 3)])
    cadre = cadre_de_l_action(monde.college, timezone.localdate(), action)
    issues = courses_a_deux(action, cadre, (monde.chef, monde.referent), tours=60)
    assert issues["fusionné avec l'autre"] > 5 and issues["conflit montré"] > 5, issues
    action.refresh_from_db()
    assert action.evenements.count() == action.version  # one event a write, and none beside


@pytest.mark.django_db(transaction=True)
def test_un_double_clic_a_deux_connexions_cree_une_action(monde_reel):
    monde = monde_reel
    for _ in range(10):
        cle, saisie = uuid.uuid4(), une_saisie(monde.college)
        creees = ensemble(
            *[
                lambda cle=cle, saisie=saisie: creer_action(
                    etablissement=monde.college, saisie=saisie, auteur=monde.chef, maintenant=timezone.now(), cle=cle
                )
            ]
            * 2
        )
        assert len({creee.pk for creee in creees}) == 1
    assert Action.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_deux_rattachements_ne_font_pas_de_cercle(monde_reel):
    monde = monde_reel
    a, b = une_action(monde.college, "A"), une_action(monde.college, "B")

    def rattacher(action, parent):
        return lambda: rattacher_action(action=action, parent=parent, auteur=monde.chef, maintenant=timezone.now())

    for _ in range(10):
        ensemble(rattacher(a, b), rattacher(b, a))
        assert Action.objects.filter(parent__isnull=False).count() == 1
        Action.objects.update(parent=None)


@pytest.mark.django_db(transaction=True)
def test_publiee_deux_fois_a_la_fois_elle_l_est_une(monde_reel):
    monde = monde_reel
    action = une_action(monde.college, axes=[un_axe_adosse(monde.college)], porteur=monde.referent.pk)
    un_indicateur(action)
    des_avis(action)
    ensemble(*[lambda: publier_action(action=action, auteur=monde.chef, maintenant=timezone.now())] * 4)
    assert (Suivi.objects.count(), Action.objects.get().version) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_une_sous_action_ne_nait_pas_sous_ce_qui_en_devient_une(monde_reel):
    monde = monde_reel
    for rang in range(10):
        haut, milieu = (une_action(monde.college, f"{nom} {rang}") for nom in ("Haut", "Milieu"))
        ensemble(
            lambda haut=haut, milieu=milieu: rattacher_action(
                action=milieu, parent=haut, auteur=monde.chef, maintenant=timezone.now()
            ),
            lambda milieu=milieu: une_action(monde.college, "Bas", parent=milieu, auteur=monde.chef),
        )
        assert not Action.objects.filter(parent__parent__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_ce_que_l_un_a_lu_n_est_pas_ce_que_l_autre_ecrit(monde_reel):
    """Without a race: the last of two gets both values, and the base is as it was."""
    monde = monde_reel
    action = une_action(monde.college)
    base = lire_saisie(action)
    for auteur, intitule in ((monde.chef, "Le sien"), (monde.referent, "Le mien")):
        faite = modifier_action(
            action=action, base=base, saisie=replace(base, intitule=intitule), auteur=auteur, maintenant=timezone.now()
        )
    assert faite.conflits == {"intitule": Conflit(base.intitule, "Le mien", "Le sien")}
    assert lire_saisie(Action.objects.get()) == replace(base, intitule="Le sien")
