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


# --- A later version ----------------------------------------------------------------------------------
def suivante(donnees: dict) -> dict:
    """v2, with one indicator of each kind."""
    v2 = copy.deepcopy(donnees) | {"version": 2, "precedent": 1}
    lignes = v2["champs"][0]["indicateurs"]
    gardees = [ligne for ligne in lignes if ligne["code"] not in ("PIL-1-3", "PIL-2-1", "PIL-2-2", "PIL-3-5")]
    modele = lignes[0] | {"bloquant": False}
    v2["champs"][0]["indicateurs"] = gardees + [
        modele | {"code": code, "enonce": f"Énoncé de {code}."} for code in ("PIL-1-6", "PIL-1-7", "PIL-2-6", "PIL-3-6")
    ]
    v2["regles"] = [r for r in v2["regles"] if "PIL-2-2" not in (r["si"]["indicateur"], r["alors"]["indicateur"])]
    changes = {
        "PIL-1-2": {"nature": "reformule", "ancien": "PIL-1-2", "nouveaux": ["PIL-1-2"]},
        "PIL-1-3": {"nature": "scinde", "ancien": "PIL-1-3", "nouveaux": ["PIL-1-6", "PIL-1-7"]},
        "PIL-2-1": {"nature": "fusionne", "ancien": "PIL-2-1", "nouveaux": ["PIL-2-6"]},
        "PIL-2-2": {"nature": "fusionne", "ancien": "PIL-2-2", "nouveaux": ["PIL-2-6"]},
        "PIL-3-5": {"nature": "abandonne", "ancien": "PIL-3-5"},
        "PIL-3-6": {"nature": "nouveau", "nouveaux": ["PIL-3-6"]},
    }
    anciens = [ligne["code"] for champ in donnees["champs"] for ligne in champ["indicateurs"]]
    v2["correspondances"] = [*changes.values()] + [
        {"nature": "conserve", "ancien": code, "nouveaux": [code]} for code in anciens if code not in changes
    ]
    return v2


def lien(v2: dict, code: str) -> dict:
    return next(ligne for ligne in v2["correspondances"] if ligne.get("ancien") == code)


def test_une_version_suivante_et_ses_correspondances(referentiel, donnees):
    v2, cree = charger(suivante(donnees))
    assert (cree, v2.precedent, v2.publie) == (True, referentiel, True)
    assert Counter(v2.correspondances.values_list("nature", flat=True)) == {
        "conserve": 77,
        "reformule": 1,
        "scinde": 2,
        "fusionne": 2,
        "abandonne": 1,
        "nouveau": 1,
    }
    assert charger(suivante(donnees)) == (v2, False)


def qui_se_precede(v2):
    v2["precedent"] = 2


def qui_suit_une_absente(v2):
    v2 |= {"version": 9, "precedent": 8}


def regles_en_rond(v2):
    v2["regles"] = [
        {
            "code": f"P{rang}",
            "gravite": "avertissement",
            "phrase": "…",
            "si": {"indicateur": si, "valeurs": ["oui"]},
            "alors": {"indicateur": alors, "valeurs": ["oui"]},
        }
        for rang, (si, alors) in enumerate([("FOR-1-1", "FOR-1-2"), ("FOR-1-2", "FOR-1-3"), ("FOR-1-3", "FOR-1-1")])
    ]


def code_en_double(v2):
    v2["champs"][1]["indicateurs"][1]["code"] = "FOR-1-1"
    v2["correspondances"] = [ligne for ligne in v2["correspondances"] if ligne.get("ancien") != "FOR-1-2"]
    v2["correspondances"].append({"nature": "abandonne", "ancien": "FOR-1-2"})


def ancien_oublie(v2):
    v2["correspondances"] = [ligne for ligne in v2["correspondances"] if ligne.get("ancien") != "PIL-3-5"]


def nouveau_oublie(v2):
    v2["correspondances"] = [ligne for ligne in v2["correspondances"] if ligne["nature"] != "nouveau"]


def code_inconnu(v2):
    lien(v2, "PIL-1-3")["nouveaux"].append("PIL-9-9")


def code_resservi(v2):
    v2["champs"][0]["indicateurs"][-1]["code"] = "PIL-3-5"
    v2["correspondances"][5]["nouveaux"] = ["PIL-3-5"]


def deux_natures(v2):
    v2["correspondances"].append({"nature": "abandonne", "ancien": "PIL-1-1"})


def scission_d_un_seul(v2):
    lien(v2, "PIL-1-3")["nouveaux"].remove("PIL-1-7")
    v2["correspondances"].append({"nature": "nouveau", "nouveaux": ["PIL-1-7"]})


def fusion_d_un_seul(v2):
    lien(v2, "PIL-2-2").update(nature="abandonne", nouveaux=[])


def nature_inconnue(v2):
    lien(v2, "PIL-1-1")["nature"] = "garde"


def regle_sans_indicateur(v2):
    v2["regles"][0]["si"]["indicateur"] = "PIL-3-5"


@pytest.mark.parametrize(
    ("abimer", "phrases"),
    [
        (qui_se_precede, ["La version 2 dit suivre la version 2 : ce serait un cycle. "
                          "Une version suit une version d'un numéro plus petit."]),
        (qui_suit_une_absente, ["La version 8, que celle-ci dit suivre, n'est pas là : chargez-la d'abord."]),
        (regles_en_rond, ["Les règles de plausibilité tournent en rond : FOR-1-1 → FOR-1-2 → FOR-1-3 → FOR-1-1."]),
        (code_en_double, ["Un code ne sert qu'une fois. En double : FOR-1-1."]),
        (ancien_oublie, ["L'ancien indicateur PIL-3-5 n'a pas de correspondance : dites ce qu'il devient."]),
        (nouveau_oublie, ["L'indicateur PIL-3-6 n'a pas de correspondance : "
                          "dites d'où il vient, ou qu'il est nouveau."]),
        (code_inconnu, ["L'indicateur PIL-9-9 n'est pas dans cette version."]),
        (code_resservi, ["Le code PIL-3-5 servait déjà à un autre indicateur, dans la version 1 : "
                         "donnez un nouveau code à celui-ci."]),
        (deux_natures, ["L'ancien indicateur PIL-1-1 est dit à la fois conservé et abandonné."]),
        (scission_d_un_seul, ["L'ancien indicateur PIL-1-3 est dit scindé : "
                              "nommez au moins deux indicateurs qui le suivent."]),
        (fusion_d_un_seul, ["L'ancien indicateur PIL-2-1 est dit fusionné : "
                            "nommez le même indicateur pour un autre ancien."]),
        (nature_inconnue, ["Une correspondance est dite « garde » : "
                           "elle se dit conserve, reformule, scinde, fusionne, abandonne ou nouveau."]),
        (regle_sans_indicateur, ["Règle P02 : l'indicateur PIL-3-5 n'est pas dans cette version."]),
    ],
    ids=lambda cas: getattr(cas, "__name__", ""),
)  # fmt: skip
def test_une_version_fautive_est_refusee_par_son_nom(referentiel, donnees, abimer, phrases):
    v2 = suivante(donnees)
    abimer(v2)
    with pytest.raises(Empeche) as refus:
        charger(v2)
    assert str(refus.value).replace("\u00a0", " ").split("\n") == phrases
    assert list(Referentiel.objects.all()) == [referentiel]


def test_tout_est_dit_en_une_fois(referentiel, donnees):
    v2 = suivante(donnees)
    for abimer in (ancien_oublie, nouveau_oublie, regles_en_rond, deux_natures):
        abimer(v2)
    with pytest.raises(Empeche) as refus:
        charger(v2)
    assert len(str(refus.value).split("\n")) == 4
