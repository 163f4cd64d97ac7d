"""How old, how far, and what several schools make together: tables of cases, and properties."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.domain.fraicheur import (
    MOIS_PAR_CADENCE,
    TOLERANCE,
    Agregat,
    ValeurLocale,
    agreger,
    atteint,
    avancement_en_mots,
    chemin_parcouru,
    perimee,
    prochain_releve,
)
from plans.models import IndicateurSuivi

JOURS = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
CADENCES = st.sampled_from(sorted(MOIS_PAR_CADENCE))
SENS = st.sampled_from(["hausse", "baisse"])
DECIMAUX = st.decimals(-(10**6), 10**6, places=2)


# --- How old ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dernier", "cadence", "attendu"),
    [
        ("2026-09-03", "mensuelle", "2026-10-03"),
        ("2027-01-31", "mensuelle", "2027-02-28"),
        ("2026-11-30", "trimestrielle", "2027-02-28"),
        ("2026-12-15", "mensuelle", "2027-01-15"),
        ("2026-08-31", "semestrielle", "2027-02-28"),
        ("2028-02-29", "annuelle", "2029-02-28"),
    ],
)
def test_le_prochain_releve_tombe_le_meme_jour_ou_le_dernier_du_mois(dernier, cadence, attendu):
    assert prochain_releve(datetime.date.fromisoformat(dernier), cadence).isoformat() == attendu


def test_une_valeur_est_ancienne_quinze_jours_apres_sa_cadence():
    releve = datetime.date(2026, 9, 3)
    assert [perimee(releve, "mensuelle", datetime.date(2026, 10, jour)) for jour in (3, 18, 19)] == [False, False, True]
    assert perimee(None, "mensuelle", datetime.date(2026, 10, 19)) is False


def test_les_cadences_et_les_sens_sont_ceux_de_la_base():
    assert set(MOIS_PAR_CADENCE) == set(IndicateurSuivi.Cadence.values)
    assert set(IndicateurSuivi.Sens.values) == {"hausse", "baisse"}
    assert set(IndicateurSuivi.Agregation.values) == {"somme", "moyenne", "nombre", "aucune"}


@given(JOURS, CADENCES, JOURS)
def test_vieillir_ne_rajeunit_jamais(dernier, cadence, jour):
    du = prochain_releve(dernier, cadence)
    assert du > dernier
    assert perimee(dernier, cadence, jour) == (jour - du > TOLERANCE)
    if perimee(dernier, cadence, jour):
        assert perimee(dernier, cadence, jour + datetime.timedelta(days=1))


@given(JOURS, JOURS)
def test_plus_la_cadence_est_lente_plus_la_valeur_dure(dernier, jour):
    anciennes = [perimee(dernier, cadence, jour) for cadence in MOIS_PAR_CADENCE]
    assert anciennes == sorted(anciennes, reverse=True)


# --- How far ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sens", "depart", "cible", "valeur", "attendu"),
    [
        ("hausse", "0", "20", "12", "plus de la moitié du chemin"),
        ("hausse", "0", "20", "10", "la moitié du chemin"),
        ("hausse", "0", "20", "9.99", "plus d'un quart du chemin"),
        ("hausse", "0", "20", "5", "un quart du chemin"),
        ("hausse", "0", "20", "4.99", "moins d'un quart du chemin"),
        ("hausse", "0", "20", "15", "les trois quarts du chemin"),
        ("hausse", "0", "20", "19.99", "plus des trois quarts du chemin"),
        ("hausse", "0", "20", "20", "la cible est atteinte"),
        ("hausse", "0", "20", "31", "la cible est atteinte"),
        ("hausse", "4", "20", "4", "on en est au point de départ"),
        ("hausse", "4", "20", "3", "on est plus loin de la cible qu'au départ"),
        ("hausse", None, "20", "12", "la cible n'est pas atteinte"),
        ("hausse", None, "20", "20", "la cible est atteinte"),
        ("hausse", "20", "20", "20", "la cible est tenue"),
        ("hausse", "20", "20", "19", "la cible n'est pas tenue"),
        ("baisse", "10", "2", "6", "la moitié du chemin"),
        ("baisse", "10", "2", "2", "la cible est atteinte"),
        ("baisse", "10", "2", "0", "la cible est atteinte"),
        ("baisse", "10", "2", "11", "on est plus loin de la cible qu'au départ"),
        ("baisse", "-1", "-3", "-2.5", "les trois quarts du chemin"),
    ],
)
def test_l_avancement_en_mots(sens, depart, cible, valeur, attendu):
    dit = avancement_en_mots(sens, depart and Decimal(depart), Decimal(cible), Decimal(valeur))
    assert dit == attendu


@given(SENS, DECIMAUX, DECIMAUX, DECIMAUX)
def test_on_ne_dit_jamais_plus_que_ce_qui_est(sens, un, autre, valeur):
    depart, cible = (min(un, autre), max(un, autre)) if sens == "hausse" else (max(un, autre), min(un, autre))
    part = chemin_parcouru(depart, cible, valeur)
    mots = avancement_en_mots(sens, depart, cible, valeur)
    assert ("atteinte" in mots and "pas" not in mots) == (depart != cible and atteint(sens, cible, valeur))
    if part is not None and "chemin" in mots:
        assert 0 < part < 1
        fraction = {"quart": Fraction(1, 4), "moitié": Fraction(1, 2), "quarts": Fraction(3, 4)}
        [repere] = [valeur for mot, valeur in fraction.items() if mot in mots.split()]
        assert part < repere if "moins" in mots else part > repere if "plus" in mots else part == repere


@given(SENS, DECIMAUX, DECIMAUX)
def test_le_chemin_va_de_zero_a_un(sens, depart, cible):
    if depart == cible:
        assert chemin_parcouru(depart, cible, depart) is None
    else:
        assert chemin_parcouru(depart, cible, depart) == 0
        assert chemin_parcouru(depart, cible, cible) == 1
    assert atteint(sens, cible, cible)


# --- Several schools --------------------------------------------------------------------------------------
VALEURS = st.lists(
    st.builds(
        ValeurLocale,
        st.none() | DECIMAUX,
        st.none() | st.integers(0, 3000),
        st.none() | st.booleans(),
        st.booleans(),
    )
)
REGLES = st.sampled_from(["somme", "moyenne", "nombre", "aucune"])
TROIS = [
    ValeurLocale(Decimal("10.5"), 400, True),
    ValeurLocale(Decimal("4"), 200, False),
    ValeurLocale(Decimal("1000"), 900, True, perimee=True),
]


@pytest.mark.parametrize(
    ("regle", "attendu"),
    [
        ("somme", Agregat(Fraction(29, 2), 2, 3)),
        ("moyenne", Agregat(Fraction(25, 3), 2, 3)),
        ("nombre", Agregat(Fraction(1), 2, 3)),
        ("aucune", Agregat(None, 0, 3)),
    ],
)
def test_chaque_regle_sans_les_valeurs_anciennes(regle, attendu):
    assert agreger(regle, TROIS) == attendu


def test_un_etablissement_sans_effectif_ne_pese_rien():
    assert agreger("moyenne", [ValeurLocale(Decimal(7)), ValeurLocale(Decimal(9), 0)]) == Agregat(None, 0, 2)
    assert agreger("moyenne", [*TROIS, ValeurLocale(Decimal(7))]) == Agregat(Fraction(25, 3), 2, 4)


@given(REGLES, VALEURS)
def test_l_ordre_et_les_valeurs_ecartees_ne_changent_rien(regle, valeurs):
    assert agreger(regle, valeurs) == agreger(regle, valeurs[::-1])
    recentes = [v for v in valeurs if not v.perimee and v.valeur is not None]
    total, partiel = agreger(regle, valeurs), agreger(regle, recentes)
    assert (total.valeur, total.retenues, total.total) == (partiel.valeur, partiel.retenues, len(valeurs))
    assert (total.valeur is None) == (total.retenues == 0)


@given(VALEURS)
def test_une_moyenne_reste_entre_les_valeurs(valeurs):
    moyenne = agreger("moyenne", valeurs)
    pesees = [Fraction(v.valeur) for v in valeurs if v.valeur is not None and v.effectif and not v.perimee]
    if moyenne.valeur is not None:
        assert min(pesees) <= moyenne.valeur <= max(pesees)
    assert moyenne.retenues == len(pesees)


@given(VALEURS, VALEURS)
def test_sommes_et_nombres_s_ajoutent_d_un_territoire_a_l_autre(ici, ailleurs):
    for regle in ("somme", "nombre"):
        un, autre, ensemble = agreger(regle, ici), agreger(regle, ailleurs), agreger(regle, ici + ailleurs)
        assert (ensemble.valeur or 0) == (un.valeur or 0) + (autre.valeur or 0)
        assert ensemble.retenues == un.retenues + autre.retenues


@given(DECIMAUX, st.integers(1, 50))
def test_des_valeurs_egales_ont_cette_moyenne_exactement(valeur, combien):
    assert agreger("moyenne", [ValeurLocale(valeur, 7)] * combien).valeur == Fraction(valeur)
