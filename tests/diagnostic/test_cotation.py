"""The rule of cotation: a table of cases that a head can redo by hand, and properties that always hold."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.domain.cotation import IndicateurCote, ResultatChamp, Valeur, coter_champ, pour_cent

OUI, EN_PARTIE, NON, SANS_OBJET, NE_SAIT_PAS = Valeur
REPONSES = {"o": OUI, "p": EN_PARTIE, "n": NON, "s": SANS_OBJET, "?": NE_SAIT_PAS}


def champ(ecrit: str) -> tuple[list[IndicateurCote], dict[str, Valeur]]:
    """« O o p / n . / » : three paliers; a capital letter (or !) is bloquant; a dot is no answer."""
    indicateurs, reponses = [], {}
    for palier, lettres in enumerate(ecrit.split("/"), start=1):
        for rang, lettre in enumerate(lettres.split(), start=1):
            code = f"{palier}-{rang}"
            bloquant = lettre.isupper() or lettre.startswith("!")
            indicateurs.append(IndicateurCote(code, palier, bloquant))
            if (reponse := lettre.lstrip("!").lower()) != ".":
                reponses[code] = REPONSES[reponse]
    return indicateurs, reponses


@pytest.mark.parametrize(
    ("ecrit", "palier", "non_etabli", "manquants"),
    [
        ("o o o / o o o / o o o", 3, False, ()),
        ("N o o o o / o / o", 0, False, ("1-1",)),
        ("o o o o N / o / o", 0, False, ("1-5",)),
        ("P o o o o / o / o", 0, False, ("1-1",)),  # a bloquant asks for « oui », not « en partie »
        ("o o o p p / n / o", 1, False, ("2-1",)),  # 4 points of 5 = 4/5: exactly enough
        ("o o o p n / o / o", 0, False, ("1-4", "1-5")),  # 3,5 of 5
        ("o o o o / n O n N / o", 1, False, ("2-4", "2-1", "2-3")),  # bloquants first, then the order given
        ("o o ? / o / o", 0, True, ("1-3",)),  # 1 unknown of 3 is more than 30 %
        ("o o o o o o o ? ? ? / n / o", 1, False, ("2-1",)),  # 3 of 10 is exactly 30 %: established
        ("o o o o o o ? ? ? ? / o / o", 0, True, ("1-7", "1-8", "1-9", "1-10")),
        ("o o o o o o o o o !? / o / o", 0, True, ("1-10",)),  # an unknown bloquant
        ("o o o o o o o o o !. / o / o", 0, True, ("1-10",)),  # no answer is unknown too
        ("n n o o ? ? / o / o", 0, False, ("1-1", "1-2", "1-5", "1-6")),  # not established, and not enough
        ("N o o !? / o / o", 0, False, ("1-1", "1-4")),
        ("s s s / o o / n", 2, False, ("3-1",)),  # nothing applies: nothing is asked
        ("S o o / o / o", 3, False, ()),  # « sans objet » takes even a bloquant out
        (" / o / n", 2, False, ("3-1",)),
        (" / / ", 3, False, ()),
        (". . . / . / .", 0, True, ("1-1", "1-2", "1-3")),
        ("n / o / o", 0, False, ("1-1",)),  # a palier above never makes up for one below
        ("o / n / o", 1, False, ("2-1",)),
    ],
)
def test_cas(ecrit, palier, non_etabli, manquants):
    indicateurs, reponses = champ(ecrit)
    resultat = coter_champ(indicateurs, reponses)
    assert (resultat.palier, resultat.non_etabli, resultat.manquants) == (palier, non_etabli, manquants)


def test_le_resultat_entier():
    indicateurs, reponses = champ("o o p ? / n ? / ?")
    assert coter_champ(indicateurs, reponses) == ResultatChamp(
        palier=1, non_etabli=False, manquants=("2-1", "2-2"), scores={1: Fraction(5, 6), 2: Fraction(0), 3: None}
    )


def test_les_seuils_viennent_de_la_version():
    indicateurs, reponses = champ("o n ? / n / n")
    assert coter_champ(indicateurs, reponses).palier == 0
    souple = coter_champ(indicateurs, reponses, seuil=Fraction(1, 2), part_inconnue_max=Fraction(1, 3))
    assert souple.palier == 1


def test_une_reponse_d_ailleurs_ne_compte_pas():
    indicateurs, reponses = champ("o / n / n")
    assert coter_champ(indicateurs, reponses | {"9-9": NON}) == coter_champ(indicateurs, reponses)


@pytest.mark.parametrize(
    ("score", "attendu"), [(Fraction(1, 3), 33), (Fraction(5, 8), 63), (Fraction(1, 200), 1), (Fraction(1), 100)]
)
def test_pour_cent_arrondit_au_plus_proche_la_moitie_au_dessus(score, attendu):
    assert pour_cent(score) == attendu


@st.composite
def champs(draw):
    """Indicators of the three paliers, some bloquant, and answers to some of them."""
    indicateurs = [
        IndicateurCote(f"I-{rang}", draw(st.integers(1, 3)), draw(st.booleans()))
        for rang in range(draw(st.integers(0, 15)))
    ]
    reponses = {i.code: draw(st.sampled_from(Valeur)) for i in indicateurs if draw(st.booleans())}
    return indicateurs, reponses


@given(champs())
def test_le_palier_atteint_se_recompte_a_la_main(donnees):
    indicateurs, reponses = donnees
    atteint = 0
    for palier in (1, 2, 3):
        applicables = [i for i in indicateurs if i.palier == palier and reponses.get(i.code) != SANS_OBJET]
        points = {OUI: 2, EN_PARTIE: 1, NON: 0}
        connus = [i for i in applicables if reponses.get(i.code) in points]
        demi_points = sum(points[reponses[i.code]] for i in connus)
        inconnus = len(applicables) - len(connus)
        bien = all(reponses.get(i.code) == OUI for i in applicables if i.bloquant)
        if not (bien and 10 * inconnus <= 3 * len(applicables) and 5 * demi_points >= 8 * len(connus)):
            break
        atteint = palier
    assert coter_champ(indicateurs, reponses).palier == atteint


@given(champs())
def test_les_manquants_sont_ce_qui_n_est_pas_oui(donnees):
    indicateurs, reponses = donnees
    resultat = coter_champ(indicateurs, reponses)
    vises = [i for i in indicateurs if i.palier == resultat.palier + 1]
    attendus = {i.code for i in vises if reponses.get(i.code) not in (OUI, SANS_OBJET)}
    assert set(resultat.manquants) == attendus
    assert len(resultat.manquants) == len(attendus)
    bloquants = {i.code: i.bloquant for i in indicateurs}
    rangs = [i.code for i in indicateurs]
    cles = [(not bloquants[code], rangs.index(code)) for code in resultat.manquants]
    assert cles == sorted(cles)


@given(champs(), st.integers(1, 3))
def test_un_indicateur_sans_reponse_ne_change_jamais_un_score(donnees, palier):
    indicateurs, reponses = donnees
    avant = coter_champ(indicateurs, reponses).scores
    assert coter_champ([*indicateurs, IndicateurCote("nouveau", palier)], reponses).scores == avant


@given(champs(), st.integers(0, 14))
def test_mieux_repondre_ne_fait_jamais_descendre(donnees, rang):
    """From « non » or « en partie » to « oui », the palier stays or rises."""
    indicateurs, reponses = donnees
    if rang >= len(indicateurs) or reponses.get(indicateurs[rang].code) not in (NON, EN_PARTIE):
        return
    mieux = reponses | {indicateurs[rang].code: OUI}
    assert coter_champ(indicateurs, mieux).palier >= coter_champ(indicateurs, reponses).palier


@given(champs())
def test_non_etabli_est_le_seul_obstacle(donnees):
    """When « non établi » is said, answering « oui » to all that is unknown reaches the next palier."""
    indicateurs, reponses = donnees
    resultat = coter_champ(indicateurs, reponses)
    if not resultat.non_etabli:
        return
    complet = {i.code: OUI for i in indicateurs if reponses.get(i.code) in (None, NE_SAIT_PAS)}
    assert coter_champ(indicateurs, reponses | complet).palier > resultat.palier
