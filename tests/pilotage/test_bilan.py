"""The yearly report: what it counts, which year it tells, and how many reads it takes."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategie.pilotage.queries.bilan import annees_du_bilan
from tests.budget.budgets import une_ligne
from tests.dossier import signer
from tests.pilotage.bilans import ANNEE, MAINTENANT, le_bilan, une_annee_pleine
from tests.plans.plans import une_action, une_action_publiee

SANS = {"a_venir": 0, "en_cours": 0, "bloquee": 0, "en_pause": 0, "realisee": 0, "abandonnee": 0}


@pytest.fixture
def pleine(monde):
    une_annee_pleine(monde.college)
    return monde.college


# --- Plan and indicators -------------------------------------------------------------------------------------------
def test_le_plan_compte_chaque_action_une_fois_et_dit_pourquoi(pleine):
    plan = le_bilan(pleine)["plan"]
    assert (plan["nombre"], plan["en_retard"]) == (6, 1)
    assert plan["etats"] == SANS | {"a_venir": 3, "bloquee": 1, "realisee": 1, "abandonnee": 1}
    dites = [(a["intitule"], a["parent"], a["etat_dit"], a["en_retard"], a["raison"]) for a in plan["actions"]]
    assert sorted(dites) == sorted([
        ("Installer la borne 0", "", "Réalisée", False, ""),
        ("Réunir les élèves 0", "Écrire la charte 0", "À venir", False, ""),
        ("Ouvrir l'ENT 0", "", "Abandonnée", False, "La collectivité en change."),
        ("Câbler 0", "", "Bloquée", False, "Amiante au plafond."),
        ("Écrire la charte 0", "", "À venir", False, ""),
        ("Étiqueter 0", "", "À venir", True, ""),
    ])  # fmt: skip
    intitules = [action["intitule"] for action in plan["actions"]]
    assert intitules.index("Réunir les élèves 0") == intitules.index("Écrire la charte 0") + 1
    [axe] = plan["axes"]
    assert (axe["rang"], axe["intitule"], axe["nombre"]) == (1, "Fiabiliser le réseau", 6)
    assert all(action["axes"] == [1] for action in plan["actions"])
    assert "Brouillon" not in json.dumps(plan, ensure_ascii=False)


def test_un_indicateur_dit_son_dernier_releve_de_l_annee(pleine):
    [borne] = [un for un in le_bilan(pleine)["indicateurs"] if un["action"] == "Installer la borne 0"]
    attendu = {
        "intitule": "Coupures par semaine", "unite": "coupures", "depart": "10", "cible": "1", "valeur": "1",
        "releve_le": "2031-03-03", "atteinte": True, "avancement": "la cible est atteinte", "calcule": False,
    }  # fmt: skip
    assert {nom: borne[nom] for nom in attendu} == attendu
    assert le_bilan(pleine, "2029-2030")["indicateurs"] == []


def test_un_releve_d_apres_l_annee_n_est_pas_le_sien(monde):
    action = une_action_publiee(
        monde.college, "Longue", annee_scolaire=ANNEE, annee_fin="2031-2032", maintenant=MAINTENANT
    )
    indicateur = action.indicateurs.get()
    for jour, valeur in ((datetime.date(2031, 6, 1), 5), (datetime.date(2031, 10, 1), 2)):
        indicateur.releves.create(date=jour, valeur=valeur, releve_le=MAINTENANT)
    valeurs = [le_bilan(monde.college, annee)["indicateurs"][0]["valeur"] for annee in (ANNEE, "2031-2032")]
    assert valeurs == ["5", "2"]


# --- Levers --------------------------------------------------------------------------------------------------------
def test_la_formation_compte_ce_qui_est_tenu(pleine):
    formation = le_bilan(pleine)["formation"]
    assert {nom: valeur for nom, valeur in formation.items() if nom != "formations"} == {
        "prevues": 1, "seances": {"prevue": 1, "tenue": 2, "annulee": 0}, "presences": 24, "heures": "72",
        "cout": "150.00",
    }  # fmt: skip
    tenue, arretee = formation["formations"]
    assert (tenue["seances"], tenue["presences"], tenue["attendues"], tenue["public"]) == (2, 24, 20, "Enseignants")
    assert (arretee["etat"], arretee["raison"], arretee["seances"]) == ("Annulé", "Trop peu d'inscrits.", 0)


def test_l_equipement_dit_ce_qui_arrive_et_ce_qui_sort(pleine):
    pleine.effectif = 48
    pleine.save()
    assert le_bilan(pleine)["equipement"] == {
        "arrivees": [{"nom": "Tablette", "nombre": 12}], "arrives": 12, "depense": "3000.00",
        "sorties": [{"nom": "Filière des déchets électriques (DEEE)", "nombre": 3}], "sortis": 3,
        "presents": 12, "terminaux": 12, "terminaux_pour_cent_eleves": "25",
    }  # fmt: skip
    avant = le_bilan(pleine, "2029-2030")["equipement"]
    assert (avant["arrives"], avant["sortis"], avant["depense"]) == (0, 0, "0.00")


def test_le_budget_est_celui_des_lignes_qui_servent_l_annee(pleine):
    une_ligne(pleine, 2031, "Ailleurs", annee_scolaire="2031-2032", prevu=999)
    assert le_bilan(pleine)["budget"] == {
        "nombre": 2,
        "totaux": {"prevu": "1500.50", "engage": "1000.00", "paye": "400.25"},
        "exercices": [
            {"exercice": 2030, "prevu": "1200.50", "engage": "1000.00", "paye": "400.25"},
            {"exercice": 2031, "prevu": "300.00", "engage": "0.00", "paye": "0.00"},
        ],
        "leviers": [
            {"nom": "Formation et accompagnement", "prevu": "300.00", "engage": "0.00", "paye": "0.00"},
            {"nom": "Infrastructure", "prevu": "1200.50", "engage": "1000.00", "paye": "400.25"},
        ],
        "aides": {"demande": "600.00", "accorde": "400.00", "recu": "0.00"},
    }


# --- Board, what comes next ----------------------------------------------------------------------------------------
def test_le_conseil_et_la_suite(pleine):
    lu = le_bilan(pleine)
    [vote] = lu["votes"]
    assert (vote["date"], vote["numero"], vote["resultat"]) == ("2031-03-18", "2031-1", "Adoptée")
    assert vote["voix"] == {"pour": 12, "contre": 1, "abstentions": 2, "refus": 0}
    assert lu["suite"]["annee"] == "2031-2032"
    assert {action["intitule"] for action in lu["suite"]["actions"]} == {
        "Réunir les élèves 0", "Câbler 0", "Écrire la charte 0", "Étiqueter 0",
    }  # fmt: skip
    assert lu["suite"]["objectifs"] == [{"champ": "PIL", "palier": None, "vise": 2, "annee": "2031-2032"}]
    assert (lu["fini"], le_bilan(pleine, "2029-2030")["fini"]) == (False, True)


def test_une_ecole_donne_un_avis(monde):
    ecole = monde.college
    ecole.type = "ecole"
    ecole.save()
    assert le_bilan(ecole)["instance"] == "conseil d'école"


# --- Two diagnostics -----------------------------------------------------------------------------------------------
def test_sans_diagnostic(monde):
    assert le_bilan(monde.college)["diagnostic"] is None


def test_un_seul_diagnostic_ne_dit_aucun_mouvement(dossier):
    annee = dossier.copie.diagnostic.campagne.annee_scolaire
    lu = le_bilan(dossier.monde.college, annee)["diagnostic"]
    assert (lu["annee"], lu["annee_avant"]) == (annee, "")
    assert {(champ["palier"], champ["palier_avant"]) for champ in lu["champs"]} == {(3, None)}


def test_deux_diagnostics_disent_ce_qui_a_bouge(dossier):
    monde = dossier.monde
    signer(dossier.brouillon, monde.chef, timezone.now())
    lu = le_bilan(monde.college, dossier.annee)["diagnostic"]
    assert (lu["annee"], lu["annee_avant"]) == (dossier.annee, dossier.copie.diagnostic.campagne.annee_scolaire)
    assert {(champ["palier_avant"]) for champ in lu["champs"]} == {3}
    perdues = [condition for champ in lu["champs"] for condition in champ["perdues"]]
    assert len(perdues) == lu["communs"] > 0
    assert all((une["avant"], une["apres"]) == ("Oui", "En partie") for une in perdues)
    assert all(champ["gagnees"] == [] and champ["manque"] for champ in lu["champs"])


def test_un_diagnostic_d_une_autre_annee_est_dit_sans_mouvement(dossier):
    lu = le_bilan(dossier.monde.college, ANNEE)["diagnostic"]
    assert (lu["annee"], lu["annee_avant"]) == (dossier.copie.diagnostic.campagne.annee_scolaire, "")


# --- Which year, how many reads ------------------------------------------------------------------------------------
HIVER, PRINTEMPS = datetime.date(2031, 1, 10), datetime.date(2031, 5, 10)


@pytest.mark.parametrize(
    ("pleines", "jour", "defaut"),
    [
        ([], HIVER, "2030-2031"),
        (["2030-2031"], HIVER, "2030-2031"),
        (["2029-2030"], PRINTEMPS, "2029-2030"),
        (["2029-2030", "2030-2031"], HIVER, "2029-2030"),
        (["2029-2030", "2030-2031"], PRINTEMPS, "2030-2031"),
        (["2031-2032"], HIVER, "2030-2031"),
    ],
)
def test_l_annee_a_raconter(monde, pleines, jour, defaut):
    for annee in pleines:
        une_ligne(monde.college, int(annee[:4]), annee_scolaire=annee)
    lues = annees_du_bilan(monde.college, jour)
    assert lues.defaut == defaut
    assert list(lues.avec_des_faits) == sorted({*(a for a in pleines if a <= "2030-2031"), defaut}, reverse=True)


def test_les_annees_d_une_action_longue_et_pas_d_un_brouillon(monde):
    une_action_publiee(monde.college, annee_scolaire="2028-2029", annee_fin="2030-2031", maintenant=MAINTENANT)
    une_action(monde.college, annee_scolaire="2026-2027", annee_fin="2026-2027", maintenant=MAINTENANT)
    assert list(annees_du_bilan(monde.college, HIVER).avec_des_faits) == ["2030-2031", "2029-2030", "2028-2029"]


def test_autant_de_requetes_pour_une_chose_que_pour_trois(monde):
    college, comptes = monde.college, []
    for nombre in (1, 2):
        une_annee_pleine(college, nombre)
        with CaptureQueriesContext(connection) as vues:
            le_bilan(college)
        comptes.append(len(vues))
    assert comptes == [6, 6]


def test_le_bilan_est_du_json(pleine):
    lu = le_bilan(pleine)
    assert json.loads(json.dumps(lu)) == lu
