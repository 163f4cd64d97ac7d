"""The board's rules: quorum, delays, voices, the day when an act takes effect."""

import dataclasses
import datetime

import pytest

from strategie.pilotage.domain.conseil import (
    Tenue,
    Voix,
    adoptee,
    avertissements,
    empechement_voter,
    executoire_le,
    quorum,
    regles_par_defaut,
    visas_par_defaut,
)

CA = regles_par_defaut(premier_degre=False)
ECOLE = regles_par_defaut(premier_degre=True)
SEANCE = Tenue(
    date=datetime.date(2031, 12, 16),
    convoquee_le=datetime.date(2031, 12, 8),
    urgente=False,
    seconde=False,
    membres=24,
    presents=15,
)
VOIX = Voix(pour=12, contre=1, abstentions=2)


@pytest.mark.parametrize(("membres", "attendu"), [(24, 13), (30, 16), (23, 12), (1, 1)])
def test_le_quorum_est_plus_de_la_moitie(membres, attendu):
    assert quorum(membres) == attendu


def test_un_vote_regulier_passe_sans_un_mot():
    assert empechement_voter(CA, SEANCE, VOIX) is None
    assert list(avertissements(CA, SEANCE)) == []


@pytest.mark.parametrize(
    ("tenue", "voix", "phrase"),
    [
        ({"presents": 12}, Voix(12, 0), "Le quorum n'est pas atteint\u00a0: 12 présents, et il en faut 13 sur 24"),
        ({}, Voix(14, 1, 1), "Il y a 16 voix pour 15 présents"),
        ({"presents": 25}, VOIX, "25 présents pour 24 membres"),
        ({"presents": 0}, Voix(0, 0), "combien de membres étaient présents"),
        ({"membres": 0}, VOIX, "combien de membres sont en exercice"),
        ({}, Voix(0, 0, 15), "donnez les voix"),
    ],
)
def test_un_vote_qui_ne_tient_pas_est_refuse(tenue, voix, phrase):
    assert phrase in (empechement_voter(CA, dataclasses.replace(SEANCE, **tenue), voix) or "")


def test_la_seconde_convocation_delibere_a_quelques_uns():
    assert empechement_voter(CA, dataclasses.replace(SEANCE, seconde=True, presents=5), Voix(5, 0)) is None


def test_un_conseil_d_ecole_n_a_pas_de_quorum():
    assert empechement_voter(ECOLE, dataclasses.replace(SEANCE, presents=5), Voix(5, 0)) is None


@pytest.mark.parametrize(
    ("jours", "urgente", "averti"), [(8, False, False), (7, False, True), (1, True, False), (0, True, True)]
)
def test_une_convocation_trop_tardive_est_dite_avec_sa_regle(jours, urgente, averti):
    convoquee_le = SEANCE.date - datetime.timedelta(days=jours)
    [*dits] = avertissements(CA, dataclasses.replace(SEANCE, convoquee_le=convoquee_le, urgente=urgente))
    assert [("R. 421-25" in dit) for dit in dits] == ([True] if averti else [])


def test_une_convocation_sans_date_est_dite():
    assert list(avertissements(CA, dataclasses.replace(SEANCE, convoquee_le=None))) == [
        "La date de la convocation n'est pas notée."
    ]


@pytest.mark.parametrize(
    ("voix", "president", "attendu"),
    [
        (Voix(8, 7), None, True),
        (Voix(7, 8), True, False),
        (Voix(7, 7), None, None),
        (Voix(7, 7), True, True),
        (Voix(7, 7), False, False),
    ],
)
def test_le_president_ne_departage_que_l_egalite(voix, president, attendu):
    assert adoptee(voix, president=president) is attendu


def test_un_acte_transmis_est_executoire_quinze_jours_apres_et_un_budget_trente():
    le_16, publie = datetime.date(2031, 12, 16), datetime.date(2031, 12, 18)
    dates = {"transmise_le": le_16, "publiee_le": publie}
    assert executoire_le(CA, budget=False, **dates) == datetime.date(2031, 12, 31)
    assert executoire_le(CA, budget=True, **dates) == datetime.date(2032, 1, 15)
    assert executoire_le(CA, budget=False, transmise_le=None, publiee_le=publie) == publie
    assert executoire_le(CA, budget=False, transmise_le=None, publiee_le=None) is None


def test_les_visas_sont_des_donnees_propres_a_chaque_degre():
    assert visas_par_defaut(premier_degre=False) != visas_par_defaut(premier_degre=True)
    assert all(visa.startswith("Vu ") and visa.endswith("\u00a0;") for visa in visas_par_defaut(premier_degre=False))
