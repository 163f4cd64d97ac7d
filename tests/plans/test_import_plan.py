"""A workbook of the plan comes back: rehearsed cell by cell, refused by name, written whole or not at all."""

import csv
import datetime
import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from plans.domain.actions import SaisieAction, changer_etat, lire_saisie, modifier_action
from plans.domain.axes import lire_axe, modifier_axe
from plans.domain.depots import deposer, noter_repetition, retirer_depot
from plans.domain.facteurs import SaisieFacteur, ajouter_facteur, modifier_facteur
from plans.domain.releves import SaisieReleve, enregistrer_releve, supprimer_releve
from plans.models import Action, Depot, Releve
from plans.models.depot import DUREE
from plans.rules.actions import EN_CORBEILLE
from strategie.socle.domain.calendrier import bornes
from strategie.socle.interfaces.imports import ABIME, FichierRefuse
from tests.plans.classeurs import RIEN, Classeur, exporter, faits, importer
from tests.plans.plans import cette_annee, un_axe, un_indicateur, une_action, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")

CHANGEE = (
    "cette case a changé depuis que ce classeur a été fait\u00a0: Paliers garde «\u00a0{}\u00a0», le classeur dit "
    "«\u00a0{}\u00a0»."
)


@pytest.fixture
def action(monde) -> Action:
    """In draft, carried by the référent."""
    return une_action(monde.college, axes=[un_axe(monde.college)], porteur=monde.referent.pk)


@pytest.fixture
def classeur(monde, action) -> Classeur:
    return Classeur(exporter(monde.college))


def nom(action: Action) -> str:
    return f"A{action.pk}"


def refus(classeur: Classeur, monde) -> list[tuple[str, int, str, str]]:
    """Everything refused; then nothing is written."""
    avant = exporter(monde.college)
    dits = faits(importer(classeur.octets(), monde.college))["refuses"]
    assert exporter(monde.college) == avant
    return dits


def raisons(classeur: Classeur, monde) -> dict[str, str]:
    return {colonne: raison for _, _, colonne, raison in refus(classeur, monde)}


# --- What changes --------------------------------------------------------------------------------------------------
CASES = {
    "Comment": ("Installer trois bornes", "Installer deux bornes Wi-Fi", "Installer trois bornes"),
    "Description": ("Une\nautre", "", "Une\nautre"),
    "Moyen": ("Équipement", "Infrastructure", "Équipement"),
    "Porteur": ("Professeur documentaliste", "rémi.référent@exemple.invalid", "Professeur documentaliste"),
    "Contributeurs": ("line.lectrice@exemple.invalid", "", "line.lectrice@exemple.invalid"),
    "Autres_contributeurs": ("Le service informatique", "", "Le service informatique"),
    "Groupes_concernés": ("Élèves, familles", "", "Élèves\nFamilles"),
    "Autres_personnes_concernées": ("Les voisins", "", "Les voisins"),
    "Trimestre_de_début": (2, "", "2"),
    "Trimestre_de_fin": ("T3", "", "3"),
    "Quoi": (None, "Fiabiliser le réseau", ""),
}


@pytest.mark.parametrize("colonne", CASES)
def test_une_case_changee_est_exactement_ce_changement(monde, classeur, action, colonne):
    ecrit, avant, apres = CASES[colonne]
    octets = classeur.ecrire("Plan", nom(action), **{colonne: ecrit}).octets()
    attendu = RIEN | {"changees": [("Installer deux bornes Wi-Fi", colonne.replace("_", " "), avant, apres)]}
    assert faits(importer(octets, monde.college, simulation=True)) == attendu
    assert faits(importer(octets, monde.college)) == attendu
    assert Classeur(exporter(monde.college)).lire("Plan", nom(action), colonne.replace("_", " ")) == (
        int(apres) if apres.isdecimal() else apres or None
    )
    assert faits(importer(octets, monde.college)) == RIEN  # sent again, it says what is kept


def test_une_date_un_etat_et_sa_raison_changent_ensemble(monde):
    action = une_action_publiee(monde.college)
    jour = bornes(cette_annee(monde.college))[1]
    classeur = Classeur(exporter(monde.college))
    classeur.ecrire("Plan", nom(action), Échéance=jour, État="Bloquée", Raison="Pas de prise")
    fait = importer(classeur.octets(), monde.college)
    assert [(case.colonne, case.avant, case.apres) for case in fait.changees] == [
        ("Échéance", "", jour.strftime("%d/%m/%Y")),
        ("État", "À venir", "Bloquée"),
        ("Raison", "", "Pas de prise"),
    ]
    action.refresh_from_db()
    assert (action.echeance, action.etat, action.raison) == (jour, "bloquee", "Pas de prise")
    assert action.suivis.last().note == "Pas de prise"
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_une_action_complete_peut_etre_publiee(monde, classeur):
    action = une_action_publiee(monde.college)
    Action.objects.filter(pk=action.pk).update(etat="brouillon", version=action.version + 1)
    classeur = Classeur(exporter(monde.college)).ecrire("Plan", nom(action), État="En cours")
    assert faits(importer(classeur.octets(), monde.college))["refuses"] == []
    action.refresh_from_db()
    assert (action.etat, [suivi.etat for suivi in action.suivis.all()][-2:]) == ("en_cours", ["a_venir", "en_cours"])


def test_l_histoire_dit_que_cela_vient_d_un_import(monde, classeur, action):
    importer(classeur.ecrire("Plan", nom(action), Comment="Autrement").octets(), monde.college, monde.referent)
    evenement = action.evenements.latest("pgh_id")
    assert (evenement.intitule, evenement.version) == ("Autrement", 2)
    assert evenement.pgh_context == {"acte": "modifier_action", "auteur": monde.referent.pk, "source": "import"}


def test_repeter_n_ecrit_rien(monde, classeur, action):
    avant = exporter(monde.college)
    classeur.ecrire("Plan", nom(action), Comment="Autrement").ajouter("Plan", Comment="Nouvelle", Moyen="Budget")
    assert importer(classeur.octets(), monde.college, simulation=True).change_quelque_chose
    assert exporter(monde.college) == avant


def test_une_ligne_otee_ne_change_rien(monde, classeur, action):
    classeur.feuille("Plan").delete_rows(classeur.ligne("Plan", nom(action)))
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_les_blancs_que_les_tableurs_oublient_ne_changent_rien(monde):
    action = une_action(monde.college, description="Un\ttexte\r\nsur deux lignes ")
    classeur = Classeur(exporter(monde.college))
    classeur.ecrire("Plan", nom(action), Description="Un texte\nsur deux lignes")
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_une_colonne_qui_se_lit_est_dite_et_pas_reprise(monde, classeur, action):
    fait = importer(classeur.ecrire("Plan", nom(action), Thème="Autre").octets(), monde.college)
    assert (faits(fait), fait.remarques) == (
        RIEN,
        [
            "Feuille «\u00a0Plan\u00a0», colonne «\u00a0Thème\u00a0»\u00a0: elle se lit seulement, ce qui y a été "
            "écrit n'est pas repris (ligne 4)."
        ],
    )


# --- New rows ------------------------------------------------------------------------------------------------------
def test_des_actions_nouvelles_et_leurs_sous_actions(monde, classeur, action):
    """The parent may come after; the same file again makes nothing more."""
    annee = cette_annee(monde.college)
    sous_action = "Sous-action de"
    classeur.ajouter("Plan", Comment="Câbler", Moyen="budget", **{sous_action: "n2"})
    classeur.ajouter("Plan", Identifiant="N2", Comment="Préparer", Moyen="Équipement", Quoi="• fiabiliser  le réseau")
    classeur.ajouter("Plan", Comment="Poser", Moyen="Équipement", Porteur="Rémi Référent", **{sous_action: nom(action)})
    octets = classeur.octets()
    attendu = RIEN | {"nouvelles": [("action", "Câbler"), ("action", "Préparer"), ("action", "Poser")]}
    assert faits(importer(octets, monde.college, simulation=True)) == attendu
    assert faits(importer(octets, monde.college)) == attendu
    cables, preparees, posees = (monde.college.actions.get(intitule=mot) for mot in ("Câbler", "Préparer", "Poser"))
    assert (cables.parent, posees.parent, posees.porteur) == (preparees, action, monde.referent)
    assert [axe.intitule for axe in preparees.axes.all()] == ["Fiabiliser le réseau"]
    assert (preparees.etat, preparees.annee_scolaire, preparees.annee_fin) == ("brouillon", annee, annee)
    assert faits(importer(octets, monde.college)) == RIEN
    assert monde.college.actions.count() == 4


def test_deux_lignes_pareilles_sont_deux_actions(monde, classeur):
    for _ in range(2):
        classeur.ajouter("Plan", Comment="Recenser", Moyen="Budget")
    for _ in range(2):
        importer(classeur.octets(), monde.college)
    assert monde.college.actions.filter(intitule="Recenser").count() == 2


def test_une_action_changee_depuis_son_import_n_est_pas_refaite(monde, classeur):
    classeur.ajouter("Plan", Comment="Recenser", Moyen="Budget")
    importer(classeur.octets(), monde.college)
    monde.college.actions.filter(intitule="Recenser").update(intitule="Compter")
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_un_homonyme_est_dit(monde, classeur):
    classeur.ajouter("Plan", Comment="installer deux bornes wi-fi", Moyen="Budget")
    fait = importer(classeur.octets(), monde.college, simulation=True)
    assert fait.remarques == [
        "Feuille «\u00a0Plan\u00a0», ligne 5\u00a0: une action du même nom est déjà dans le plan."
    ]


def test_indicateurs_facteurs_et_releves_nouveaux(monde, classeur, action):
    jour = timezone.localdate()
    classeur.ajouter("Indicateurs", Identifiant="N1", Action=nom(action), Indicateur="Pannes", Cible="1 234,5")
    classeur.ajouter("Facteurs de réussite", Action=nom(action), Facteur_de_réussite="Tous le disent")
    classeur.ajouter("Relevés", Indicateur="N1", Date=jour, Valeur=12.25, Note="Au journal")
    octets = classeur.octets()
    assert faits(importer(octets, monde.college)) == RIEN | {
        "nouvelles": [
            ("indicateur", "Pannes"),
            ("facteur", "Tous le disent"),
            ("releve", f"N1, le {jour.strftime('%d/%m/%Y')}\u00a0: 12,25"),
        ]
    }
    indicateur = action.indicateurs.get()
    assert (indicateur.cible, indicateur.sens, indicateur.cadence) == (Decimal("1234.5"), "hausse", "trimestrielle")
    releve = indicateur.releves.get()
    assert (releve.date, releve.valeur, releve.note, releve.origine) == (jour, Decimal("12.25"), "Au journal", "import")
    assert releve.evenements.get().pgh_context["source"] == "import"
    assert action.facteurs.get().texte == "Tous le disent"


def test_un_indicateur_un_facteur_et_un_releve_changes(monde, action):
    maintenant, hier = timezone.now(), timezone.localdate() - datetime.timedelta(days=1)
    indicateur = un_indicateur(action)
    signe = {"auteur": monde.chef, "maintenant": maintenant}
    enregistrer_releve(indicateur=indicateur, saisie=SaisieReleve(hier, Decimal(3)), remplace=None, **signe)
    facteur = ajouter_facteur(action=action, saisie=SaisieFacteur("Un"), **signe)
    classeur = Classeur(exporter(monde.college))
    classeur.ecrire("Indicateurs", f"I{indicateur.pk}", Cible=2, Unité="pannes")
    classeur.ecrire("Facteurs de réussite", f"F{facteur.pk}", Facteur_de_réussite="Deux")
    classeur.ecrire("Relevés", f"I{indicateur.pk}", Valeur=4)
    octets = classeur.octets()
    attendu = RIEN | {
        "changees": [
            ("Coupures par semaine", "Unité", "coupures", "pannes"),
            ("Coupures par semaine", "Cible", "1", "2"),
            ("Un", "Facteur de réussite", "Un", "Deux"),
            (f"Coupures par semaine, {hier.strftime('%d/%m/%Y')}", "Valeur", "3", "4"),
        ]
    }
    assert faits(importer(octets, monde.college)) == attendu
    indicateur.refresh_from_db()
    assert (indicateur.cible, indicateur.unite, indicateur.releves.get().valeur) == (2, "pannes", 4)
    assert action.facteurs.get().texte == "Deux"
    assert faits(importer(octets, monde.college)) == RIEN


# --- Somebody else has written since -----------------------------------------------------------------------------
def changer(action: Action, auteur, **champs) -> None:
    base = lire_saisie(action)
    saisie = SaisieAction(**{**vars(base), **champs})
    assert not modifier_action(
        action=action, base=base, saisie=saisie, auteur=auteur, maintenant=timezone.now()
    ).conflits


def test_ce_que_d_autres_ont_change_reste_quand_le_fichier_ne_le_change_pas(monde, classeur, action):
    changer(
        action, monde.chef, description="Écrit depuis", contributeurs=frozenset({monde.lectrice.pk}), axes=frozenset()
    )
    octets = classeur.ecrire("Plan", nom(action), Comment="Autrement").octets()
    assert faits(importer(octets, monde.college)) == RIEN | {
        "changees": [("Installer deux bornes Wi-Fi", "Comment", "Installer deux bornes Wi-Fi", "Autrement")]
    }
    tenue = lire_saisie(Action.objects.get(pk=action.pk))
    assert (tenue.intitule, tenue.description, tenue.contributeurs, tenue.axes) == (
        *("Autrement", "Écrit depuis"), frozenset({monde.lectrice.pk}), frozenset(),
    )  # fmt: skip


def test_un_vieux_classeur_sans_changement_ne_change_rien(monde, classeur, action):
    changer(action, monde.chef, description="Écrit depuis", porteur=None, fonction_porteuse="Gestionnaire")
    changer(action, monde.chef, contributeurs=frozenset({monde.lectrice.pk}))
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_la_meme_case_changee_des_deux_cotes_est_refusee_avec_les_deux_valeurs(monde, classeur, action):
    changer(action, monde.chef, intitule="Poser des bornes")
    classeur.ecrire("Plan", nom(action), Comment="Installer trois bornes", Description="Perdue ?")
    assert refus(classeur, monde) == [
        ("Plan", 4, "Comment", CHANGEE.format("Poser des bornes", "Installer trois bornes"))
    ]


def test_d_accord_sans_le_savoir(monde, classeur, action):
    changer(action, monde.chef, intitule="Poser des bornes")
    assert (
        faits(importer(classeur.ecrire("Plan", nom(action), Comment="Poser des bornes").octets(), monde.college))
        == RIEN
    )


def test_un_etat_change_des_deux_cotes_est_refuse(monde):
    action = une_action_publiee(monde.college)
    classeur = Classeur(exporter(monde.college)).ecrire("Plan", nom(action), État="Réalisée")
    changer_etat(action=action, etat="en_cours", raison="", auteur=monde.chef, maintenant=timezone.now())
    assert raisons(classeur, monde) == {"État": CHANGEE.format("En cours", "Réalisée")}


def test_un_releve_corrige_ou_supprime_depuis(monde, action):
    hier, indicateur = timezone.localdate() - datetime.timedelta(days=1), un_indicateur(action)
    signe = {"auteur": monde.chef, "maintenant": timezone.now()}
    releve = enregistrer_releve(
        indicateur=indicateur, saisie=SaisieReleve(hier, Decimal(3)), remplace=None, **signe
    ).releve
    classeur = Classeur(exporter(monde.college))
    intact = classeur.octets()
    change = classeur.ecrire("Relevés", f"I{indicateur.pk}", Valeur=5)
    signe["maintenant"] += datetime.timedelta(minutes=1)
    enregistrer_releve(indicateur=indicateur, saisie=SaisieReleve(hier, Decimal(4)), remplace=releve.releve_le, **signe)
    assert faits(importer(intact, monde.college)) == RIEN
    assert raisons(change, monde) == {"Valeur": CHANGEE.format(4, 5)}
    actuel = Releve.objects.get()
    supprimer_releve(releve=actuel, lu=actuel.releve_le, auteur=monde.chef)
    assert faits(importer(intact, monde.college)) == RIEN
    assert raisons(change, monde) == {"Date": "ce relevé a été supprimé depuis que ce classeur a été fait."}


def test_un_facteur_change_des_deux_cotes(monde, action):
    signe = {"auteur": monde.chef, "maintenant": timezone.now()}
    facteur = ajouter_facteur(action=action, saisie=SaisieFacteur("Un"), **signe)
    classeur = Classeur(exporter(monde.college))
    modifier_facteur(facteur=facteur, version=1, saisie=SaisieFacteur("Un", "oui", "Vu"), **signe)
    classeur.ecrire("Facteurs de réussite", f"F{facteur.pk}", Facteur_de_réussite="Deux")
    assert [case[1:] for case in faits(importer(classeur.octets(), monde.college))["changees"]] == [
        ("Facteur de réussite", "Un", "Deux")
    ]
    facteur.refresh_from_db()
    assert (facteur.texte, facteur.atteint, facteur.preuve) == ("Deux", "oui", "Vu")
    classeur.ecrire("Facteurs de réussite", f"F{facteur.pk}", Facteur_de_réussite="Trois")
    assert raisons(classeur, monde) == {"Facteur de réussite": CHANGEE.format("Deux", "Trois")}


def test_un_axe_renomme_ou_mis_a_la_corbeille_depuis_ne_derange_rien(monde, classeur, action):
    axe = action.axes.get()
    base = lire_axe(axe)
    modifier_axe(axe=axe, base=base, saisie=type(base)(base.theme, "Tenir le réseau"), auteur=monde.chef)
    assert faits(importer(classeur.octets(), monde.college)) == RIEN
    monde.college.axes.update(supprime_le=timezone.now(), supprime_par=monde.chef)
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_qui_a_quitte_l_equipe_reste_nomme(monde, classeur, action):
    monde.referent.affectations.update(fin=timezone.localdate() - datetime.timedelta(days=1))
    assert faits(importer(classeur.octets(), monde.college)) == RIEN
    importer(classeur.ecrire("Plan", nom(action), Comment="Autrement").octets(), monde.college)
    assert Action.objects.get(pk=action.pk).porteur == monde.referent


def test_une_action_mise_a_la_corbeille_depuis(monde, classeur, action):
    Action.objects.filter(pk=action.pk).update(supprime_le=timezone.now(), supprime_par=monde.chef)
    assert faits(importer(classeur.octets(), monde.college)) == RIEN
    assert raisons(classeur.ecrire("Plan", nom(action), Comment="Autrement"), monde) == {"Comment": EN_CORBEILLE}


# --- Bad input -----------------------------------------------------------------------------------------------------
HORS_DE_L_EQUIPE = (
    "«\u00a0{}\u00a0» n'est pas l'adresse d'une personne de l'équipe de l'établissement\u00a0: invitez-la d'abord, ou "
    "écrivez une fonction, un nom, sans adresse, dans la colonne prévue."
)
FAUTES = {
    "Comment": (None, "Dites en une phrase ce qui sera fait."),
    "Moyen": (
        "Magie",
        "un mot de la liste est attendu\u00a0: Formation et accompagnement, Équipement, Infrastructure, Budget, "
        "Organisation.",
    ),
    "Porteur": ("victor.voisin@exemple.invalid", HORS_DE_L_EQUIPE.format("victor.voisin@exemple.invalid")),
    "Contributeurs": (
        "line.lectrice@exemple.invalid\npersonne@exemple.invalid",
        HORS_DE_L_EQUIPE.format("personne@exemple.invalid"),
    ),
    "Quoi": (
        "Un axe inventé",
        "aucun axe de l'établissement ne s'appelle «\u00a0Un axe inventé\u00a0»\u00a0: ouvrez-le d'abord, ou reprenez "
        "le titre d'un axe, un par ligne.",
    ),
    "Groupes concernés": (
        "Élèves\nMartiens",
        "un mot de la liste est attendu\u00a0: Élèves, Enseignants, Vie scolaire, AESH, Agents, Direction, Familles, "
        "Collectivité, Partenaires.",
    ),
    "Année de début": ("2026", "une année scolaire est attendue, comme 2026-2027."),
    "Année de fin": ("2001-2002", "La fin d'une action ne peut pas précéder son début."),
    "Trimestre de fin": ("4", "1, 2 ou 3 est attendu, ou rien pour l'année entière."),
    "Échéance": ("31/02/2027", "cette date n'existe pas."),
    "État": (
        "Presque",
        "un mot de la liste est attendu\u00a0: Brouillon, À venir, En cours, Bloquée, En pause, Réalisée, Abandonnée.",
    ),
    "Raison": ("Parce que", "une raison se donne pour Bloquée, En pause ou Abandonnée seulement."),
    "Version": (9, "le nombre écrit à l'export est attendu\u00a0: cette colonne ne se remplit pas."),
    "Description": ("x" * 4_001, "4000 caractères au plus sont attendus ; la valeur en compte 4001."),
    "Sous-action de": (
        "A999999",
        "l'identifiant d'une action du plan est attendu, comme A12, ou celui d'une ligne nouvelle, comme N1.",
    ),
    "Identifiant": ("A999999", "cet identifiant n'est pas, ou n'est plus, du plan de cet établissement."),
}


@pytest.mark.parametrize("colonne", FAUTES)
def test_chaque_faute_est_dite_a_sa_case(monde, classeur, action, colonne):
    ecrit, raison = FAUTES[colonne]
    classeur._poser("Plan", 4, colonne, ecrit)
    assert refus(classeur, monde) == [("Plan", 4, colonne, raison)]


def test_toutes_les_fautes_sont_dites_d_un_coup(monde, classeur, action):
    classeur.ecrire("Plan", nom(action), Moyen="Magie", Échéance="demain", Année_de_fin="2026")
    classeur.ajouter("Plan", Comment="Sans moyen")
    classeur.ajouter("Indicateurs", Action="A999999", Indicateur="Pannes", Cible="beaucoup")
    classeur.ajouter("Relevés", Indicateur="I999999", Date="hier")
    assert [(feuille, ligne, colonne) for feuille, ligne, colonne, _ in refus(classeur, monde)] == [
        *(("Plan", 4, "Moyen"), ("Plan", 4, "Année de fin"), ("Plan", 4, "Échéance"), ("Plan", 5, "Moyen")),
        *(("Indicateurs", 4, "Cible"), ("Indicateurs", 4, "Action")),
        *(("Relevés", 4, "Date"), ("Relevés", 4, "Indicateur"), ("Relevés", 4, "Valeur")),
    ]


def test_des_dates_dans_le_desordre(monde, classeur, action):
    annee = cette_annee(monde.college)
    classeur.ecrire("Plan", nom(action), Trimestre_de_début=3, Trimestre_de_fin=1)
    assert raisons(classeur, monde) == {"Trimestre de fin": "La fin d'une action ne peut pas précéder son début."}
    classeur.ecrire("Plan", nom(action), Trimestre_de_fin=None, Échéance=bornes(annee)[0])
    assert raisons(classeur, monde)["Échéance"].startswith("L'échéance précise tombe entre le début et la fin")


def test_des_sous_actions_qui_tournent_en_rond(monde, classeur, action):
    for identifiant, parent in (("N1", "N2"), ("N2", "N1"), ("N3", "N3")):
        rang = classeur.ajouter("Plan", Identifiant=identifiant, Comment=identifiant, Moyen="Budget")
        classeur.feuille("Plan").cell(rang, 2).value = parent
    raison = "Ces lignes font partie les unes des autres\u00a0: une sous-action ne contient pas son action."
    assert refus(classeur, monde) == [("Plan", rang, "Sous-action de", raison) for rang in (5, 6, 7)]


def test_une_action_ne_devient_pas_la_sous_action_de_la_sienne(monde, action):
    sous = une_action(monde.college, "Câbler", parent=action)
    classeur = Classeur(exporter(monde.college))
    classeur.feuille("Plan").cell(classeur.ligne("Plan", nom(action)), 2).value = nom(sous)
    classeur.ecrire("Plan", nom(action), Quoi=None)
    assert raisons(classeur, monde) == {
        "Sous-action de": "«\u00a0Câbler\u00a0» fait partie de cette action\u00a0: elle ne peut pas aussi la contenir."
    }


def test_une_action_change_de_place(monde, classeur, action):
    """Part of another, whose axes it then serves; then by itself again."""
    autre = une_action(monde.college, "Réseau", axes=[un_axe(monde.college, "Un autre axe")])
    classeur = Classeur(exporter(monde.college))
    classeur._poser("Plan", classeur.ligne("Plan", nom(action)), "Sous-action de", nom(autre))
    assert raisons(classeur, monde) == {
        "Quoi": "une sous-action sert les axes de l'action dont elle fait partie\u00a0: videz cette case."
    }
    classeur.ecrire("Plan", nom(action), Quoi=None)
    assert faits(importer(classeur.octets(), monde.college))["refuses"] == []
    action.refresh_from_db()
    assert (action.parent, list(action.axes.all())) == (autre, [])
    assert faits(importer(classeur.octets(), monde.college)) == RIEN
    classeur = Classeur(exporter(monde.college)).ecrire("Plan", nom(action), Quoi="Fiabiliser le réseau")
    classeur._poser("Plan", classeur.ligne("Plan", nom(action)), "Sous-action de", None)
    importer(classeur.octets(), monde.college)
    action.refresh_from_db()
    assert (action.parent, [axe.intitule for axe in action.axes.all()]) == (None, ["Fiabiliser le réseau"])


def test_un_indicateur_sans_cible_sous_une_action_publiee(monde):
    action = une_action_publiee(monde.college)
    indicateur = action.indicateurs.get()
    classeur = Classeur(exporter(monde.college)).ecrire("Indicateurs", f"I{indicateur.pk}", Cible=None)
    assert raisons(classeur, monde) == {
        "Action": "L'action est publiée, ses indicateurs sont donc complets\u00a0: il manque la cible."
    }


def test_ce_qui_manque_pour_publier_est_nomme(monde, classeur, action):
    raison = raisons(classeur.ecrire("Plan", nom(action), État="À venir"), monde)["État"]
    assert raison.startswith(
        "L'action reste en brouillon. L'axe «\u00a0Fiabiliser le réseau\u00a0» ne répond à aucun besoin."
    )


def test_une_ligne_sans_version_ne_change_rien_en_silence(monde, classeur, action):
    classeur.ecrire("Plan", nom(action), Version=None)
    assert faits(importer(classeur.octets(), monde.college)) == RIEN
    assert raisons(classeur.ecrire("Plan", nom(action), Comment="Autrement"), monde) == {
        "Version": "ce nombre manque\u00a0: repartez d'un export récent pour changer cette ligne."
    }


def test_un_indicateur_ne_change_pas_d_action_et_un_releve_pas_de_date(monde, action):
    autre, indicateur = une_action(monde.college, "Autre"), un_indicateur(action)
    hier = timezone.localdate() - datetime.timedelta(days=1)
    enregistrer_releve(
        indicateur=indicateur, saisie=SaisieReleve(hier, Decimal(3)), remplace=None, auteur=monde.chef,
        maintenant=timezone.now(),
    )  # fmt: skip
    classeur = Classeur(exporter(monde.college)).ecrire("Indicateurs", f"I{indicateur.pk}", Action=nom(autre))
    classeur.ecrire("Relevés", f"I{indicateur.pk}", Date=hier - datetime.timedelta(days=1))
    assert raisons(classeur, monde) == {
        "Action": "un indicateur, un facteur de réussite ne change pas d'action.",
        "Date": "la date d'un relevé ne se change pas\u00a0: corrigez-le à l'écran, ou videz «\u00a0Enregistré "
        "le\u00a0» pour en ajouter un.",
    }


def test_un_indicateur_de_trop_ou_du_meme_nom(monde, action):
    un_indicateur(action)
    classeur = Classeur(exporter(monde.college))
    classeur.ajouter("Indicateurs", Action=nom(action), Indicateur="Coupures par semaine")
    assert raisons(classeur, monde) == {
        "Indicateur": "Cette action a déjà un indicateur de ce nom\u00a0: donnez son identifiant pour le modifier."
    }
    for mot in ("Deux", "Trois", "Quatre"):
        classeur.ajouter("Indicateurs", Action=nom(action), Indicateur=mot)
    assert [ligne for _, ligne, _, _ in refus(classeur, monde)] == [5, 8]


def test_deux_lignes_pour_le_meme_identifiant_ou_le_meme_jour(monde, classeur, action):
    classeur.ajouter("Plan", Identifiant=nom(action).lower(), Comment="Encore", Moyen="Budget")
    assert raisons(classeur, monde) == {"Identifiant": "déjà à la ligne 4 : gardez une seule de ces lignes."}


@pytest.mark.parametrize("texte", ["=1+1", "+33", "-2", "@somme", "＝1", "=cmd|' /C calc'!A0"])
def test_un_texte_de_formule_reste_un_texte(monde, classeur, action, texte):
    importer(classeur.ecrire("Plan", nom(action), Comment=texte).octets(), monde.college)
    assert Action.objects.get(pk=action.pk).intitule == texte
    cellule = Classeur(exporter(monde.college)).feuille("Plan").cell(4, 5)
    assert (cellule.value, cellule.data_type, cellule.quotePrefix) == (texte, "s", True)


def test_un_caractere_de_controle_est_refuse(monde, classeur, action):
    octets = classeur.ecrire("Plan", nom(action), Comment="a_x0007_b").octets()
    assert faits(importer(octets, monde.college))["refuses"] == [
        ("Plan", 4, "Comment", "le texte contient un caractère de contrôle invisible\u00a0: tapez-le de nouveau.")
    ]


# --- The workbook itself -------------------------------------------------------------------------------------------
def test_formules_fusions_et_colonnes_etrangeres_sont_refusees_par_leur_nom(monde, classeur, action):
    feuille = classeur.feuille("Plan")
    feuille["F4"].value = "=1+1"
    feuille.merge_cells("H4:H5")
    assert {(colonne, raison) for _, _, colonne, raison in refus(classeur, monde)} == {
        ("Description", "la case F4 contient une formule : mettez à la place ce qu'elle affiche."),
        ("Porteur", "les cases H4 à H5 sont fusionnées : défusionnez-les, et remplissez chacune."),
    }
    feuille.unmerge_cells("H4:H5")
    feuille["E3"], feuille["U3"], feuille["T3"] = "Commentaire", "Couleur", "Plan"
    assert [(colonne, raison) for _, _, colonne, raison in refus(classeur, monde)][:4] == [
        ("Commentaire", "cette colonne n'est pas attendue : son nom était-il « Comment » ?"),
        ("Plan", "cette colonne n'est pas attendue : retirez-la, ou notez ce qu'elle dit dans une autre."),
        ("Couleur", "cette colonne n'est pas attendue : retirez-la, ou notez ce qu'elle dit dans une autre."),
        ("Version", "cette colonne manque."),
    ]


def test_des_colonnes_dans_un_autre_ordre_se_lisent(monde, classeur, action):
    feuille = classeur.feuille("Plan")
    feuille.move_range("E3:E4", cols=17)
    feuille.delete_cols(5)
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_une_colonne_otee_ne_change_rien(monde, classeur, action):
    classeur.feuille("Plan").delete_cols(classeur.colonne("Plan", "Porteur"))
    assert faits(importer(classeur.octets(), monde.college)) == RIEN


def test_les_dates_de_1904_se_lisent(monde, classeur, action):
    jour = bornes(cette_annee(monde.college))[1]
    classeur.classeur.epoch = CALENDAR_MAC_1904
    importer(classeur.ecrire("Plan", nom(action), Échéance=jour).octets(), monde.college)
    assert Action.objects.get(pk=action.pk).echeance == jour


@pytest.mark.parametrize("ecrit", [60, "15/09/26", "2027/05/03", datetime.datetime(2027, 5, 3, 10, 30)])  # noqa: DTZ001
def test_une_date_ambigue_est_refusee(monde, classeur, action, ecrit):
    assert raisons(classeur.ecrire("Plan", nom(action), Échéance=ecrit), monde) == {
        "Échéance": "une date AAAA-MM-JJ ou JJ/MM/AAAA est attendue."
    }


@pytest.mark.parametrize("ecrit", ["1,234.56", "7,50E+06", "dix", "12 %"])
def test_un_nombre_ambigu_est_refuse(monde, action, ecrit):
    indicateur = un_indicateur(action)
    classeur = Classeur(exporter(monde.college)).ecrire("Indicateurs", f"I{indicateur.pk}", Cible=ecrit)
    assert list(raisons(classeur, monde)) == ["Cible"]


def test_le_classeur_d_un_autre_etablissement_est_refuse(monde, classeur):
    with pytest.raises(FichierRefuse) as refuse:
        importer(classeur.octets(), monde.voisin_college, monde.voisin)
    assert str(refuse.value) == (
        f"Ce classeur est celui de l'établissement {monde.college.uai}\u00a0; cette page attend celui de "
        f"{monde.voisin_college.uai}."
    )


def test_l_identifiant_d_un_autre_etablissement_n_existe_pas(monde, action):
    une_action(monde.voisin_college, auteur=monde.voisin)
    classeur = Classeur(exporter(monde.voisin_college))
    classeur.feuille("Plan")["A1"] = None
    for feuille in classeur.classeur:
        feuille["A1"] = None
    classeur.feuille("Plan")["E4"].value = "Volée"
    avant = exporter(monde.voisin_college)
    assert [r[3] for r in faits(importer(classeur.octets(), monde.college))["refuses"]] == [
        "cet identifiant n'est pas, ou n'est plus, du plan de cet établissement."
    ]
    assert exporter(monde.voisin_college) == avant


@pytest.mark.parametrize("lignes", [0, 1])
def test_un_classeur_sans_ligne_ne_change_rien(monde, classeur, action, lignes):
    feuille = classeur.feuille("Plan")
    feuille.delete_rows(4, 100)
    if not lignes:
        for nom_de_feuille in ("Indicateurs", "Facteurs de réussite", "Relevés", "Tableau", "Matrice"):
            del classeur.classeur[nom_de_feuille]
    fait = importer(classeur.octets(), monde.college)
    assert (faits(fait), fait.lus) == (RIEN, 0)


def test_une_feuille_inconnue_est_dite(monde, classeur):
    classeur.classeur.create_sheet("Brouillon")["A1"] = "note"
    assert importer(classeur.octets(), monde.college).remarques == ["La feuille «\u00a0Brouillon\u00a0» n'est pas lue."]


def test_la_feuille_du_plan_seule_en_csv(monde, classeur, action):
    lignes = [["" if v is None else v for v in ligne] for ligne in classeur.feuille("Plan").values][2:]
    lignes[1][4] = "Par CSV"
    csv.writer(sortie := io.StringIO(), delimiter=";").writerows(lignes)
    importer(sortie.getvalue().encode("cp1252"), monde.college)
    assert Action.objects.get(pk=action.pk).intitule == "Par CSV"


# --- Properties ----------------------------------------------------------------------------------------------------
TEXTES = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=60).filter(
    lambda texte: texte.strip() and "\ufffe" not in texte
)
PLANS = st.lists(
    st.fixed_dictionaries(
        {
            "intitule": TEXTES.map(lambda texte: " ".join(texte.split()) or "x"),
            "description": TEXTES,
            "autres_contributeurs": TEXTES,
            "levier": st.sampled_from(["formation", "equipement", "budget"]),
            "groupes": st.sampled_from([(), ("eleves",), ("familles", "eleves")]),
            "trimestre": st.sampled_from([None, 1]),
            "trimestre_fin": st.sampled_from([None, 2, 3]),
        }
    ),
    min_size=1,
    max_size=4,
)
PEU_D_EXEMPLES = settings(max_examples=25)


@PEU_D_EXEMPLES
@given(plan=PLANS)
def test_exporter_puis_importer_ne_change_rien(monde, plan):
    monde.college.actions.all().delete()
    for champs in plan:
        une_action(monde.college, **champs)
    octets = exporter(monde.college)
    assert faits(importer(octets, monde.college)) == RIEN
    assert exporter(monde.college) == octets


@PEU_D_EXEMPLES
@given(plan=PLANS, rang=st.integers(0, 3), mot=TEXTES, colonne=st.sampled_from(["Comment", "Description"]))
def test_une_case_changee_au_hasard_est_exactement_ce_changement(monde, plan, rang, mot, colonne):
    monde.college.actions.all().delete()
    actions = [une_action(monde.college, **champs) for champs in plan]
    action = actions[rang % len(actions)]
    ecrit = f"{mot.strip()} puis {mot.strip()}"
    assume(not ABIME.search(ecrit))  # what looks like a wrong decoding is refused
    classeur = Classeur(exporter(monde.college))
    classeur.ecrire("Plan", nom(action), **{colonne: ecrit.replace("_x", "-x")})
    fait = importer(classeur.octets(), monde.college)
    assert [(case.ligne, case.colonne) for case in fait.changees] == [(classeur.ligne("Plan", nom(action)), colonne)]
    assert (fait.nouvelles, fait.refuses) == ([], [])
    assert faits(importer(exporter(monde.college), monde.college)) == RIEN


# --- The pages -----------------------------------------------------------------------------------------------------
def envoi(octets: bytes, nom_du_fichier: str = "plan.xlsx") -> dict:
    return {"fichier": SimpleUploadedFile(nom_du_fichier, octets)}


def page(monde, nom_de_page: str = "plan_importer", *suite) -> str:
    return reverse(nom_de_page, args=[monde.college.uai, *suite])


def test_un_fichier_est_repete_puis_confirme(client, monde, classeur, action):
    client.force_login(monde.chef)
    octets = classeur.ecrire("Plan", nom(action), Comment="<b>Autrement</b>").octets()
    reponse = client.post(page(monde), envoi(octets))
    depot = Depot.objects.get()
    assert reponse.url == page(monde, "plan_import", depot.cle)
    assert Action.objects.get(pk=action.pk).intitule == "Installer deux bornes Wi-Fi"
    html = client.get(reponse.url).content.decode()
    assert "1 case à changer" in html.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "&lt;b&gt;Autrement&lt;/b&gt;" in html
    reponse = client.post(reponse.url, {"rien": ""}, follow=True)
    assert reponse.redirect_chain[0][0] == page(monde, "moyens")
    assert "L'import est fait\u00a0: 1\u00a0case changée." in [str(message) for message in reponse.context["messages"]]
    assert Action.objects.get(pk=action.pk).intitule == "<b>Autrement</b>"
    assert not Depot.objects.exists()


def test_un_fichier_remplace_ne_dit_plus_rien_du_suivant(monde):
    """Confirmed twice at once, or replaced while it was read: the second finds its file gone, and the new one as it
    is.
    """
    recu = {"etablissement": monde.college, "auteur": monde.chef, "maintenant": timezone.now()}
    premier, second = (deposer(nom=nom, contenu=nom.encode(), **recu) for nom in ("a.xlsx", "b.xlsx"))
    noter_repetition(depot=premier, repetition={"de": "a.xlsx"})
    retirer_depot(depot=premier)
    [garde] = Depot.objects.values_list("cle", "nom", "repetition")
    assert garde == (second.cle, "b.xlsx", None)


def test_confirmer_deux_fois_importe_une_fois(client, monde, classeur):
    client.force_login(monde.chef)
    classeur.ajouter("Plan", Comment="Nouvelle", Moyen="Budget")
    adresse = client.post(page(monde), envoi(classeur.octets())).url
    assert client.post(adresse, {"rien": ""}).url == page(monde, "moyens")
    assert client.post(adresse, {"rien": ""}).url == page(monde)
    assert client.get(adresse).url == page(monde)
    assert monde.college.actions.filter(intitule="Nouvelle").count() == 1


def test_les_erreurs_se_lisent_et_se_telechargent(client, monde, classeur, action):
    client.force_login(monde.referent)
    classeur.ecrire("Plan", nom(action), Moyen="=Magie", Échéance="demain")
    adresse = client.post(page(monde), envoi(classeur.octets())).url
    html = client.get(adresse).content.decode()
    assert "2 erreurs" in html.replace("\u00a0", " ")
    assert "Importer dans le plan" not in html
    contenu = client.get(page(monde, "plan_import_erreurs", Depot.objects.get().cle)).getvalue().decode("utf-8-sig")
    assert [ligne[:4] for ligne in csv.reader(io.StringIO(contenu), delimiter=";")] == [
        ["Feuille", "Ligne", "Colonne", "Ce qui est écrit"],
        ["Plan", "4", "Moyen", "'=Magie"],
        ["Plan", "4", "Échéance", "demain"],
    ]
    assert client.post(adresse, {"rien": ""}).status_code == 422
    assert Depot.objects.exists()


def test_ce_qui_change_entre_la_repetition_et_la_confirmation_n_est_pas_ecrase(client, monde, classeur, action):
    client.force_login(monde.chef)
    adresse = client.post(page(monde), envoi(classeur.ecrire("Plan", nom(action), Comment="Autrement").octets())).url
    changer(action, monde.referent, intitule="Entre-temps")
    reponse = client.post(adresse, {"rien": ""})
    assert reponse.status_code == 422
    assert "Paliers garde" in reponse.content.decode()
    assert Action.objects.get(pk=action.pk).intitule == "Entre-temps"


def test_un_depot_n_est_qu_a_qui_l_a_fait(client, monde, classeur, action):
    client.force_login(monde.chef)
    adresse = client.post(page(monde), envoi(classeur.ecrire("Plan", nom(action), Comment="Autrement").octets())).url
    client.force_login(monde.referent)
    assert client.get(adresse).url == page(monde)
    assert client.post(adresse, {"rien": ""}).url == page(monde)
    assert client.get(f"{adresse}erreurs/").status_code == 404
    assert Action.objects.get(pk=action.pk).intitule == "Installer deux bornes Wi-Fi"


def test_un_fichier_prend_la_place_du_precedent_et_les_vieux_s_en_vont(client, monde, classeur):
    client.force_login(monde.chef)
    for _ in range(2):
        client.post(page(monde), envoi(classeur.octets()))
    depot = Depot.objects.get()
    Depot.objects.update(depose_le=timezone.now() - DUREE - datetime.timedelta(minutes=1))
    client.force_login(monde.referent)
    client.post(page(monde), envoi(classeur.octets()))
    assert Depot.objects.get().auteur == monde.referent
    assert not Depot.objects.filter(pk=depot.pk).exists()


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"%PDF-1.7", "Ce fichier est un PDF"),
        (b"<html>", "page web"),
        (b"", "Ce fichier est vide."),
    ],
)
def test_ce_qui_n_est_pas_un_classeur_est_refuse_en_une_phrase(client, monde, octets, dit):
    client.force_login(monde.chef)
    reponse = client.post(page(monde), envoi(octets))
    assert (reponse.status_code, dit in reponse.content.decode()) == (422, True)
    assert not Depot.objects.exists()


def test_sans_fichier_la_page_le_dit(client, monde):
    client.force_login(monde.chef)
    reponse = client.post(page(monde), {"rien": ""})
    assert (reponse.status_code, "Choisissez le classeur à importer." in reponse.content.decode()) == (422, True)


def test_qui_lit_sans_ecrire_exporte_sans_importer(client, monde):
    client.force_login(monde.lectrice)
    html = client.get(page(monde)).content.decode()
    assert ("Classeur du plan" in html, 'type="file"' in html) == (True, False)
    assert client.post(page(monde), envoi(b"x")).status_code == 403


# --- The command ---------------------------------------------------------------------------------------------------
def commande(chemin, monde, **options) -> tuple[dict, int]:
    sortie, code = io.StringIO(), 0
    try:
        call_command("importer_plan", str(chemin), uai=monde.college.uai, json=True, stdout=sortie, **options)
    except SystemExit as fin:
        code = fin.code
    return json.loads(sortie.getvalue()), code


def test_la_commande_compte_les_lignes(monde, classeur, action, tmp_path):
    classeur.ecrire("Plan", nom(action), Comment="Autrement").ajouter("Plan", Comment="Nouvelle", Moyen="Budget")
    chemin = tmp_path / "plan.xlsx"
    chemin.write_bytes(classeur.octets())
    comptes = {"lus": 2, "crees": 1, "modifies": 1, "inchanges": 0, "fermes": 0, "refuses": []}
    assert commande(chemin, monde, simulation=True) == (comptes, 0)
    assert commande(chemin, monde) == (comptes, 0)
    assert Action.objects.get(intitule="Nouvelle").cree_par == monde.chef
    assert commande(chemin, monde) == (comptes | {"crees": 0, "modifies": 0, "inchanges": 2}, 0)


def test_la_commande_refuse_tout_ou_rien(monde, classeur, action, tmp_path):
    classeur.ecrire("Plan", nom(action), Moyen="Magie").ajouter("Plan", Comment="Nouvelle", Moyen="Budget")
    chemin = tmp_path / "plan.xlsx"
    chemin.write_bytes(classeur.octets())
    bilan, code = commande(chemin, monde)
    assert (bilan["lus"], bilan["crees"], bilan["modifies"], bilan["inchanges"], code) == (2, 0, 0, 1, 1)
    assert [(r["feuille"], r["ligne"], r["colonne"], r["valeur"]) for r in bilan["refuses"]] == [
        ("Plan", 4, "Moyen", "Magie")
    ]
    assert not Action.objects.filter(intitule="Nouvelle").exists()


@pytest.mark.parametrize(
    ("options", "raison"),
    [
        ({"uai": "0999999X"}, "Aucun établissement n'a l'UAI « 0999999X »."),
        (
            {"compte": "victor.voisin@exemple.invalid"},
            "« victor.voisin@exemple.invalid » n'est pas l'adresse de qui écrit le plan de cet établissement.",
        ),
    ],
)
def test_la_commande_dit_ce_qui_manque(monde, classeur, tmp_path, options, raison):
    chemin = tmp_path / "plan.xlsx"
    chemin.write_bytes(classeur.octets())
    sortie = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("importer_plan", str(chemin), json=True, stdout=sortie, **({"uai": monde.college.uai} | options))
    assert [r["raison"] for r in json.loads(sortie.getvalue())["refuses"]] == [raison]


def test_la_commande_dit_un_fichier_absent(monde, tmp_path):
    assert "ne peut pas être lu" in commande(tmp_path / "absent.xlsx", monde)[0]["refuses"][0]["raison"]


def test_la_commande_importe_au_nom_d_un_autre(monde, classeur, tmp_path):
    classeur.ajouter("Plan", Comment="Nouvelle", Moyen="Budget")
    chemin = tmp_path / "plan.xlsx"
    chemin.write_bytes(classeur.octets())
    commande(chemin, monde, compte=monde.referent.email)
    assert Action.objects.get(intitule="Nouvelle").cree_par == monde.referent
