"""The eight attacks on the anonymity of the survey (61 to 68), mounted: why each fails is said by the model `enquete`.

What is in the database while a survey is open, and what the server writes on its disk, are looked at in
`test_attaques_base`; here, what is published.
"""

from collections import Counter, defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.domain.anonymat import Participation, participation, publier
from diagnostic.domain.bulletins import Bulletin, Groupe
from diagnostic.domain.codes import ALPHABET, LONGUEUR_DU_COUPON
from diagnostic.domain.depouillement import depouiller
from tests.diagnostic.auditeur import (
    Monde,
    Publie,
    ajouter,
    certitudes,
    lire_item,
    naivement,
    recenser,
    retrouves,
    valeur_de,
)

GROUPES = tuple(Groupe)
K = 5


# --- 61: over time --------------------------------------------------------------------------------------
def test_61_lire_apres_chaque_reponse_n_apprend_rien_de_plus_que_le_passage_de_k_reponses():
    """Five thousand schools, each page read after each ballot."""
    alea = Random(61)
    for _ in range(5000):
        invites, k = alea.randint(5, 120), alea.randint(3, 10)
        vus: list[Participation] = []
        dernier = 0
        for recus in range(min(invites + 10, 70)):
            vu = participation(recus, invites, k)
            if vus and vu != vus[-1]:
                assert recus - dernier >= k, "what is displayed moved for fewer than k people"
                dernier = recus
            assert recus >= k or vu == Participation(k, atteint=False, taux=None, depasse=False)
            assert vu.taux is None or vu.taux % 5 == 0
            vus.append(vu)


def test_61_l_attaquant_ne_devine_ni_le_groupe_ni_la_reponse_mieux_qu_au_hasard():
    """He notes what is displayed before and after each ballot, and learns from half of the schools what it tells.

    Then he guesses the group and the answer of each ballot of the other half: his advantage is what he guesses better
    than by always saying the commonest.
    """
    alea = Random(2026)
    lecons: dict[object, Counter[object]] = defaultdict(Counter)
    priori: Counter[object] = Counter()
    devines = Counter()
    for ecole in range(4000):
        recus = Counter(alea.choices(GROUPES[:3], (5, 2, 1), k=1))
        for rang in range(alea.randint(6, 30)):
            secret = (*alea.choices(GROUPES[:3], (5, 2, 1)), *alea.choices(range(6), (1, 1, 2, 3, 4, 2)))
            recus[secret[0]] += 1
            vu = (participation(rang, 30, K), participation(rang + 1, 30, K))
            if ecole % 2:
                lecons[vu][secret] += 1
                priori[secret] += 1
            else:
                devines["total"] += 1
                devines["lu"] += lecons[vu].most_common(1)[0][0] == secret if lecons[vu] else 0
                devines["priori"] += bool(priori) and priori.most_common(1)[0][0] == secret
    assert abs(devines["lu"] - devines["priori"]) / devines["total"] <= 0.01


# --- 62: by subtraction ----------------------------------------------------------------------------------
QUESTIONS = {
    "items": [
        {"numero": 1, "enonces": dict.fromkeys(GROUPES, "…")},
        {"numero": 2, "enonces": dict.fromkeys(GROUPES[:3], "…")},
        {"numero": 3, "enonces": {Groupe.ENSEIGNANTS: "…", Groupe.PARENTS: "…"}},  # not put to everybody
    ],
    "propres": [],
    "formation": [],
}
NUMEROS = (1, 2, 3)
INVITES = dict.fromkeys(map(str, GROUPES), 40)


def une_ecole(alea: Random, tailles: dict[Groupe, int]) -> list[Bulletin]:
    """Some questions divide people, others do not: both what is shown and what is held back happen."""
    poids = {numero: alea.choice([(1, 1, 1, 1, 1, 1), (1, 0, 0, 1, 6, 6), (0, 2, 0, 9, 1, 0)]) for numero in NUMEROS}
    return [
        Bulletin(groupe, {numero: alea.choices(range(6), poids[numero])[0] for numero in NUMEROS})
        for groupe, nombre in tailles.items()
        for _ in range(nombre)
    ]


def auditer(ecoles: dict[str, list[Bulletin]], *, naif: bool = False) -> list[object]:
    """Every number published of a district, and the sums of its schools; what an attacker gets out of them."""
    trouves: list[object] = []
    contenus = {nom: depouiller(bulletins, QUESTIONS, INVITES, K)[0] for nom, bulletins in ecoles.items()}
    for item in QUESTIONS["items"]:
        atomes, publies = {}, []
        for nom, bulletins in ecoles.items():
            siens = recenser(nom, bulletins, item["numero"], INVITES)
            atomes |= siens
            publies += (
                naivement(nom, siens, K) if naif else lire_item(nom, contenus[nom], item["numero"], item["enonces"])
            )
        publies.append(ajouter(publies))
        # What the auditor believes to be published is what was published.
        assert [publie.valeur for publie in publies] == [valeur_de(publie.forme, atomes) for publie in publies]
        trouves += retrouves(publies, atomes, K)
    return trouves


def un_district(graine: int) -> dict[str, list[Bulletin]]:
    alea = Random(graine)
    return {
        f"école {rang:02}": une_ecole(
            alea, {groupe: alea.choice((alea.randint(3, 4), *[alea.randint(3, 40)] * 3)) for groupe in GROUPES}
        )
        for rang in range(12)
    }


@pytest.mark.parametrize("graine", range(8))
def test_62_douze_ecoles_aucune_combinaison_ne_donne_un_groupe_sous_k(graine):
    district = un_district(graine)
    personnes = Counter((nom, b.groupe) for nom, bulletins in district.items() for b in bulletins)
    assert sum(nombre < K for nombre in personnes.values()) >= 10, "there is something to find"
    assert auditer(district) == []
    assert auditer(district, naif=True) != [], "hiding the small groups and giving the total"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.tuples(*[st.integers(0, 9)] * 5), min_size=1, max_size=3))
def test_62_quelles_que_soient_les_tailles(graine, ecoles):
    alea = Random(graine)
    assert (
        auditer(
            {
                f"école {rang}": une_ecole(alea, dict(zip(GROUPES, tailles, strict=True)))
                for rang, tailles in enumerate(ecoles)
            }
        )
        == []
    )


def test_62_l_auditeur_sait_trouver():
    """By hand: 12 and 3 people; « 12 » and « 15 » are published, and 15 − 12 = 3. Then two schools, 4 people in all."""
    tailles = {Groupe.ENSEIGNANTS: 12, Groupe.VIE_SCOLAIRE: 3}
    bulletins = une_ecole(Random(1), tailles)
    atomes = recenser("A", bulletins, 1, tailles)
    naifs = naivement("A", atomes, K)
    assert {atome[:2] for trouve in retrouves(naifs, atomes, K) for atome in trouve} == {("A", "vie_scolaire")}
    assert retrouves(naifs[:6], atomes, K) == [], "the total alone gives nobody"

    deux = atomes | recenser("B", une_ecole(Random(2), {Groupe.PARENTS: 1}), 1, [Groupe.PARENTS])
    ensemble = {atome: 1 for atome in deux if atome[1] != Groupe.ENSEIGNANTS}
    trouves = retrouves([Publie(ensemble, valeur_de(ensemble, deux))], deux, K)
    assert [{atome[:2] for atome in trouve} for trouve in trouves] == [{("A", "vie_scolaire"), ("B", "parents")}]


# --- 63: unanimity -----------------------------------------------------------------------------------------
def comme_publie(monde: Monde, options: int, *, echelle: bool = True) -> object:
    comptes = {
        str(rang): ([part.count(valeur) for valeur in range(1, options + 1)], part.count(0))
        for rang, part in enumerate(monde)
    }
    publication = publier(comptes, K, distinguer=echelle, echelle=echelle)
    return publication.total, tuple((publication.parts or {}).values())


@pytest.mark.parametrize(
    ("tailles", "valeurs"),
    [
        *(((nombre,), range(6)) for nombre in (5, 7, 9)),
        ((11,), range(1, 6)),
        ((5, 6), range(1, 6)),
        ((5, 5), (0, 1, 3, 4, 5)),
        ((5, 11), (1, 3, 5)),
        ((5, 5, 5), (1, 3, 5)),
    ],
)
def test_63_chacun_garde_deux_reponses_possibles_meme_pour_un_collegue(tailles, valeurs):
    """Every way to answer is tried: whatever is published, and whoever reads, nobody else's answer is certain."""
    publications, trouves = certitudes(tailles, valeurs, lambda monde: comme_publie(monde, 5))
    assert trouves == []
    assert publications > 20, "something is published"


@pytest.mark.parametrize(("nombre", "options"), [(5, 2), (7, 2), (9, 3), (10, 2), (12, 3), (10, 5)])
def test_63_ni_aux_questions_de_l_ecole(nombre, options):
    _, trouves = certitudes((nombre,), range(options + 1), lambda monde: comme_publie(monde, options, echelle=False))
    assert trouves == []


@pytest.mark.parametrize("nombre", [5, 6, 7, 8, 12])
def test_63_ni_aux_souhaits_de_formation(nombre):
    def publication(monde: Monde) -> object:
        bulletins = [Bulletin(Groupe.ENSEIGNANTS, {}, formation=frozenset(range(veut))) for veut in monde[0]]
        questions = {"items": [], "propres": [], "formation": ["Un thème"]}
        formation = depouiller(bulletins, questions, {"enseignants": 20}, K)[0]["formation"]
        return formation and formation["effectifs"][0]

    publications, trouves = certitudes((nombre,), range(2), publication)
    assert trouves == []
    assert publications == (1 if nombre < 7 else nombre - 5), "seven answers at least, then: under five, five, six…"


def test_63_l_auditeur_sait_trouver():
    """Exact figures tell a colleague what the five others said, and a band of « all but one » too."""
    _, exacts = certitudes((6,), range(1, 6), lambda monde: tuple(monde[0]))
    assert len({publie for publie, *_ in exacts}) == 5 + 20, "all six alike, or five alike and one other"

    def bande_trop_precise(monde: Monde) -> object:
        plus, nombre = Counter(monde[0]).most_common(1)[0]
        return plus if nombre >= 5 else monde

    _, trouves = certitudes((6,), range(1, 3), bande_trop_precise)
    assert trouves == [(1, ((0, 2),), 0, {1}), (2, ((0, 1),), 0, {2})], "whoever said otherwise knows all the others"


def test_63_deux_collegues_qui_s_entendent_en_savent_davantage():
    """What is left, and is said: three people of a small group who tell each other what they answered."""
    _, trouves = certitudes((5,), (1, 5), lambda monde: comme_publie(monde, 5), complices=3)
    assert trouves != []


# --- 66 and 68: what may be guessed ------------------------------------------------------------------------
def test_66_personne_ne_devine_un_coupon():
    assert len(set(ALPHABET)) ** LONGUEUR_DU_COUPON >= 2**128
