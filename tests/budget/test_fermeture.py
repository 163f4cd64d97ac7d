"""A closed school: what it has is read, and no act changes it any more."""

import uuid
from decimal import Decimal as D

import pytest
from django.urls import reverse

from budget.domain import achats, dbm, exercices, financements, formations, lignes, reseau, seances
from budget.domain.corbeille_du_budget import retirer_financement, retirer_ligne
from budget.domain.scenarios import fixer_scenario
from budget.interfaces.formations import ACTES_DITS
from budget.models import BesoinFormation
from budget.queries.equilibre import empreinte
from plans.domain.corbeille import mettre_a_la_corbeille, restaurer
from strategie.socle.domain.empechement import Empeche
from strategie.socle.rules import FERME
from tests.budget.achats import EXERCICE, VINGT_MILLE, un_achat
from tests.budget.budgets import un_financement, une_ligne, une_saisie
from tests.budget.formations import MAINTENANT, accordee, animateur_de, des_effectifs, une_seance
from tests.budget.parc import un_lot
from tests.budget.test_dbm import une_dbm
from tests.budget.test_pages_du_budget import texte

FIBRE = reseau.SaisieRaccordement(intitule="Fibre")


@pytest.fixture
def fermer(monde):
    def fermer() -> None:
        monde.college.etat = "ferme"
        monde.college.save()

    return fermer


def test_aucun_acte_n_ecrit_plus_dans_un_etablissement_ferme(monde, fermer):
    ecole, chef = monde.college, monde.chef
    qui, date = {"auteur": chef}, {"maintenant": MAINTENANT}
    ligne, aide, jetee = une_ligne(ecole, EXERCICE), un_financement(ecole, EXERCICE), une_ligne(ecole, EXERCICE)
    retirer_ligne(ligne=jetee, **qui, **date)
    achat, decision, lot = un_achat(ecole, postes=VINGT_MILLE), une_dbm(ecole, exercice=EXERCICE), un_lot(ecole)
    formation = accordee(ecole)
    seance = une_seance(formation)
    fibre = reseau.ajouter_raccordement(etablissement=ecole, saisie=FIBRE, **qui, **date)
    mesure = reseau.noter_mesure(raccordement=fibre, saisie=reseau.SaisieMesure(MAINTENANT, D(50)), **qui, **date)
    fermer()

    tenue, aidee = lignes.lire_ligne(ligne), financements.lire_financement(aide)
    achete, formee = achats.lire_saisie_achat(achat), formations.lire_formation(formation)
    cle, version = {"cle": uuid.uuid4()}, {"version": achat.version}
    par_formation = {"formation": formation, "version": formation.version}
    # A purchase and a training are held by one function, whatever becomes of them: one act of each is enough.
    actes = [
        lambda: lignes.creer_ligne(etablissement=ecole, saisie=une_saisie(EXERCICE), **cle, **qui, **date),
        lambda: lignes.modifier_ligne(ligne=ligne, base=tenue, saisie=tenue, **qui, **date),
        lambda: retirer_ligne(ligne=ligne, **qui, **date),
        lambda: restaurer(objet=jetee, **qui, **date),
        lambda: financements.creer_financement(etablissement=ecole, saisie=aidee, **cle, **qui, **date),
        lambda: financements.modifier_financement(financement=aide, base=aidee, saisie=aidee, **qui, **date),
        lambda: retirer_financement(financement=aide, **qui, **date),
        lambda: exercices.clore_exercice(etablissement=ecole, annee=EXERCICE, **qui, **date),
        lambda: dbm.rejeter_dbm(decision=decision, version=decision.version, **qui, **date),
        lambda: fixer_scenario(
            etablissement=ecole,
            exercice=EXERCICE,
            scenario="b",
            lu=empreinte([], "b"),
            montants={},
            ajouts=[],
            **qui,
        ),
        lambda: achats.creer_achat(etablissement=ecole, saisie=achete, **cle, **qui, **date),
        lambda: achats.fixer_postes(achat=achat, postes=[], **version, **qui),
        lambda: achats.prevoir_lignes(achat=achat, payeur="eple", **qui, **date),
        lambda: achats.retirer_achat(achat=achat, **qui, **date),
        lambda: formations.creer_formation(etablissement=ecole, saisie=formee, **cle, **qui, **date),
        lambda: formations.realiser(**par_formation, **qui),
        lambda: mettre_a_la_corbeille(objet=formation, **qui, **date),
        lambda: seances.annuler_seance(seance=seance, version=seance.version, raison="Grève", **qui),
        lambda: seances.ajouter_seance(formation=formation, saisie=seances.lire_seance(seance), **cle, **qui),
        lambda: des_effectifs(ecole, enseignants=30),
        lambda: reseau.retirer_raccordement(raccordement=fibre, **qui, **date),
        lambda: reseau.retablir_raccordement(raccordement=fibre, **qui),
        lambda: reseau.retirer_mesure(mesure=mesure, **qui),
        lambda: mettre_a_la_corbeille(objet=lot, **qui, **date),
    ]
    for acte in actes:
        with pytest.raises(Empeche, match=FERME):
            acte()


def test_le_district_refuse_encore_a_un_etablissement_ferme_pour_reprendre_ses_heures(client, monde, fermer):
    formation = accordee(monde.college, heures_formateur=D(6))
    fermer()
    animateur = animateur_de(monde.district)
    client.force_login(animateur)
    adresse = reverse("formation_etat", args=[monde.college.uai, formation.pk])
    assert client.get(adresse).context["actes"] == [("refuser", ACTES_DITS["refuser"])]
    formations.refuser_formation(
        formation=formation, version=formation.version, raison="Fermé", auteur=animateur, maintenant=MAINTENANT
    )
    assert BesoinFormation.objects.get().etat == "refuse"
    assert "rien n'y change plus" in texte(client.get(adresse, {"acte": "reprendre"}))
