"""The rules of what may be shown of a survey: cases that can be redone by hand, and properties that always hold."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.domain.anonymat import (
    Bande,
    Chiffres,
    Participation,
    Publication,
    concentre,
    fusionner,
    participation,
    publier,
)

EFFECTIFS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)
COMPTES = st.tuples(st.tuples(*[st.integers(0, 12)] * 5), st.integers(0, 4))


# --- Which parts are shown ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("effectifs", "parts"),
    [
        ({"a": 12, "b": 6, "c": 5}, [("a",), ("b",), ("c",)]),
        ({"a": 12, "b": 3, "c": 2}, [("a",), ("b", "c")]),  # together they are five
        ({"a": 12, "b": 3, "c": 1}, [("a", "b", "c")]),  # together they are four: they join somebody
        ({"a": 12, "b": 6, "c": 4}, [("a",), ("b", "c")]),  # the smallest of the others
        ({"a": 6, "b": 12, "c": 4}, [("a", "c"), ("b",)]),
        ({"a": 4, "b": 12, "c": 6}, [("b",), ("a", "c")]),  # named in their own order
        ({"a": 6, "b": 6, "c": 0}, [("a", "c"), ("b",)]),  # nobody is not shown as nobody
        ({"a": 4, "b": 4, "c": 4}, [("a", "b", "c")]),
        ({"a": 4}, []),
        ({"a": 2, "b": 2}, []),
        ({}, []),
    ],
)
def test_les_parts_montrees(effectifs, parts):
    assert fusionner(effectifs, 5) == parts


@given(EFFECTIFS, st.integers(3, 12))
def test_ce_qui_est_montre_est_une_partition_en_parts_d_au_moins_k(effectifs, k):
    parts = fusionner(effectifs, k)
    assert parts == fusionner(dict(effectifs), k)
    if sum(effectifs.values()) < k:
        assert parts == []
        return
    assert sorted(cle for part in parts for cle in part) == sorted(effectifs)
    assert all(sum(effectifs[cle] for cle in part) >= k for part in parts)
    ordre = list(effectifs)
    assert all(list(part) == sorted(part, key=ordre.index) for part in parts)
    # Nobody is put with others without need.
    assert all(len(part) == 1 or any(effectifs[cle] < k for cle in part) for part in parts)


# --- What is said of a question ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("effectifs", "dit"),
    [
        ((1, 1, 1, 1, 1), "exact"),
        ((0, 2, 0, 3, 0), "exact"),
        ((0, 1, 0, 4, 0), Bande.ACCORD),  # the odd one out would know the others
        ((0, 1, 0, 2, 2), Bande.ACCORD),  # all but one on the same side
        ((0, 0, 0, 2, 3), Bande.ACCORD),
        ((4, 0, 1, 0, 0), Bande.DESACCORD),
        ((3, 2, 0, 0, 0), Bande.DESACCORD),
        ((0, 1, 4, 0, 0), None),  # « milieu » would be one answer, and five people are too few to say it
        ((0, 1, 3, 1, 0), None),
        ((0, 2, 2, 1, 0), "exact"),
        ((1, 1, 8, 0, 0), Bande.MILIEU),  # ten people, and two of them elsewhere: who knows which?
        ((1, 1, 7, 1, 0), "exact"),
        ((1, 1, 0, 4, 4), Bande.ACCORD),
        ((1, 1, 1, 4, 3), "exact"),
        ((0, 0, 28, 1, 1), Bande.MILIEU),
        ((4, 0, 0, 0, 0), None),  # under five
        ((0, 0, 0, 0, 0), None),
    ],
)
def test_une_question_sur_l_echelle(effectifs, dit):
    n = sum(effectifs)
    attendu = None
    if dit == "exact":
        attendu = Chiffres(n, effectifs, 3)
    elif dit is not None:
        attendu = Chiffres(n, None, 0, dit)
    assert publier({"a": (effectifs, 3)}, 5) == Publication(attendu, None)


@pytest.mark.parametrize(
    ("effectifs", "dit"),
    [
        ((3, 2), "exact"),
        ((4, 1), None),  # which option nearly all chose is not said below ten answers
        ((0, 5), None),
        ((7, 3), "exact"),
        ((8, 2), "0"),
        ((0, 1, 11), "2"),
        ((0, 0, 0, 1, 11), "4"),  # five options are no scale
        ((1, 1, 1, 4, 5), "exact"),  # all but three on what would be one side
    ],
)
def test_une_question_a_options(effectifs, dit):
    total = publier({"": (effectifs, 0)}, 5, distinguer=False, echelle=False).total
    if dit == "exact":
        assert total == Chiffres(sum(effectifs), effectifs)
    else:
        assert total == (None if dit is None else Chiffres(sum(effectifs), None, 0, dit))


@pytest.mark.parametrize(
    ("a", "b", "ensemble"),
    [
        ((2, 2, 2, 2, 2), (1, 1, 1, 1, 1), True),
        ((2, 2, 2, 2, 2), (0, 3, 1, 0, 1), False),  # three of five alike: held back, as if four or five were
        ((2, 2, 2, 2, 2), (1, 1, 1, 1, 0), False),  # four people
        ((2, 2, 2, 2, 2), (0, 0, 0, 3, 3), False),  # one side
    ],
)
def test_des_parts_se_distinguent_si_chacune_le_peut(a, b, ensemble):
    publication = publier({"a": (a, 0), "b": (b, 2)}, 5)
    assert publication.total == Chiffres(sum(a) + sum(b), tuple(x + y for x, y in zip(a, b, strict=True)), 2)
    assert publication.parts == ({"a": Chiffres(10, a), "b": Chiffres(5, b, 2)} if ensemble else None)
    assert publier({"a": (a, 0), "b": (b, 2)}, 5, distinguer=False).parts is None


@given(st.lists(COMPTES, min_size=1, max_size=4), st.integers(3, 8))
def test_ce_qui_est_publie_s_additionne_et_tient_le_seuil(comptes, k):
    publication = publier({str(rang): compte for rang, compte in enumerate(comptes)}, k)
    montres = [publication.total, *(publication.parts or {}).values()]
    assert all(chiffres.n >= k for chiffres in montres if chiffres)
    if publication.total and publication.total.effectifs is None:
        effectifs = [sum(colonne) for colonne in zip(*(e for e, _ in comptes), strict=True)]
        cotes = {Bande.DESACCORD: effectifs[:2], Bande.MILIEU: effectifs[2:3], Bande.ACCORD: effectifs[3:]}
        assert 5 * sum(cotes[publication.total.bande]) >= 4 * sum(effectifs), "« 80 % et plus » must be true"
        assert publication.parts is None
    if publication.parts:
        parts = publication.parts.values()
        assert len(parts) == len(comptes)
        assert publication.total == Chiffres(
            sum(part.n for part in parts),
            tuple(sum(colonne) for colonne in zip(*(part.effectifs for part in parts), strict=True)),
            sum(part.sans_avis for part in parts),
        )
        assert not any(concentre(part.effectifs) for part in parts)


# --- While it is open -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("recus", "invites", "attendu"),
    [
        (0, 40, Participation(5, False, None, False)),
        (4, 40, Participation(5, False, None, False)),
        (5, 40, Participation(5, True, 10, False)),  # 12,5 %, to the nearest even step
        (9, 40, Participation(5, True, 10, False)),
        (10, 40, Participation(5, True, 25, False)),
        (40, 40, Participation(5, True, 100, False)),
        (44, 40, Participation(5, True, 100, False)),
        (45, 40, Participation(5, True, 100, True)),
        (7, 0, Participation(5, True, None, True)),
    ],
)
def test_ce_qui_se_dit_avant_la_cloture(recus, invites, attendu):
    assert participation(recus, invites, 5) == attendu


def test_ce_qui_se_dit_ne_bouge_que_par_k():
    for k, invites, recus in product((3, 5, 8), (5, 31, 200), range(300)):
        assert participation(recus, invites, k) == participation(recus - recus % k, invites, k)
