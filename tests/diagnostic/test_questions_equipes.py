"""The questions put to the teams: the file, its wording, and what each form and each group is asked."""

import json
import re
from collections import Counter
from pathlib import Path

from diagnostic.domain.bulletins import Groupe
from diagnostic.queries.questions_equipes import FICHIER, questions_des_equipes, questions_figees

REFERENTIEL = json.loads((Path(FICHIER).parent / "referentiel-paliers-v1.json").read_text(encoding="utf-8"))
ITEMS = questions_des_equipes()["items"]
ENONCES = [(groupe, enonce) for item in ITEMS for groupe, enonce in item["enonces"].items()]
THEMES = questions_des_equipes()["formation"]
TEXTES = [*(enonce for _, enonce in ENONCES), *(item["domaine"] for item in ITEMS), *THEMES]

# Words that a parent or an agent would have to ask about, and the short forms that hide them.
JARGON = re.compile(
    r"\b(paliers?|ent|rgpd|pix|crcn|ia|emi|paf|gar|byod|mdm|wi-?fi|distanciel|présentiel|hybrid\w+|items?|"
    r"indicateurs?|référentiel|leviers?|littératie|compétences? psychosociales?)\b",
    re.IGNORECASE,
)
MAUVAISE_ESPACE = re.compile(r" [;:?!»%]|« |  |[\u00a0\u202f](?![;:?!»%])(?<!«[\u00a0\u202f])")


def test_vingt_questions_dans_l_ordre_toutes_posees_a_la_direction_et_aux_enseignants():
    assert [item["numero"] for item in ITEMS] == list(range(1, 21))
    assert all({"direction", "enseignants"} <= item["enonces"].keys() for item in ITEMS)
    assert {groupe for groupe, _ in ENONCES} == {"direction", *Groupe}


def test_ce_qui_n_est_pas_demande_a_chacun():
    """All of the teams are asked everything: groups put together are only shown what each of them was asked."""
    absents = {str(groupe): [item["numero"] for item in ITEMS if groupe not in item["enonces"]] for groupe in Groupe}
    assert absents == {
        "enseignants": [],
        "vie_scolaire": [],
        "aesh_agents": [],
        "parents": [4, 5, 10, 17, 19],
        "eleves": [1, 3, 4, 5, 10],
    }


def test_les_champs_et_les_enonces_des_enseignants_sont_ceux_du_referentiel():
    champs = {champ["code"]: champ["libelle"] for champ in REFERENTIEL["champs"]}
    assert questions_des_equipes()["champs"] == champs
    assert [(item["numero"], item["champ"], item["enonces"]["enseignants"]) for item in ITEMS] == [
        (item["numero"], item["champ"], item["enonce"]) for item in REFERENTIEL["questionnaire"]
    ]
    assert list(dict.fromkeys(item["champ"] for item in ITEMS)) == list(champs)  # grouped, in their order


def test_un_intitule_par_champ():
    assert len({(item["champ"], item["domaine"]) for item in ITEMS}) == len({item["domaine"] for item in ITEMS}) == 6


def test_le_pouls_a_huit_questions_et_touche_les_six_champs():
    pouls = questions_figees("pouls", [])["items"]
    assert [item["numero"] for item in pouls] == [3, 4, 6, 8, 11, 15, 17, 20]
    assert {item["champ"] for item in pouls} == {"PIL", "FOR", "RES", "PED", "INF", "EQU"}
    assert {groupe: sum(groupe in item["enonces"] for item in pouls) for groupe in Groupe} == {
        "enseignants": 8,
        "vie_scolaire": 8,
        "aesh_agents": 8,
        "parents": 6,
        "eleves": 6,
    }
    longue = {item["numero"]: item for item in questions_figees("longue", [])["items"]}
    assert len(longue) == 20
    assert all(item == longue[item["numero"]] for item in pouls)  # the same words: the curves join


def test_une_phrase_courte_par_question():
    for groupe, enonce in ENONCES:
        assert len(enonce) <= 140, enonce
        assert re.fullmatch(r"[A-ZÉÀÊ][^.?!…]+\.", enonce), (groupe, enonce)


def test_aucun_groupe_ne_lit_deux_fois_la_meme_phrase():
    assert [cle for cle, nombre in Counter(ENONCES).items() if nombre > 1] == []
    assert len(set(THEMES)) == 8


def test_chacun_parle_de_soi():
    """« Mes élèves » is said by a teacher, « mon enfant » by a parent, « les équipes » by the head."""
    a_la_place_d_un_autre = {
        "enseignants": r"mon enfant|mes parents",
        "vie_scolaire": r"mon enfant|j'enseigne|mon enseignement|ma classe",
        "aesh_agents": r"mon enfant|j'enseigne|mon enseignement|ma classe|séance",
        "parents": r"mes élèves|j'enseigne|collègues|séance",
        "eleves": r"mes élèves|mon enfant|collègues|séance|dispose",
        "direction": r"\b(je|j'\w+|mes|mon)\b",
    }
    fautes = [(groupe, enonce) for groupe, enonce in ENONCES if re.search(a_la_place_d_un_autre[groupe], enonce, re.I)]
    assert fautes == []


def test_ni_jargon_ni_espace_fautive():
    assert [texte for texte in TEXTES if JARGON.search(texte)] == []
    assert [texte for texte in TEXTES if MAUVAISE_ESPACE.search(texte) or texte != texte.strip()] == []


def test_ces_controles_voient_bien_les_fautes():
    assert JARGON.search("L'ENT est au palier 2.")
    assert MAUVAISE_ESPACE.search("Ainsi : oui.")
    assert MAUVAISE_ESPACE.search("Dix\u00a0ans.")
    assert not MAUVAISE_ESPACE.search("Dit «\u00a0oui\u00a0»\u00a0: bien.")


def test_une_enquete_a_ses_propres_questions():
    """What is changed in one survey's is not changed in the file that the process keeps."""
    figees = questions_figees("longue", [])
    figees["items"][0]["enonces"].clear()
    figees["formation"].clear()
    assert questions_figees("longue", [])["items"][0]["enonces"]
    assert questions_des_equipes()["formation"]
