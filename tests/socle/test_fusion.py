"""Merging what two people typed: nothing is overwritten in silence, nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from strategie.socle.domain.fusion import Conflit, fusionner

CHAMPS = ("quoi", "qui", "quand")
valeurs = st.fixed_dictionaries({champ: st.sampled_from(["a", "b", "c"]) for champ in CHAMPS})


def test_ce_qui_est_change_a_part_se_rejoint():
    base = {"quoi": "a", "qui": "a", "quand": "a"}
    fusion = fusionner(base, base | {"quoi": "moi"}, base | {"qui": "elle"})
    assert (fusion.valeurs, fusion.conflits) == ({"quoi": "moi", "qui": "elle", "quand": "a"}, {})


def test_le_meme_champ_change_deux_fois_se_montre():
    base = {"quoi": "a", "qui": "a"}
    fusion = fusionner(base, {"quoi": "moi", "qui": "a"}, {"quoi": "elle", "qui": "a"})
    assert fusion.conflits == {"quoi": Conflit(base="a", mien="moi", actuel="elle")}
    assert not fusion.possible


@given(valeurs, valeurs, valeurs)
def test_rien_n_est_ecrase_en_silence(base, mien, actuel):
    """Field by field: mine survives or is shown, hers survives unless it was what I had before me."""
    fusion = fusionner(base, mien, actuel)
    for champ in CHAMPS:
        change_par_moi, change_par_elle = mien[champ] != base[champ], actuel[champ] != base[champ]
        if change_par_moi and change_par_elle and mien[champ] != actuel[champ]:
            assert fusion.conflits[champ] == Conflit(base[champ], mien[champ], actuel[champ])
        else:
            assert champ not in fusion.conflits
            assert fusion.valeurs[champ] == (mien[champ] if change_par_moi else actuel[champ])
