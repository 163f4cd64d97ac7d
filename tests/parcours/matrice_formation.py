"""Lines of the matrix: trainings, their sessions, what a district and an académie set."""

import datetime

from django.utils import timezone

from budget.domain.formations import demander
from strategie.socle.domain.calendrier import bornes
from tests.budget.formations import cette_annee, une_formation, une_seance
from tests.dossier import Dossier
from tests.parcours.lignes import CONNEXION, Ligne, ecole, tous, uai
from tests.parcours.matrice_cascade import du_district

LECTEURS = ("chef", "referent", "gestionnaire", "lectrice", "animatrice", "rectorat")
ECRIVENT = ("chef", "referent")
DECIDENT = (*ECRIVENT, "animatrice", "rectorat")


def besoin_ecrit(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    formation = une_formation(college, annee_scolaire=cette_annee(college), maintenant=timezone.now())
    return college.uai, formation.pk


def formation_demandee(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    formation = une_formation(college, annee_scolaire=cette_annee(college), maintenant=timezone.now())
    demander(formation=formation, version=1, auteur=dossier.monde.chef, maintenant=timezone.now())
    return college.uai, formation.pk


def seance_prevue(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    formation = une_formation(college, annee_scolaire=cette_annee(college), maintenant=timezone.now())
    jour = bornes(cette_annee(college))[0] + datetime.timedelta(days=30)
    return college.uai, une_seance(formation, jour).pk


def district(dossier: Dossier) -> tuple:
    return (dossier.monde.district.pk,)


LIGNES_FORMATION: list[Ligne] = [
    Ligne("formations", ecole(200, *LECTEURS), arguments=uai),
    Ligne("formation", ecole(200, *LECTEURS), arguments=besoin_ecrit),
    Ligne("formation_demande_pdf", ecole(200, *LECTEURS), "HEAD", besoin_ecrit),
    Ligne("formation_ajouter", ecole(200, *ECRIVENT), arguments=uai),
    Ligne("formation_ajouter", ecole(422, *ECRIVENT), "POST", uai),
    Ligne("formation_modifier", ecole(200, *ECRIVENT), arguments=besoin_ecrit),
    Ligne("formation_modifier", ecole(422, *ECRIVENT), "POST", besoin_ecrit),
    Ligne("formation_etat", ecole(200, *DECIDENT), arguments=formation_demandee),
    Ligne("formation_etat", ecole(422, *DECIDENT), "POST", formation_demandee),
    Ligne("formation_retirer", ecole(200, *ECRIVENT), arguments=besoin_ecrit),
    Ligne("formation_retirer", ecole(302, *ECRIVENT), "POST", besoin_ecrit),
    Ligne("seance_ajouter", ecole(200, *ECRIVENT), arguments=besoin_ecrit),
    Ligne("seance_ajouter", ecole(422, *ECRIVENT), "POST", besoin_ecrit),
    Ligne("seance_modifier", ecole(200, *ECRIVENT), arguments=seance_prevue),
    Ligne("seance_modifier", ecole(422, *ECRIVENT), "POST", seance_prevue),
    Ligne("seance_presents", ecole(200, *ECRIVENT), arguments=seance_prevue),
    Ligne("seance_presents", ecole(422, *ECRIVENT), "POST", seance_prevue),
    Ligne("seance_annuler", ecole(200, *ECRIVENT), arguments=seance_prevue),
    Ligne("seance_annuler", ecole(422, *ECRIVENT), "POST", seance_prevue),
    Ligne("besoins_detectes", ecole(200, *ECRIVENT), arguments=uai),
    Ligne("heures_formateurs", du_district(200), arguments=district),
    Ligne("heures_formateurs", du_district(422), "POST", district),
    Ligne("reglages_formation", tous(403, rectorat=200, rectorat_ailleurs=200, anonyme=CONNEXION)),
    Ligne("reglages_formation", tous(403, rectorat=422, rectorat_ailleurs=422, anonyme=CONNEXION), "POST"),
]
