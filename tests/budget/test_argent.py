"""Money: read as people write it, rounded one way, written as in France."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.domain.argent import MontantIllisible, arrondir, euros, lire_montant, total

centimes = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("texte", "lu"),
    [
        ("1 234,56 €", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("$12.58", "12.58"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.80"),
        ("12,5", "12.50"),
        ("-5", "-5"),
        ("\u22125,00 €", "-5"),
        ("1'250.00", "1250"),
        ("12 EUR", "12"),
        (",5", "0.50"),
        ("2266.13", "2266.13"),
    ],
)
def test_un_montant_se_lit_comme_on_l_ecrit(texte, lu):
    assert lire_montant(texte) == Decimal(lu)


@pytest.mark.parametrize(
    "texte", ["", "douze", "12 euros", "1,234", "-1.234", "0,123", "1e5", "1,2,3", "9" * 12, "9" * 40, "--5", "NaN"]
)
def test_ce_qui_est_ambigu_ou_illisible_est_refuse(texte):
    with pytest.raises(MontantIllisible):
        lire_montant(texte)


@pytest.mark.parametrize(
    ("exact", "arrondi"), [("2.345", "2.35"), ("-2.345", "-2.35"), ("2.3449", "2.34"), ("0.005", "0.01")]
)
def test_l_arrondi_est_au_centime_la_moitie_vers_le_haut(exact, arrondi):
    assert arrondir(Decimal(exact)) == Decimal(arrondi)


def test_les_euros_s_ecrivent_a_la_francaise():
    assert euros(Decimal("1234567.5")) == "1\u202f234\u202f567,50\u00a0€"
    assert euros(Decimal("-0.5")) == "\u22120,50\u00a0€"
    assert euros(Decimal("1234.5"), centimes=False) == "1\u202f235\u00a0€"


@given(centimes)
def test_ce_qui_est_ecrit_se_relit(montant):
    assert lire_montant(euros(montant)) == montant


@given(st.lists(centimes, max_size=50))
def test_une_somme_ne_s_arrondit_jamais(montants):
    assert total(montants) * 100 == sum(int(montant * 100) for montant in montants)
