"""Publishing the référentiel from its file: whole, once, and locked."""

import copy
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from diagnostic.domain.referentiel import charger_referentiel
from diagnostic.models import Indicateur, Referentiel
from strategie.socle.domain.empechement import Empeche
from tests.dossier import REFERENTIEL


@pytest.fixture
def donnees() -> dict:
    return json.loads(REFERENTIEL.read_text(encoding="utf-8"))


def charger(donnees: dict) -> tuple[Referentiel, bool]:
    return charger_referentiel(donnees=donnees, maintenant=timezone.now())


def test_le_fichier_entier_est_publie(db, donnees):
    referentiel, cree = charger(donnees)
    assert cree
    assert referentiel.publie_le is not None
    par_champ = Counter(referentiel.indicateurs.values_list("champ__code", flat=True))
    assert par_champ == {"PIL": 15, "FOR": 13, "RES": 13, "PED": 15, "INF": 13, "EQU": 13}
    codes = [ligne["code"] for champ in donnees["champs"] for ligne in champ["indicateurs"]]
    assert list(referentiel.indicateurs.values_list("code", flat=True)) == codes


def test_la_meme_version_deux_fois_ne_change_rien(referentiel, donnees):
    assert charger(donnees) == (referentiel, False)
    assert (Referentiel.objects.count(), Indicateur.objects.count()) == (1, 82)


def changer_seuil(donnees):
    donnees["seuil"] = "0.75"


def changer_definition(donnees):
    donnees["paliers"][0]["definition"] = "Autre chose."


def changer_libelle(donnees):
    donnees["champs"][0]["libelle"] = "Pilotage"


def changer_bloquant(donnees):
    donnees["champs"][0]["indicateurs"][0]["bloquant"] = False


def changer_portee(donnees):
    donnees["champs"][0]["indicateurs"][0]["portee"] = ["college"]


def retirer_indicateur(donnees):
    donnees["champs"][5]["indicateurs"].pop()


@pytest.mark.parametrize(
    "changer",
    [changer_seuil, changer_definition, changer_libelle, changer_bloquant, changer_portee, retirer_indicateur],
)
def test_une_version_publiee_ne_change_plus(referentiel, donnees, changer):
    avant = list(referentiel.indicateurs.values())
    changer(donnees)
    with pytest.raises(Empeche, match="demande un nouveau numéro de version"):
        charger(donnees)
    assert list(referentiel.indicateurs.values()) == avant


def test_un_nouveau_numero_publie_a_cote(referentiel, donnees):
    suivante = copy.deepcopy(donnees) | {"version": 2}
    changer_bloquant(suivante)
    nouveau, cree = charger(suivante)
    assert (cree, nouveau.version, Referentiel.objects.count()) == (True, 2, 2)
    assert referentiel.indicateurs.get(code="PIL-1-1").bloquant is True


@pytest.mark.parametrize("contenu", ["", "{", "[]", '{"code": "x"}'])
def test_un_fichier_illisible_le_dit(db, tmp_path, contenu):
    fichier = tmp_path / "referentiel.json"
    fichier.write_text(contenu)
    with pytest.raises(CommandError, match="Ce fichier de référentiel ne se lit pas"):
        call_command("charger_referentiel", str(fichier))
    assert Referentiel.objects.count() == 0
