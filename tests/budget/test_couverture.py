"""Who has been trained, counted: exact bounds by team and year; headcounts of teams."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.domain.effectifs import fixer_effectifs
from budget.queries.couverture import lire_couverture
from budget.rules.couverture import Couverture, PresentsDUneEquipe, couvrir, ensemble
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from tests.budget.formations import (
    ANNEE,
    D,
    accordee,
    des_effectifs,
    effectifs,
    une_seance,
    une_seance_tenue,
)

TROIS_ANNEES = ("2028-2029", "2029-2030", ANNEE)


def presents(formation: int, combien: int, heures: str = "3") -> PresentsDUneEquipe:
    return PresentsDUneEquipe(formation, combien, D(heures))


# --- The rule --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lus", "effectif", "attendu"),
    [
        ([], 30, Couverture(30, 0, 0, 0, D("0.00"))),
        ([presents(1, 12)], 30, Couverture(30, 12, 12, 12, D("36"))),
        # one training, two sessions: the same people are meant to come
        ([presents(1, 12), presents(1, 10)], 30, Couverture(30, 12, 12, 22, D("66"))),
        # two trainings: the same twelve, or twenty people
        ([presents(1, 12), presents(2, 8)], 30, Couverture(30, 12, 20, 20, D("60"))),
        # a team is never more than itself
        ([presents(1, 20), presents(2, 18)], 30, Couverture(30, 20, 30, 38, D("114"))),
        ([presents(1, 20), presents(2, 18)], None, Couverture(None, 20, 38, 38, D("114"))),
        ([presents(1, 5, "1.5")], 5, Couverture(5, 5, 5, 5, D("7.5"))),
    ],
)
def test_combien_ont_ete_formes(lus, effectif, attendu):
    assert couvrir(lus, effectif) == attendu


def test_deux_equipes_s_ajoutent():
    assert ensemble([Couverture(30, 12, 20, 20, D("60")), Couverture(5, 2, 2, 2, D("6"))]) == Couverture(
        35, 14, 22, 22, D("66.00")
    )
    assert ensemble([Couverture(30, 12, 20, 20, D("60")), Couverture(None, 2, 2, 2, D("6"))]).effectif is None


@given(data=st.data())
def test_les_bornes_encadrent_les_personnes_formees(data):
    """A team of named people, whoever comes to what: the true number is between the bounds, when those who follow a
    training are those of its fullest session.
    """
    effectif = data.draw(st.integers(1, 12))
    equipe = st.sets(st.integers(1, effectif))
    lus, formees = [], set()
    for formation in range(data.draw(st.integers(0, 4))):
        groupe = data.draw(equipe)
        seances = [groupe, *data.draw(st.lists(st.sets(st.sampled_from(sorted(groupe))) if groupe else st.just(set())))]
        lus += [presents(formation, len(venus)) for venus in seances]
        formees |= groupe
    couverture = couvrir(lus, effectif)
    assert couverture.au_moins <= len(formees) <= couverture.au_plus <= effectif
    assert couverture.presences == sum(un.presents for un in lus)
    assert couverture.heures == 3 * couverture.presences
    melange = data.draw(st.permutations(lus))
    assert couvrir(melange, effectif) == couverture


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30), st.decimals(Decimal("0.25"), 8, places=2)), max_size=12)
)
def test_les_heures_sont_exactes_dans_tout_ordre(lus):
    une = couvrir([PresentsDUneEquipe(*un) for un in lus], None)
    autre = couvrir([PresentsDUneEquipe(*un) for un in reversed(lus)], None)
    assert une == autre
    assert une.heures == sum((combien * heures for _, combien, heures in lus), Decimal(0))


# --- What the database says ------------------------------------------------------------------------------------
def test_la_couverture_se_lit_par_equipe_et_par_annee(monde):
    des_effectifs(monde.college, enseignants=30, aesh=4)
    des_effectifs(monde.college, "2029-2030", enseignants=28)
    formation = accordee(monde.college)
    une_seance_tenue(formation, presents={"enseignants": 12, "aesh": 3})
    une_seance_tenue(formation, presents={"enseignants": 10})
    une_seance(formation)  # planned: nobody was there yet
    une_seance_tenue(accordee(monde.college, "Autre"), presents={"enseignants": 8}, heures=D("2"))
    une_seance_tenue(accordee(monde.voisin_college), presents={"enseignants": 9})
    tableau = lire_couverture(monde.college, TROIS_ANNEES)
    lignes = {ligne.equipe: ligne for ligne in tableau.lignes}
    assert tableau.annees == TROIS_ANNEES
    assert lignes["enseignants"].annees == (
        Couverture(None, 0, 0, 0, D("0")),
        Couverture(28, 0, 0, 0, D("0")),
        Couverture(30, 12, 20, 30, D("82")),
    )
    assert lignes["aesh"].annees[2] == Couverture(4, 3, 3, 3, D("9"))
    assert tableau.ensemble.annees[2] == Couverture(None, 15, 23, 33, D("91"))
    assert lignes["enseignants"].total.heures == D("82")


def test_ce_qui_est_a_la_corbeille_ne_compte_plus(monde):
    formation = accordee(monde.college)
    une_seance_tenue(formation)
    type(formation).objects.filter(pk=formation.pk).update(supprime_le="2031-03-01T10:00:00Z")
    assert lire_couverture(monde.college, TROIS_ANNEES).vide


# --- Headcounts ------------------------------------------------------------------------------------------------
def fixer(monde, base, **saisie):
    return fixer_effectifs(etablissement=monde.college, annee=ANNEE, base=base, saisie=saisie, auteur=monde.referent)


def test_les_effectifs_se_disent_se_changent_et_s_oublient(monde):
    assert fixer(monde, {"enseignants": None, "aesh": None}, enseignants=30, aesh=None) == {}
    assert effectifs(monde.college) == {"enseignants": 30}
    assert fixer(monde, {"enseignants": 30, "aesh": None}, enseignants=None, aesh=4) == {}
    assert effectifs(monde.college) == {"aesh": 4}


def test_deux_personnes_disent_deux_effectifs(monde):
    fixer(monde, {"enseignants": None}, enseignants=30)
    assert fixer(monde, {"enseignants": None}, enseignants=31) == {"enseignants": Conflit(None, 31, 30)}
    assert effectifs(monde.college) == {"enseignants": 30}


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"enseignants": -1}, "de 0 à 2\u202f000"),
        ({"enseignants": 2001}, "de 0 à 2\u202f000"),
        ({"enseignants": 11}, "12 de ces personnes étaient à une même séance de 2030-2031"),
        ({"eleves": 3}, "n'est pas dans la liste"),
    ],
)
def test_un_effectif_faux_est_refuse(monde, saisie, phrase):
    une_seance_tenue(accordee(monde.college), presents={"enseignants": 12})
    with pytest.raises(SaisieRefusee) as refus:
        fixer(monde, dict.fromkeys(saisie), **saisie)
    assert phrase in str(refus.value)
    assert effectifs(monde.college) == {}
