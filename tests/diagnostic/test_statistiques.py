"""Figures of surveys, worked by hand."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.domain.statistiques import (
    Resume,
    arrondi,
    ensemble,
    interpretable,
    quartiles,
    resumer,
    resumer_bande,
)

EFFECTIFS = st.tuples(*[st.integers(0, 40)] * 5).filter(sum)


def test_dix_reponses_a_la_main():
    """1, 2, 2, 3, 4, 4, 4, 5, 5, 5: the sum is 35; the squares of the differences to 3,5 add up to 18,5."""
    resume = resumer((1, 2, 1, 3, 3))
    assert resume == Resume(10, Fraction(35, 10), Fraction(6, 10), resume.ecart_type)
    assert resume.ecart_type == pytest.approx(sqrt(1.85))
    assert not resume.approche


def test_toutes_pareilles_n_ont_pas_d_ecart():
    assert resumer((0, 0, 0, 7, 0)) == Resume(7, Fraction(4), Fraction(1), 0.0)


@given(EFFECTIFS)
def test_la_moyenne_est_celle_de_la_liste(effectifs):
    liste = [valeur for valeur, nombre in enumerate(effectifs, start=1) for _ in range(nombre)]
    resume = resumer(effectifs)
    assert resume.moyenne == Fraction(sum(liste), len(liste))
    assert resume.part_accord == Fraction(sum(valeur >= 4 for valeur in liste), len(liste))
    assert 1 <= resume.moyenne <= 5
    assert 0 <= resume.ecart_type <= 2


@pytest.mark.parametrize(
    ("bande", "moyenne", "part"),
    [("accord", Fraction(9, 2), Fraction(9, 10)), ("milieu", 3, Fraction(1, 10)), ("desaccord", Fraction(3, 2), 0.1)],
)
def test_une_bande_se_dit_approchee(bande, moyenne, part):
    resume = resumer_bande(bande, 12)
    assert (resume.n, resume.moyenne, resume.part_accord) == (12, moyenne, pytest.approx(part))
    assert (resume.ecart_type, resume.approche) == (None, True)


def test_un_champ_compte_chaque_question_autant():
    """Twenty answers at 4 and ten at 2 make 3, not 3,33; the champ says the smaller number of answers."""
    resume = ensemble([resumer((0, 0, 0, 20, 0)), resumer((0, 10, 0, 0, 0))])
    assert resume == Resume(10, Fraction(3), Fraction(1, 2), None)
    assert ensemble([resumer((0, 0, 0, 20, 0)), resumer_bande("accord", 6)]).approche
    assert ensemble([]) is None


@pytest.mark.parametrize(
    ("ecart", "n", "attendu"),
    [
        # Three people of ten who go from 1 to 5 move the mean by 1,2.
        (Fraction(12, 10), 10, True),
        (Fraction(-12, 10), 10, True),
        (Fraction(119, 100), 10, False),
        (Fraction(24, 10), 5, True),
        (Fraction(23, 10), 5, False),
        (Fraction(3, 10), 40, True),
        (Fraction(29, 100), 40, False),
        (Fraction(0), 1000, False),
    ],
)
def test_un_ecart_s_interprete_quand_il_faut_trois_personnes(ecart, n, attendu):
    assert interpretable(ecart, n) is attendu


@pytest.mark.parametrize(
    ("valeurs", "attendus"),
    # Each column as QUARTILE.INCLURE gives it in a spreadsheet: the value of rank 1 + q (n - 1), interpolated.
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], ("2,75", "4,5", "6,25")),  # ranks 2,75, 4,5 and 6,25
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], ("3", "5", "7")),
        ([6, 7, 15, 36, 39, 40, 41, 42, 43, 47, 49], ("25,5", "40", "42,5")),  # ranks 3,5, 6 and 8,5
        ([7, 15, 36, 39, 40, 41], ("20,25", "37,5", "39,75")),  # ranks 2,25, 3,5 and 4,75
        ([4], ("4", "4", "4")),
    ],
)
def test_quartiles(valeurs, attendus):
    nombres = tuple(Fraction(attendu.replace(",", ".")) for attendu in attendus)
    assert quartiles([Fraction(valeur) for valeur in reversed(valeurs)]) == nombres


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        ("5/2", 0, "3"),  # half up, where round() would say 2
        ("7/2", 0, "4"),
        ("49/20", 1, "5/2"),  # 2,45 → 2,5
        ("9/4", 1, "23/10"),  # 2,25 → 2,3
        ("-1/2", 0, "0"),
        ("-3/2", 0, "-1"),
        ("1/3", 2, "33/100"),
    ],
)
def test_arrondi_demi_superieur(valeur, decimales, attendu):
    assert arrondi(Fraction(valeur), decimales) == Fraction(attendu)


@given(st.fractions(-1000, 1000), st.integers(0, 3))
def test_un_arrondi_est_au_plus_pres(valeur, decimales):
    pas = Fraction(1, 10**decimales)
    assert -pas / 2 < arrondi(valeur, decimales) - valeur <= pas / 2
    assert (arrondi(valeur, decimales) / pas).denominator == 1
