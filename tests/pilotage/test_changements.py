"""What moved between two contents of a board's file: pure, whole values compared."""

import copy

import pytest

from strategie.pilotage.domain.changements import Changement, Objet, Sorte, changements


def une_action(cle, intitule="Former", **champs):
    return {
        "cle": cle,
        "intitule": intitule,
        "levier": "Formation et accompagnement",
        "comment": "",
        "qui": "Référent",
        "quand": "2026-2027",
        "etat": "À venir",
        "indicateurs": ["Formés\u00a0: 31 → 60"],
        "cout": "0.00",
    } | champs


def un_contenu(*actions, lignes=(), exercice=2026, axe="Un cadre commun"):
    return {
        "exercice": exercice,
        "plan": {"axes": [{"cle": 1, "intitule": axe, "actions": list(actions)}]},
        "budget": {"lignes": list(lignes)},
    }


def une_ligne(cle, prevu="100.00", engage="0.00", paye="0.00", intitule="Câbles"):
    return {"cle": cle, "intitule": intitule, "prevu": prevu, "engage": engage, "paye": paye}


def test_deux_fois_le_meme_contenu_ne_change_rien():
    contenu = un_contenu(une_action(1), une_action(2), lignes=[une_ligne(5)])
    assert changements(contenu, copy.deepcopy(contenu)) == []


def test_une_action_vient_une_autre_part():
    assert changements(un_contenu(une_action(1, "Ancienne")), un_contenu(une_action(2, "Nouvelle"))) == [
        Changement(Sorte.AJOUT, Objet.ACTION, 2, "Nouvelle"),
        Changement(Sorte.RETRAIT, Objet.ACTION, 1, "Ancienne"),
    ]


@pytest.mark.parametrize(
    ("champ", "valeur", "attendu"),
    [
        ("etat", "Réalisée", (Sorte.ETAT, "etat", "À venir", "Réalisée")),
        ("cout", "1.00", (Sorte.COUT, "cout", "0.00", "1.00")),
        ("qui", "Principale", (Sorte.MODIFICATION, "qui", "Référent", "Principale")),
        ("quand", "2027", (Sorte.MODIFICATION, "quand", "2026-2027", "2027")),
        ("comment", "Sur site", (Sorte.MODIFICATION, "comment", "", "Sur site")),
        (
            "indicateurs",
            ["A", "B"],
            (Sorte.MODIFICATION, "indicateurs", "Formés\u00a0: 31 → 60", "A\u00a0; B"),
        ),
    ],
)
def test_ce_qui_change_d_une_action_est_dit_avant_et_apres(champ, valeur, attendu):
    sorte, nom, avant, apres = attendu
    assert changements(un_contenu(une_action(1)), un_contenu(une_action(1, **{champ: valeur}))) == [
        Changement(sorte, Objet.ACTION, 1, "Former", nom, avant, apres)
    ]


def test_une_action_renommee_porte_son_nouveau_nom():
    assert changements(un_contenu(une_action(1)), un_contenu(une_action(1, "Former mieux"))) == [
        Changement(Sorte.MODIFICATION, Objet.ACTION, 1, "Former mieux", "intitule", "Former", "Former mieux")
    ]


def test_une_action_sous_deux_axes_n_est_dite_qu_une_fois():
    deux = {"plan": {"axes": [{"cle": n, "intitule": "Axe", "actions": [une_action(7)]} for n in (1, 2)]}}
    assert [c.objet for c in changements({"plan": {"axes": []}}, deux)] == [Objet.AXE, Objet.AXE, Objet.ACTION]


def test_ce_qui_est_hors_axe_n_est_pas_un_axe():
    hors_axe = {"plan": {"axes": [{"cle": 0, "intitule": "", "actions": []}]}}
    assert changements({"plan": {"axes": []}}, hors_axe) == []


def test_un_euro_de_plus_au_budget_se_voit():
    avant = un_contenu(lignes=[une_ligne(5)])
    apres = un_contenu(lignes=[une_ligne(5, prevu="101.00"), une_ligne(6, intitule="Bornes")])
    assert changements(avant, apres) == [
        Changement(Sorte.COUT, Objet.LIGNE, 5, "Câbles", "prevu", "100.00", "101.00"),
        Changement(Sorte.AJOUT, Objet.LIGNE, 6, "Bornes"),
    ]


def test_un_autre_exercice_est_un_autre_budget():
    assert changements(un_contenu(lignes=[une_ligne(5)]), un_contenu(lignes=[une_ligne(9)], exercice=2027)) == []


@pytest.mark.parametrize("partie", ["plan", "budget"])
def test_une_partie_que_l_un_des_deux_n_a_pas_ne_se_compare_pas(partie):
    contenu = un_contenu(une_action(1), lignes=[une_ligne(5)])
    assert changements(contenu, contenu | {partie: None}) == []
    assert changements(contenu | {partie: None}, contenu) == []


def test_un_changement_se_garde_en_json():
    assert Changement(Sorte.AJOUT, Objet.ACTION, 2, "Nouvelle").en_dict() == {
        "sorte": "ajout",
        "objet": "action",
        "cle": 2,
        "intitule": "Nouvelle",
        "champ": "",
        "avant": "",
        "apres": "",
    }
