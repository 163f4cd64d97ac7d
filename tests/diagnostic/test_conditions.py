"""Which indicators a school is asked, and how those set aside are said: on screen, in the frozen copy."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.domain.conditions import REGLES, Regle, Situation, non_concerne, regle_ecartant
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.models import Etablissement
from tests.diagnostic.test_ecrans import texte

PORTEES = ("ecole", "college", "lycee")


def situation(*portees: str, internat: bool | None = None, education_prioritaire: bool = False) -> Situation:
    return Situation(frozenset(portees), internat, education_prioritaire)


@pytest.mark.parametrize(
    ("portee", "conditions", "ecole", "regle"),
    [
        (["college"], {}, situation("college"), None),
        (["ecole"], {}, situation("college", "lycee"), Regle.PORTEE),
        (["lycee"], {}, situation("college", "lycee"), None),
        (["college"], {"si_internat": True}, situation("college", internat=True), None),
        (["college"], {"si_internat": True}, situation("college", internat=None), None),
        (["college"], {"si_internat": True}, situation("college", internat=False), Regle.INTERNAT),
        (["college"], {"si_education_prioritaire": True}, situation("college"), Regle.EDUCATION_PRIORITAIRE),
        (["college"], {"si_education_prioritaire": True}, situation("college", education_prioritaire=True), None),
        (["ecole"], {"si_internat": True}, situation("college", internat=False), Regle.PORTEE),
    ],
)
def test_la_regle_qui_ecarte(portee, conditions, ecole, regle):
    dites = {"si_internat": False, "si_education_prioritaire": False} | conditions
    assert regle_ecartant(portee, **dites, situation=ecole) == regle


@given(
    portee=st.sets(st.sampled_from(PORTEES), min_size=1),
    portees=st.sets(st.sampled_from(PORTEES), min_size=1),
    internat=st.sampled_from([True, False, None]),
    prioritaire=st.booleans(),
)
def test_sans_condition_seule_la_portee_ecarte(portee, portees, internat, prioritaire):
    ecole = situation(*portees, internat=internat, education_prioritaire=prioritaire)
    regle = regle_ecartant(portee, si_internat=False, si_education_prioritaire=False, situation=ecole)
    assert regle == (None if portee & portees else Regle.PORTEE)


def test_chaque_regle_a_sa_phrase():
    assert [(non_concerne(regle), bool(REGLES[regle])) for regle in Regle] == [
        ("non concerné (règle R01)", True),
        ("non concerné (règle R02)", True),
        ("non concerné (règle R03)", True),
    ]


# --- Screens and frozen copy --------------------------------------------------------------------------------
@pytest.fixture
def une_ecole(monde, brouillon) -> None:
    """PIL-2-3 is for collèges and lycées only."""
    Etablissement.objects.filter(pk=monde.college.pk).update(type="ecole")
    brouillon.etablissement.refresh_from_db()


def test_le_champ_dit_ce_qui_n_est_pas_demande(connectee, une_ecole, adresse):
    dit = texte(connectee.get(adresse("diagnostic_champ", "PIL"))).replace("\xa0", " ")
    debut = dit.index("Non demandés à votre établissement")
    assert "PIL-2-3" not in dit[:debut]
    assert "PIL-2-3" in dit[debut:]
    assert "non concerné (règle R01) : s'adresse à une autre sorte d'établissement" in dit[debut:]
    assert "Non demandés" not in texte(connectee.get(adresse("diagnostic_champ", "FOR")))


def test_la_verification_le_dit_aussi(connectee, une_ecole, adresse):
    dit = texte(connectee.get(adresse("diagnostic_verifier"))).replace("\xa0", " ")
    assert "PIL-2-3 non concerné (règle R01)" in dit


def test_la_copie_le_fige_avec_sa_regle_jamais_en_blanc(une_ecole, brouillon, maintenant):
    brouillon.etablissement.refresh_from_db()
    contenu = contenu_du_diagnostic(etat_du_diagnostic(brouillon), brouillon.campagne.jour_local(maintenant))
    figes = json.loads(json.dumps(contenu))["champs"]
    assert {
        i["code"]: i["regle"] for champ in figes for i in champ["indicateurs"] if not i["concerne"]
    } == dict.fromkeys(("PIL-2-3", "PED-1-2", "INF-2-3"), "R01")
    assert {i["regle"] for champ in figes for i in champ["indicateurs"] if i["concerne"]} == {""}


def test_l_aide_explique_les_trois_regles(client, db):
    aide = client.get(reverse("aide")).content.decode()
    assert 'id="regles"' in aide
    assert all(f"Règle {regle}" in aide for regle in Regle)
