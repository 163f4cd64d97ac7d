"""Decimal numbers, read and written the French way."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from strategie.socle.interfaces.nombres import (
    ILLISIBLE,
    TROP_GRAND,
    TROP_PRECIS,
    ChampDecimal,
    NombreRefuse,
    lire_decimal,
)
from strategie.socle.rules import decimal_en_phrase
from strategie.socle.templatetags.paliers import decimal_fr

NOMBRES = st.decimals(Decimal("-999999999999.99"), Decimal("999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("tape", "unite", "lu"),
    [
        ("1 234,5", "", "1234.5"),
        ("1\u202f234,50", "", "1234.5"),
        ("1\u00a0234\u00a0567", "", "1234567"),
        ("12.5", "", "12.5"),
        (" 12 ", "", "12"),
        ("007", "", "7"),
        ("-3", "", "-3"),
        ("\u22123,25", "", "-3.25"),
        ("+3", "", "3"),
        ("-0", "", "0"),
        ("12,5 %", "%", "12.5"),
        ("12,5%", "%", "12.5"),
        ("20 Postes", "postes", "20"),
        ("999999999999,99", "", "999999999999.99"),
        ("0000000000000012", "", "12"),
    ],
)
def test_ce_qui_se_lit(tape, unite, lu):
    valeur = lire_decimal(tape, unite)
    assert valeur == Decimal(lu)
    assert str(valeur) != "-0"


@pytest.mark.parametrize(
    ("tape", "phrase"),
    [
        ("douze", ILLISIBLE),
        ("12,5 %", ILLISIBLE),
        ("12 34", ILLISIBLE),
        ("1,234,5", ILLISIBLE),
        ("1.234,5", ILLISIBLE),
        ("1e3", ILLISIBLE),
        ("NaN", ILLISIBLE),
        ("Infinity", ILLISIBLE),
        ("٣", ILLISIBLE),
        (",5", ILLISIBLE),
        ("=1+1", ILLISIBLE),
        ("1\x00", ILLISIBLE),
        ("1.234", TROP_PRECIS),
        ("1.000", TROP_PRECIS),
        ("0,001", TROP_PRECIS),
        ("1000000000000", TROP_GRAND),
        ("9" * 5000, TROP_GRAND),
    ],
)
def test_ce_qui_se_refuse(tape, phrase):
    with pytest.raises(NombreRefuse) as refus:
        lire_decimal(tape)
    assert str(refus.value) == phrase
    with pytest.raises(ValidationError, match=r"nombre|chiffres"):
        ChampDecimal().clean(tape)


@pytest.mark.parametrize(
    ("valeur", "ecrit"),
    [
        ("1234.50", "1\u202f234,5"),
        ("1234567.00", "1\u202f234\u202f567"),
        ("0.05", "0,05"),
        ("-3.20", "\u22123,2"),
        ("-0.00", "0"),
        ("100", "100"),
    ],
)
def test_ce_qui_s_ecrit(valeur, ecrit):
    assert decimal_en_phrase(Decimal(valeur)) == decimal_fr(Decimal(valeur)) == ecrit
    assert (decimal_fr(None), decimal_fr(1234), decimal_fr(-2)) == ("", "1\u202f234", "\u22122")


@given(NOMBRES)
def test_ce_qui_est_ecrit_se_relit(valeur):
    assert lire_decimal(decimal_en_phrase(valeur)) == valeur
    champ = ChampDecimal()
    assert champ.clean(champ.prepare_value(valeur)) == valeur


def test_un_champ_vide_n_est_pas_un_zero():
    assert [ChampDecimal(required=False).clean(vide) for vide in (None, "", "  ")] == [None, None, None]
    assert ChampDecimal(required=False).prepare_value("douze") == "douze"
