"""Lines of the matrix: the budget, what pays for it, its corrections, its exercices."""

import uuid
from decimal import Decimal

from django.utils import timezone

from budget.domain.dbm import SaisieDBM, creer_dbm
from budget.domain.exercices import clore_exercice
from tests.budget.budgets import un_financement, une_ligne
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, ecole, uai

LECTEURS = ("chef", "referent", "gestionnaire")
TENEURS = ("chef", "gestionnaire")


def annee() -> int:
    return timezone.localdate().year


def de_la_ligne(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_ligne(dossier.monde.college, annee(), prevu=Decimal(100)).pk)


def du_financement(dossier: Dossier) -> tuple:
    return (*uai(dossier), un_financement(dossier.monde.college, annee(), demande=Decimal(50)).pk)


def de_l_exercice(dossier: Dossier) -> tuple:
    une_ligne(dossier.monde.college, annee())
    return (*uai(dossier), annee())


def de_l_exercice_clos(dossier: Dossier) -> tuple:
    monde, maintenant = dossier.monde, timezone.now()
    clore_exercice(etablissement=monde.college, annee=annee(), auteur=monde.chef, maintenant=maintenant)
    return (*uai(dossier), annee())


def de_la_dbm(dossier: Dossier) -> tuple:
    ligne = une_ligne(dossier.monde.college, annee(), prevu=Decimal(100))
    decision = creer_dbm(
        etablissement=dossier.monde.college,
        exercice=annee(),
        saisie=SaisieDBM("vote", "Un virement"),
        cle=uuid.uuid4(),
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
        mouvements={ligne.pk: Decimal(10)},
    )
    return (*uai(dossier), decision.pk)


LIGNES_BUDGET: list[Ligne] = [
    Ligne("budget", ecole(200, *LECTEURS), arguments=uai),
    Ligne("budget_partage", ecole(200, "collectivite_agent"), arguments=uai),
    Ligne("ligne_ajouter", ecole(200, *TENEURS), arguments=uai),
    Ligne("ligne_ajouter", ecole(422, *TENEURS), "POST", uai),
    Ligne("ligne", ecole(200, *LECTEURS), arguments=de_la_ligne),
    Ligne("ligne_modifier", ecole(200, *TENEURS), arguments=de_la_ligne),
    Ligne("ligne_modifier", ecole(422, *TENEURS), "POST", de_la_ligne),
    Ligne("ligne_retirer", ecole(200, *TENEURS), arguments=de_la_ligne),
    Ligne("ligne_retirer", ecole(302, *TENEURS), "POST", de_la_ligne),
    Ligne("financement_ajouter", ecole(200, *TENEURS), arguments=uai),
    Ligne("financement_ajouter", ecole(422, *TENEURS), "POST", uai),
    Ligne("financement_modifier", ecole(200, *TENEURS), arguments=du_financement),
    Ligne("financement_modifier", ecole(422, *TENEURS), "POST", du_financement),
    Ligne("financement_retirer", ecole(200, *TENEURS), arguments=du_financement),
    Ligne("financement_retirer", ecole(302, *TENEURS), "POST", du_financement),
    Ligne("exercice_clore", ecole(200, *TENEURS), arguments=de_l_exercice),
    Ligne("exercice_clore", ecole(302, *TENEURS), "POST", de_l_exercice),
    Ligne("exercice_rouvrir", ecole(200, "chef"), arguments=de_l_exercice_clos),
    Ligne("exercice_rouvrir", ecole(422, "chef"), "POST", de_l_exercice_clos),
    Ligne("dbm", ecole(200, *LECTEURS), arguments=uai),
    Ligne("dbm_ajouter", ecole(200, *TENEURS), arguments=uai),
    Ligne("dbm_ajouter", ecole(422, *TENEURS), "POST", uai),
    Ligne("dbm_voir", ecole(200, *LECTEURS), arguments=de_la_dbm),
    Ligne("dbm_modifier", ecole(200, *TENEURS), arguments=de_la_dbm),
    Ligne("dbm_modifier", ecole(422, *TENEURS), "POST", de_la_dbm),
    Ligne("dbm_mouvement", ecole(422, *TENEURS), "POST", de_la_dbm),
    Ligne("dbm_adopter", ecole(200, *TENEURS), arguments=de_la_dbm),
    Ligne("dbm_adopter", ecole(422, *TENEURS), "POST", de_la_dbm),
    Ligne("dbm_rejeter", ecole(200, *TENEURS), arguments=de_la_dbm),
    Ligne("dbm_rejeter", ecole(422, *TENEURS), "POST", de_la_dbm),
]
