"""From a ballot as it is written to the figures that come out: bytes, codes, counts. No database."""

import json
import re
from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.domain.bulletins import (
    FAMILLES,
    TAILLE,
    TEXTE_MAX,
    Bulletin,
    BulletinTropLong,
    Groupe,
    ecrire,
    lire,
)
from diagnostic.domain.codes import (
    ALPHABET,
    LONGUEUR_DU_COUPON,
    LONGUEUR_DU_LIEN,
    empreinte_du_coupon,
    en_paquets,
    normaliser,
    tirer_code,
)
from diagnostic.domain.depouillement import depouiller
from diagnostic.domain.statistiques import resumer
from diagnostic.queries.questions_equipes import questions_figees

NUMEROS = range(1, 21)
TEXTES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=TEXTE_MAX)
BULLETINS = st.builds(
    Bulletin,
    groupe=st.sampled_from(Groupe),
    reponses=st.dictionaries(st.sampled_from(NUMEROS), st.integers(0, 5)),
    propres=st.dictionaries(st.integers(1, 5), st.integers(0, 9)),
    formation=st.frozensets(st.integers(0, 7)),
    texte=TEXTES,
)
QUESTIONS = questions_figees(
    "pouls",
    [
        {"numero": 1, "enonce": "Oui ou non ?", "type": "oui_non", "options": ["Oui", "Non"]},
        {"numero": 2, "enonce": "Le jour ?", "type": "choix", "options": ["lu", "ma", "je", "ve", "sa"]},
        {"numero": 3, "enonce": "D'accord ?", "type": "echelle", "options": ["1", "2", "3", "4", "5"]},
    ],
)
INVITES = {"enseignants": 30, "vie_scolaire": 9, "aesh_agents": 9, "parents": 20}


# --- Ballots ------------------------------------------------------------------------------------------------
@given(BULLETINS)
def test_un_bulletin_ecrit_se_relit_et_a_la_taille_de_tous(bulletin):
    octets = ecrire(bulletin)
    assert len(octets) == TAILLE
    assert lire(octets) == bulletin


@pytest.mark.parametrize("lettre", ["a", "é", "€", "🙂", '"', "\n", "\\"])
def test_le_plus_long_texte_tient(lettre):
    plein = Bulletin(
        groupe=Groupe.AESH_AGENTS,
        reponses=dict.fromkeys(NUMEROS, 5),
        propres=dict.fromkeys(range(1, 6), 9),
        formation=frozenset(range(8)),
        texte=lettre * TEXTE_MAX,
    )
    assert len(ecrire(plein)) == TAILLE
    assert lire(ecrire(plein)) == plein


def test_un_texte_trop_long_est_refuse_et_n_est_pas_coupe():
    with pytest.raises(BulletinTropLong):
        ecrire(Bulletin(Groupe.ENSEIGNANTS, {}, texte="a" * 100_000))
    with pytest.raises(BulletinTropLong):
        ecrire(Bulletin(Groupe.ENSEIGNANTS, {}, texte="\x01" * TEXTE_MAX))  # six bytes each once written


# --- Codes --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("longueur", [LONGUEUR_DU_LIEN, LONGUEUR_DU_COUPON])
def test_un_code_imprime_puis_tape_de_travers_se_relit(longueur):
    code = tirer_code(longueur)
    imprime = en_paquets(code)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{1,4})+", imprime)
    for tape in (code, imprime, imprime.lower(), f"  {imprime} ", " ".join(code), imprime.replace("-", "\u00a0")):
        assert normaliser(tape) == code
    confondu = code.replace("1", "l").replace("0", "o")
    assert normaliser(confondu) == normaliser(confondu.replace("l", "I")) == code


@pytest.mark.parametrize(
    "saisie", ["", " ", "-", "A" * 11, "A" * 13, "A" * 25, "A" * 27, "U" + "A" * 11, "é" + "A" * 11, "A" * 100_000]
)
def test_ce_qui_ne_peut_pas_etre_un_code(saisie):
    assert normaliser(saisie) == ""


def test_deux_codes_ne_se_ressemblent_pas():
    codes = [tirer_code(LONGUEUR_DU_COUPON) for _ in range(2000)]
    assert len(set(codes)) == len(set(map(empreinte_du_coupon, codes))) == 2000
    lettres = Counter("".join(codes))
    assert set(lettres) == set(ALPHABET)
    assert max(lettres.values()) < 1.3 * min(lettres.values())
    assert all(re.fullmatch("[0-9a-f]{64}", empreinte_du_coupon(code)) for code in codes[:5])


# --- Counting -----------------------------------------------------------------------------------------------
def des_bulletins(alea: Random, **nombres: int) -> list[Bulletin]:
    return [
        Bulletin(
            groupe=Groupe(groupe),
            reponses={numero: alea.choice((0, 1, 2, 3, 4, 4, 5)) for numero in NUMEROS},
            propres={1: alea.randrange(2), 2: alea.randrange(5)},
            formation=frozenset(rang for rang in range(8) if alea.random() < 0.4),
            texte=f"Texte {alea.random()}" if alea.random() < 0.5 else "",
        )
        for groupe, nombre in nombres.items()
        for _ in range(nombre)
    ]


def test_le_depouillement_ne_depend_pas_de_l_ordre():
    alea = Random(26)
    bulletins = des_bulletins(alea, enseignants=14, vie_scolaire=6, aesh_agents=3, parents=11)
    contenu, textes = depouiller(bulletins, QUESTIONS, INVITES, 5)
    for _ in range(20):
        alea.shuffle(bulletins)
        autre, autres = depouiller(bulletins, QUESTIONS, INVITES, 5)
        assert json.dumps(autre) == json.dumps(contenu)
        assert sorted(autres) == sorted(textes)


def test_les_textes_sortent_dans_un_autre_ordre():
    bulletins = [Bulletin(Groupe.ENSEIGNANTS, {}, texte=f"Texte {rang:02}") for rang in range(30)]
    ordres = [tuple(depouiller(bulletins, QUESTIONS, INVITES, 5)[1]) for _ in range(20)]
    assert len(set(ordres)) == 20
    assert tuple(bulletin.texte for bulletin in bulletins) not in ordres


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.tuples(*[st.integers(0, 14)] * 4))
def test_ce_qui_est_montre_est_ce_que_l_on_compte_a_la_main(graine, nombres):
    bulletins = des_bulletins(Random(graine), **dict(zip(INVITES, nombres, strict=True)))
    contenu, textes = depouiller(bulletins, QUESTIONS, INVITES, 5)
    recus = Counter(str(bulletin.groupe) for bulletin in bulletins)
    assert [famille["code"] for famille in contenu["familles"]] == ["equipes", "parents"]
    for famille in contenu["familles"]:
        membres = [bulletin for bulletin in bulletins if bulletin.groupe in FAMILLES[famille["code"]]]
        assert famille["reponses"] == (len(membres) if len(membres) >= 5 else None)
        for part in famille["parts"]:
            assert part["code"] == "+".join(part["groupes"])
            assert part["reponses"] == sum(recus[groupe] for groupe in part["groupes"]) >= 5
            assert part["invites"] == sum(INVITES[groupe] for groupe in part["groupes"])
    for item, question in zip(contenu["items"], QUESTIONS["items"], strict=True):
        poses = set(question["enonces"])
        for famille in contenu["familles"]:
            parts = [part["groupes"] for part in famille["parts"]]
            assert (famille["code"] in item["familles"]) == any(poses & set(part) for part in parts)
            if publication := item["familles"].get(famille["code"]):
                tous = [groupe for part in parts if set(part) <= poses for groupe in part]
                _comme_a_la_main(bulletins, item["numero"], tous, publication["total"])
                for part, chiffres in (publication["parts"] or {}).items():
                    _comme_a_la_main(bulletins, item["numero"], part.split("+"), chiffres)
    assert contenu["textes"] == len(textes)
    dix = [groupes for groupes in FAMILLES.values() if sum(recus[groupe] for groupe in groupes) >= 10]
    assert sorted(textes) == sorted(b.texte for b in bulletins if b.texte and any(b.groupe in g for g in dix))


def _comme_a_la_main(bulletins, numero, groupes, chiffres) -> None:
    donnees = [bulletin.reponses[numero] for bulletin in bulletins if bulletin.groupe in groupes]
    if chiffres is None:
        return
    exprimees = [valeur for valeur in donnees if valeur]
    assert chiffres["n"] == len(exprimees) >= 5
    if chiffres["effectifs"]:
        assert chiffres["effectifs"] == tuple(map(exprimees.count, range(1, 6)))
        assert chiffres["sans_avis"] == donnees.count(0)
        assert resumer(chiffres["effectifs"]).moyenne == Fraction(sum(exprimees), len(exprimees))


def test_une_question_posee_a_quelques_groupes_d_une_part_ne_dit_rien_d_elle():
    """Five teachers and three of vie scolaire are one part: n of teachers alone would give the three others."""
    questions = {
        "items": [
            {"numero": 1, "enonces": {"enseignants": "…"}},
            {"numero": 2, "enonces": {"enseignants": "…", "vie_scolaire": "…"}},
            {"numero": 3, "enonces": {"aesh_agents": "…"}},
        ],
        "propres": [],
        "formation": [],
    }
    valeurs = (1, 2, 4, 5)
    bulletins = [
        Bulletin(groupe, dict.fromkeys((1, 2, 3), valeurs[rang % 4]))
        for groupe, nombre in ((Groupe.ENSEIGNANTS, 5), (Groupe.VIE_SCOLAIRE, 3), (Groupe.AESH_AGENTS, 8))
        for rang in range(nombre)
    ]
    items = depouiller(bulletins, questions, INVITES, 5)[0]["items"]
    assert items[0]["familles"] == {"equipes": {"total": None, "parts": None}}
    assert items[1]["familles"]["equipes"]["total"]["n"] == 8
    assert items[2]["familles"]["equipes"]["total"] == {"n": 8, "effectifs": (2, 2, 0, 2, 2)} | {
        "sans_avis": 0,
        "bande": None,
    }


def test_un_groupe_qui_n_est_pas_invite_ne_compte_nulle_part():
    """Counted in one figure and not in another, its only person would come out by subtraction."""
    alea = Random(3)
    invites = {"enseignants": 20}
    siens = des_bulletins(alea, enseignants=12)
    seuls = depouiller(siens, QUESTIONS, invites, 5)
    avec = depouiller([*siens, *des_bulletins(alea, aesh_agents=1, eleves=6)], QUESTIONS, invites, 5)
    assert (avec[0], sorted(avec[1])) == (seuls[0], sorted(seuls[1]))


def test_une_valeur_hors_de_la_liste_n_est_pas_une_reponse():
    """The form refuses it; whoever holds the public key could still seal one."""
    bulletins = [Bulletin(Groupe.ENSEIGNANTS, {1: 1 + rang % 5}, {1: rang % 2}) for rang in range(10)]
    bulletins += [Bulletin(Groupe.ENSEIGNANTS, {1: valeur}, {1: valeur}) for valeur in (-1, 6, 99)]
    contenu, _ = depouiller(bulletins, questions_figees("longue", QUESTIONS["propres"]), INVITES, 5)
    assert contenu["items"][0]["familles"]["equipes"]["total"] == {
        "n": 10,
        "effectifs": (2, 2, 2, 2, 2),
        "sans_avis": 3,
        "bande": None,
    }
    assert contenu["propres"][0]["familles"]["equipes"]["total"]["sans_avis"] == 3


def test_les_questions_de_l_ecole_ne_distinguent_pas_les_groupes_et_cinq_options_ne_sont_pas_une_echelle():
    bulletins = [
        Bulletin(groupe, {}, {1: rang % 2, 2: 3 + rang % 2, 3: 3 + rang % 2})
        for groupe in (Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE)
        for rang in range(8)
    ]
    oui_non, choix, echelle = depouiller(bulletins, QUESTIONS, INVITES, 5)[0]["propres"]
    publies = [question["familles"]["equipes"] for question in (oui_non, choix, echelle)]
    assert [publication["parts"] for publication in publies] == [None, None, None]
    assert [publication["total"]["effectifs"] for publication in publies] == [(8, 8), (0, 0, 0, 8, 8), None]
    assert publies[2]["total"]["bande"] == "accord"
    assert "parents" not in oui_non["familles"]


@pytest.mark.parametrize(
    ("souhaits", "reponses", "dit"),
    [
        ([0, 4, 5, 8, 9, 10], 10, [None, None, 5, 8, 8, 8]),  # ten, nine and eight are said alike
        ([7, 6, 5, 4, 3, 0], 7, [5, 5, 5, None, None, None]),
        ([6, 0, 0, 0, 0, 0], 6, None),  # six people: « all but two » is four
        ([4, 0, 0, 0, 0, 0], 4, None),
    ],
)
def test_les_souhaits_de_formation(souhaits, reponses, dit):
    questions = QUESTIONS | {"formation": [f"Thème {rang}" for rang in range(6)]}
    bulletins = [
        Bulletin(Groupe.ENSEIGNANTS, {}, formation=frozenset(t for t, n in enumerate(souhaits) if personne < n))
        for personne in range(reponses)
    ]
    formation = depouiller(bulletins, questions, INVITES, 5)[0]["formation"]
    assert formation == (None if dit is None else {"reponses": reponses, "effectifs": dit})
    # Parents wish for nothing: the figure is of the teams.
    avec = [*bulletins, *[Bulletin(Groupe.PARENTS, {}, formation=frozenset(range(6)))] * 12]
    assert depouiller(avec, questions, INVITES, 5)[0]["formation"] == formation


def test_une_famille_sous_le_seuil_ne_dit_pas_combien_ont_repondu():
    bulletins = des_bulletins(Random(1), enseignants=12, parents=4)
    contenu, textes = depouiller(bulletins, QUESTIONS, INVITES, 5)
    assert contenu["familles"][1] == {"code": "parents", "invites": 20, "reponses": None, "parts": []}
    assert all("parents" not in question["familles"] for question in (*contenu["items"], *contenu["propres"]))
    assert set(textes) <= {bulletin.texte for bulletin in bulletins if bulletin.groupe is Groupe.ENSEIGNANTS}
    vide = depouiller([], QUESTIONS, INVITES, 5)[0]
    assert [famille["reponses"] for famille in vide["familles"]] == [None, None]
    assert (vide["formation"], vide["textes"]) == (None, 0)
    assert all(question["familles"] == {} for question in (*vide["items"], *vide["propres"]))
