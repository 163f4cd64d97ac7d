"""Totals of money side by side: nothing of fewer schools than the threshold can be worked out from them."""

from collections import Counter
from collections.abc import Collection
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategie.pilotage.rules.soustraction import (
    Croisements,
    departements_montrables,
    districts_montrables,
    ensemble_montrable,
)

SEUIL = 5
PREMIER = 2**31 - 1  # coefficients are small: a rank modulo this is the rank


@pytest.mark.parametrize(
    ("effectifs", "montres"),
    [
        ((), set()),
        ((9, 6, 20), {1, 2, 3}),
        ((2, 9, 6, 20), {2, 4}),  # the one of 2 would be found: that of 6 joins it
        ((2, 9, 3, 20), {2, 4}),  # two are hidden, five schools together
        ((2, 2, 9, 20), {4}),
        ((4, 9), set()),
        ((0, 9), {2}),
    ],
)
def test_le_plus_petit_se_tait_avec_ceux_qui_se_tairaient_seuls(effectifs, montres):
    par_district = dict(enumerate(effectifs, start=1))
    croisements = {(district, 1): nombre for district, nombre in par_district.items()}
    assert districts_montrables(par_district, SEUIL) == montres
    assert departements_montrables(croisements, SEUIL) == ({1} if sum(effectifs) >= SEUIL else set())


@pytest.mark.parametrize(
    ("croisements", "departements"),
    [
        ({(1, 1): 9, (2, 2): 9}, {1, 2}),
        ({(1, 1): 9, (2, 2): 9, (1, 2): 1}, set()),  # a district that lies a little elsewhere
        ({(1, 1): 9, (2, 2): 9, (0, 1): 3, (0, 2): 3}, set()),  # schools without a district are in both
        ({(1, 1): 9, (2, 2): 9, (0, 1): 5, (0, 2): 6}, {1, 2}),
        ({(1, 1): 9, (2, 2): 9, (3, 3): 3, (4, 4): 3}, {1, 2}),
        ({(1, 1): 9, (2, 2): 9, (3, 3): 9, (4, 3): 2, (5, 4): 3}, {1, 2}),
    ],
)
def test_un_departement_se_tait_ou_il_croise_trop_peu(croisements, departements):
    assert departements_montrables(croisements, SEUIL) == departements


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(1, 3)), st.sampled_from([0, 1, 2, 3, 4, 5, 6, 11]), max_size=10
    )
)
def test_aucun_total_ne_se_deduit_de_ceux_qui_se_lisent(croisements):
    """A set of fewer than five schools is found when some combination of the totals is made of nothing else."""
    lus = totaux_lus(croisements)
    rang = rang_sans((), lus)
    for combien in range(1, SEUIL):
        for petites in combinations([cle for cle, nombre in croisements.items() if nombre], combien):
            if sum(croisements[cle] for cle in petites) < SEUIL:
                assert rang_sans(petites, lus) == rang, (petites, lus)


def totaux_lus(croisements: Croisements) -> list[dict[tuple[int, int], int]]:
    """Each total that is shown, by what it is made of."""
    peuples = [cle for cle, nombre in croisements.items() if nombre]
    par_district = Counter[int]()
    for (district, _), nombre in croisements.items():
        par_district[district] += nombre
    montres = (districts_montrables(par_district, SEUIL), departements_montrables(croisements, SEUIL))
    lus = [
        {cle: 1 for cle in peuples if cle[rang] == territoire}
        for rang, territoires in enumerate(montres)
        for territoire in territoires
    ]
    return [*lus, dict.fromkeys(peuples, 1)] if sum(croisements.values()) >= SEUIL else lus


def rang_sans(ecartees: Collection[tuple[int, int]], totaux: list[dict[tuple[int, int], int]]) -> int:
    """The rank of the totals, what is left out being unknown."""
    lignes = [{cle: un for cle, un in total.items() if cle not in ecartees} for total in totaux]
    rang = 0
    while lignes := [ligne for ligne in lignes if ligne]:
        pivot = lignes.pop()
        cle, valeur = next(iter(pivot.items()))
        rang += 1
        lignes = [_reduite(ligne, pivot, ligne.get(cle, 0) * pow(valeur, -1, PREMIER)) for ligne in lignes]
    return rang


def _reduite(ligne: dict, pivot: dict, fois: int) -> dict:
    reste = {cle: (ligne.get(cle, 0) - fois * pivot.get(cle, 0)) % PREMIER for cle in ligne | pivot}
    return {cle: valeur for cle, valeur in reste.items() if valeur}


@pytest.mark.parametrize(
    ("effectifs", "montrable"), [({}, False), ({1: 9, 2: 3, 3: 2}, True), ({1: 90, 2: 2, 3: 2}, False)]
)
def test_la_nation_moins_une_academie_ne_dit_pas_trop_peu(effectifs, montrable):
    assert ensemble_montrable(effectifs, SEUIL) is montrable
