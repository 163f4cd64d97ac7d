"""The whole cost of a purchase, worked out by hand; and the years that nothing pays for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.domain.cout_complet import Poste, cout_complet, dette_de_fonctionnement

D = Decimal

# Thirty tablets bought in 2027 to serve five years, at the collège of 412 pupils:
#   purchase             30 × 389,90 = 11 697,00   in year 1, investment
#   installation                        480,00   in year 1, investment
#   cases                30 ×  24,50 =    735,00   in year 1
#   fleet licences       30 ×  12,35 =    370,50   each year, 1 to 5:   1 852,50
#   insurance                            210,00   each year, 1 to 4:     840,00
#   batteries, mid-life                  899,99   in year 3
#   end of life                          120,00   in year 5
# Investment 12 177,00 ; running 735,00 + 1 852,50 + 840,00 + 899,99 + 120,00 = 4 447,49 ; in all 16 624,49.
# The département grants 8 000,00 of it: 8 624,49 are left to pay.
# A year: 16 624,49 ÷ 5 = 3 324,898, that is 3 324,90. A pupil and a year: 16 624,49 ÷ 2 060 = 8,0701…, that is 8,07.
TABLETTES = (
    Poste(D("11697.00"), 1, 1, investissement=True),
    Poste(D("480.00"), 1, 1, investissement=True),
    Poste(D("735.00"), 1, 1),
    Poste(D("370.50"), 1, 5),
    Poste(D("210.00"), 1, 4),
    Poste(D("899.99"), 3, 3),
    Poste(D("120.00"), 5, 5),
)


def test_trente_tablettes_sur_cinq_ans_au_centime():
    cout = cout_complet(TABLETTES, duree=5, exercice=2027, aides=D("8000.00"))
    assert [(annee.exercice, annee.investissement, annee.fonctionnement) for annee in cout.annees] == [
        (2027, D("12177.00"), D("1315.50")),
        (2028, D("0.00"), D("580.50")),
        (2029, D("0.00"), D("1480.49")),
        (2030, D("0.00"), D("580.50")),
        (2031, D("0.00"), D("490.50")),
    ]
    assert (cout.investissement, cout.fonctionnement, cout.total) == (D("12177.00"), D("4447.49"), D("16624.49"))
    assert cout.reste_a_charge == D("8624.49")
    assert cout.par_an == D("3324.90")
    assert cout.par_eleve_et_par_an(412) == D("8.07")


def test_sans_effectif_rien_par_eleve():
    cout = cout_complet(TABLETTES, duree=5, exercice=2027)
    assert cout.par_eleve_et_par_an(None) is None
    assert cout.par_eleve_et_par_an(0) is None


def test_une_aide_plus_grande_que_le_cout_ne_rapporte_rien():
    assert cout_complet([Poste(D("10.00"), 1, 1)], duree=1, exercice=2027, aides=D("12.00")).reste_a_charge == 0


# Row 98 of FEATURES.md: 20 000 € over five years, running lines for three of them. With 4 000 € of charges a year,
# two years are uncovered: 8 000 €.
def test_vingt_mille_euros_sur_cinq_ans_et_trois_lignes():
    cout = cout_complet([Poste(D("4000.00"), 1, 5)], duree=5, exercice=2027)
    assert cout.total == D("20000.00")
    dette = dette_de_fonctionnement(cout, dict.fromkeys((2027, 2028, 2029), D("4000.00")))
    assert [(annee.exercice, annee.manque) for annee in dette.annees] == [
        (2030, D("4000.00")),
        (2031, D("4000.00")),
    ]
    assert dette.total == D("8000.00")


def test_une_annee_trop_dotee_ne_paie_pas_pour_une_autre():
    cout = cout_complet([Poste(D("100.00"), 1, 2)], duree=2, exercice=2027)
    dette = dette_de_fonctionnement(cout, {2027: D("500.00"), 2028: D("99.99")})
    assert [(annee.exercice, annee.manque) for annee in dette.annees] == [(2028, D("0.01"))]


@pytest.mark.parametrize(
    ("poste", "duree"), [(Poste(D(1), 1, 1), 0), (Poste(D(1), 1, 3), 2), (Poste(D(1), 0, 1), 2), (Poste(D(1), 2, 1), 2)]
)
def test_une_vie_sans_annee_ou_un_cout_hors_de_la_vie_est_refuse(poste, duree):
    with pytest.raises(ValueError, match="durée de service"):
        cout_complet([poste], duree=duree, exercice=2027)


montants = st.decimals(min_value=0, max_value=10**7, places=2)


@st.composite
def achats(tirer):
    duree = tirer(st.integers(1, 12))
    postes = []
    for _ in range(tirer(st.integers(0, 8))):
        de = tirer(st.integers(1, duree))
        postes.append(Poste(tirer(montants), de, tirer(st.integers(de, duree)), tirer(st.booleans())))
    return postes, duree


@given(achats(), st.randoms())
def test_le_total_est_celui_des_annees_et_celui_des_postes(achat, hasard):
    postes, duree = achat
    cout = cout_complet(postes, duree=duree, exercice=2027)
    assert cout.total == sum(annee.total for annee in cout.annees)
    assert cout.total == sum(poste.montant * (poste.a - poste.de + 1) for poste in postes)
    melanges = list(postes)
    hasard.shuffle(melanges)
    assert cout_complet(melanges, duree=duree, exercice=2027) == cout


@given(achats(), st.dictionaries(st.integers(2027, 2040), montants))
def test_la_dette_est_ce_qui_manque_et_rien_d_autre(achat, prevus):
    postes, duree = achat
    cout = cout_complet(postes, duree=duree, exercice=2027)
    dette = dette_de_fonctionnement(cout, prevus)
    manques = {annee.exercice: annee.manque for annee in dette.annees}
    assert all(manque > 0 for manque in manques.values())
    for annee in cout.annees:
        assert prevus.get(annee.exercice, 0) + manques.get(annee.exercice, 0) >= annee.fonctionnement
    assert dette_de_fonctionnement(cout, {annee.exercice: annee.fonctionnement for annee in cout.annees}).annees == ()
