"""Planned lives: when they end, what is past them, what is to be renewed in eight years; the same rule in SQL."""

import datetime
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.domain.cycle import (
    HORIZON,
    REPERES,
    Echeance,
    age,
    annees_apres,
    depassee,
    fin_prevue,
    pour_cent,
    pour_cent_eleves,
    prevoir,
)
from budget.models import Categorie, DureeDeVie, Equipement
from budget.queries.chiffres import parc_de
from budget.queries.durees import durees_de
from tests.budget.parc import des_equipements

JOUR = datetime.date(2026, 11, 26)
MIDI = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
ANNEE = JOUR.year


def le(texte: str) -> datetime.date:
    return datetime.date.fromisoformat(texte)


@dataclass(frozen=True)
class Chose:
    """What the forecast asks of a group."""

    nombre: int
    montant: Decimal
    sans_prix: int
    fin: int | None
    depassee: bool


# --- One thing ------------------------------------------------------------------------------------------
def test_chaque_categorie_a_son_repere():
    assert sorted(REPERES) == sorted(Categorie.values)
    assert [REPERES[c] for c in ("portable", "tablette", "tableau", "borne")] == [6, 5, 8, 8]


@pytest.mark.parametrize(
    ("achete_le", "prevu", "annees", "fin"),
    [
        ("2020-09-15", None, 6, "2026-09-15"),
        ("2024-02-29", None, 5, "2029-02-28"),
        ("2024-02-29", None, 4, "2028-02-29"),
        ("2020-09-15", "2030-01-01", 6, "2030-01-01"),
        (None, "2030-01-01", 6, "2030-01-01"),
        (None, None, 6, None),
    ],
)
def test_la_date_ecrite_passe_avant_la_duree(achete_le, prevu, annees, fin):
    lus = [le(texte) if texte else None for texte in (achete_le, prevu, fin)]
    assert fin_prevue(lus[0], lus[1], annees) == lus[2]


def test_le_dernier_jour_prevu_en_est_encore_un():
    assert [depassee(fin, JOUR) for fin in (le("2026-11-25"), JOUR, le("2026-11-27"), None)] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("achete_le", "attendu"), [("2021-11-26", 5), ("2021-11-27", 4), ("2026-11-26", 0), ("2027-01-01", 0)]
)
def test_un_age_est_en_annees_revolues(achete_le, attendu):
    assert age(le(achete_le), JOUR) == attendu


# --- The forecast ---------------------------------------------------------------------------------------
def test_chaque_chose_est_comptee_une_fois_a_sa_place():
    groupes = [
        Chose(2, Decimal("600.00"), 0, 2024, True),
        Chose(3, Decimal("0.00"), 3, 2026, True),  # ended earlier this year: late, not of the year
        Chose(30, Decimal("9000.00"), 0, 2026, False),
        Chose(4, Decimal("1200.50"), 1, 2033, False),
        Chose(5, Decimal("10.00"), 0, 2034, False),
        Chose(6, Decimal("7.00"), 5, None, False),
    ]
    prevision = prevoir(groupes, ANNEE)
    assert prevision.en_retard == Echeance(5, Decimal("600.00"), 3)
    assert list(prevision.annees) == [2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033]
    assert (prevision.annees[2026], prevision.annees[2033]) == (
        Echeance(30, Decimal("9000.00"), 0),
        Echeance(4, Decimal("1200.50"), 1),
    )
    assert (prevision.au_dela, prevision.sans_date) == (
        Echeance(5, Decimal("10.00"), 0),
        Echeance(6, Decimal("7.00"), 5),
    )
    assert prevision.a_l_horizon == Echeance(39, Decimal("10800.50"), 4)
    assert prevision.total == Echeance(50, Decimal("10817.50"), 9)


groupes_possibles = st.lists(
    st.builds(
        lambda fin, retard, nombre, cents, sans_prix: Chose(
            nombre, Decimal(cents) / 100, min(sans_prix, nombre), fin, retard and fin is not None and fin <= ANNEE
        ),
        st.none() | st.integers(ANNEE - 20, ANNEE + 40),
        st.booleans(),
        st.integers(1, 10_000),
        st.integers(0, 10**9),
        st.integers(0, 10_000),
    ).filter(lambda chose: chose.fin is None or chose.fin >= ANNEE or chose.depassee)
)


@given(groupes_possibles)
def test_les_cases_d_une_prevision_font_son_total(groupes):
    prevision = prevoir(groupes, ANNEE)
    cases = [prevision.en_retard, *prevision.annees.values(), prevision.au_dela, prevision.sans_date]
    assert sum(cases, Echeance()) == prevision.total
    assert prevision.total == Echeance(
        sum(g.nombre for g in groupes), sum((g.montant for g in groupes), Decimal(0)), sum(g.sans_prix for g in groupes)
    )
    assert len(prevision.annees) == HORIZON


@given(groupes_possibles.flatmap(lambda groupes: st.tuples(st.just(groupes), st.permutations(groupes))))
def test_l_ordre_des_lignes_ne_change_rien(deux):
    assert prevoir(deux[0], ANNEE) == prevoir(deux[1], ANNEE)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_une_part_n_arrondit_ni_a_tout_ni_a_rien(nombre, de_plus):
    tout = nombre + de_plus
    assert (pour_cent(nombre, tout) == 0) is (nombre == 0)
    assert pour_cent(nombre, tout) < 100
    assert pour_cent(tout, tout) == 100
    assert abs(pour_cent(nombre, tout) * tout - 100 * nombre) <= tout


def test_rien_sur_rien_n_a_pas_de_part():
    assert (pour_cent(0, 0), pour_cent_eleves(12, None), pour_cent_eleves(12, 0)) == (None, None, None)
    assert pour_cent_eleves(120, 640) == Decimal("18.8")  # 18.75, half up


# --- The same in SQL ------------------------------------------------------------------------------------
DATES = ["2012-02-29", "2020-02-29", "2020-11-25", "2020-11-26", "2020-11-27", "2021-11-26", "2026-11-26", None]


def test_la_base_compte_comme_la_regle(monde):
    """Every date with every category that has its own life, and with a date that the school wrote."""
    DureeDeVie.objects.create(
        collectivite=monde.collectivite, categorie="portable", annees=4, fixee_par=monde.chef, fixee_le=MIDI
    )
    categories = ("portable", "tablette", "tableau", "fixe")
    for rang, texte in enumerate(DATES):
        for categorie in categories:
            des_equipements(
                monde.college, categorie=categorie, nombre=rang + 1, prix=Decimal("10.01"), maintenant=MIDI,
                achete_le=le(texte) if texte else None,
            )  # fmt: skip
    des_equipements(monde.college, achete_le=le("2012-02-29"), prevu_jusqu_au=le("2026-11-25"), maintenant=MIDI)
    des_equipements(monde.college, prevu_jusqu_au=le("2026-11-26"), maintenant=MIDI)
    durees = durees_de(monde.college)
    assert (durees["portable"], durees["fixe"]) == (4, 6)
    attendus: Counter = Counter()
    for e in Equipement.objects.all():
        fin = fin_prevue(e.achete_le, e.prevu_jusqu_au, durees[e.categorie])
        cle = (
            e.categorie,
            None if e.achete_le is None else age(e.achete_le, JOUR),
            fin and fin.year,
            depassee(fin, JOUR),
        )
        attendus[cle] += e.nombre
    parc = parc_de(monde.college, JOUR)
    lus: Counter = Counter()
    for tranche in parc.tranches:
        lus[tranche.categorie, tranche.age, tranche.fin, tranche.depassee] += tranche.nombre
    assert lus == attendus
    total = parc.prevision.total
    assert (total.nombre, total.montant, total.sans_prix) == (36 * 4 + 2, Decimal("1441.44"), 2)


def test_une_annee_de_plus_va_de_fin_fevrier_a_fin_fevrier():
    assert annees_apres(le("2024-02-29"), 1) == le("2025-02-28")
