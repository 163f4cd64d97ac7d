"""School years, from dates."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante, bornes


@pytest.mark.parametrize(
    ("jour", "annee"),
    [
        ((2026, 8, 14), "2025-2026"),
        ((2026, 8, 15), "2026-2027"),
        ((2026, 9, 1), "2026-2027"),
        ((2026, 12, 31), "2026-2027"),
        ((2027, 1, 1), "2026-2027"),
        ((2028, 2, 29), "2027-2028"),
    ],
)
def test_annee_scolaire(jour, annee):
    assert annee_scolaire(datetime.date(*jour)) == annee


@given(st.dates(min_value=datetime.date(2001, 1, 1), max_value=datetime.date(2098, 12, 31)))
def test_avant_et_apres_se_repondent(jour):
    annee = annee_scolaire(jour)
    assert annee_precedente(annee_suivante(annee)) == annee
    assert annee_suivante(annee) == annee_scolaire(jour.replace(year=jour.year + 1, day=min(jour.day, 28)))


@given(st.dates(min_value=datetime.date(2001, 1, 1), max_value=datetime.date(2098, 12, 31)))
def test_une_annee_commence_le_lendemain_de_la_precedente(jour):
    debut, fin = bornes(annee_scolaire(jour))
    assert debut - datetime.timedelta(days=17) <= jour <= fin
    assert bornes(annee_suivante(annee_scolaire(jour)))[0] == fin + datetime.timedelta(days=1)
