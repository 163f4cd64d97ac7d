"""Files for spreadsheets: whatever people typed is read back, and nothing of it runs."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategie.socle.interfaces.exports import Colonne, lignes_csv, reponse_csv, sans_formule

COLONNES = [Colonne("Nom", lambda ligne: ligne[0]), Colonne("=Nombre", lambda ligne: ligne[1])]


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_une_formule_n_est_plus_qu_un_texte(debut):
    assert sans_formule(f"{debut}1+1") == f"'{debut}1+1"


@pytest.mark.parametrize("valeur", ["Collège", "a=b", "", "'=1", -3, None])
def test_ce_qui_n_est_pas_une_formule_reste(valeur):
    assert sans_formule(valeur) == valeur


def test_un_montant_negatif_reste_un_nombre():
    assert list(lignes_csv(COLONNES, [("-1", Decimal("-1234.50"))]))[1] == "'-1;-1234,50\r\n"


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.integers())))
def test_ce_qui_est_ecrit_se_relit(lignes):
    texte = "".join(lignes_csv(COLONNES, lignes))
    relues = list(csv.reader(io.StringIO(texte.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert relues == [
        ["Nom", "'=Nombre"],
        *([sans_formule(nom), "" if nombre is None else str(nombre)] for nom, nombre in lignes),
    ]


def test_le_fichier_part_a_mesure_qu_il_se_fait():
    lues = []

    def lignes():
        for rang in range(1000):
            lues.append(rang)
            yield ("Nom", rang)

    morceaux = iter(reponse_csv("liste.csv", COLONNES, lignes()))
    assert next(morceaux).decode().startswith("\ufeffNom;'=Nombre\r\nNom;0\r\n")
    assert 0 < len(lues) < 1000
