"""Lines of the matrix: lines of the inventory, lots, rooms."""

from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, ENCADREMENT, Ligne, ecole, uai

LECTEURS = (*ECOLE, *ENCADREMENT)
TENEURS = ("chef", "referent", "gestionnaire")
# A collectivité keeps what it owns.
AVEC_LA_COLLECTIVITE = (*TENEURS, "collectivite_agent")


def ligne(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    siennes = college.equipements.filter(proprietaire="departement", supprime_le=None)
    return (college.uai, (siennes.first() or des_equipements(college, proprietaire="departement")[0]).pk)


def lot(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    siens = college.lots.filter(supprime_le=None)
    return (college.uai, (siens.first() or un_lot(college, f"Lot {college.lots.count()}")).pk)


def salle(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    siennes = college.salles.filter(archivee_le=None)
    return (college.uai, (siennes.first() or une_salle(college, f"Salle {college.salles.count()}")).pk)


LIGNES_EQUIPEMENT_INVENTAIRE: list[Ligne] = [
    Ligne("equipement_ajouter", ecole(200, *AVEC_LA_COLLECTIVITE), arguments=uai),
    Ligne("equipement_ajouter", ecole(422, *AVEC_LA_COLLECTIVITE), "POST", uai),
    Ligne("equipements_agir", ecole(302, *AVEC_LA_COLLECTIVITE), arguments=uai),
    Ligne("equipements_agir", ecole(302, *AVEC_LA_COLLECTIVITE), "POST", uai),
    Ligne("equipement", ecole(200, *LECTEURS), arguments=ligne),
    Ligne("equipement_modifier", ecole(200, *AVEC_LA_COLLECTIVITE), arguments=ligne),
    Ligne("equipement_modifier", ecole(422, *AVEC_LA_COLLECTIVITE), "POST", ligne),
    Ligne("equipement_retirer", ecole(200, *AVEC_LA_COLLECTIVITE), arguments=ligne),
    Ligne("equipement_retirer", ecole(302, *AVEC_LA_COLLECTIVITE), "POST", ligne),
    Ligne("lots", ecole(200, *LECTEURS), arguments=uai),
    Ligne("lot_creer", ecole(200, *TENEURS), arguments=uai),
    Ligne("lot_creer", ecole(422, *TENEURS), "POST", uai),
    Ligne("lot", ecole(200, *LECTEURS), arguments=lot),
    Ligne("lot_modifier", ecole(200, *TENEURS), arguments=lot),
    Ligne("lot_modifier", ecole(422, *TENEURS), "POST", lot),
    Ligne("lot_retirer", ecole(200, *TENEURS), arguments=lot),
    Ligne("lot_retirer", ecole(302, *TENEURS), "POST", lot),
    Ligne("salles", ecole(200, *LECTEURS), arguments=uai),
    Ligne("salle_ajouter", ecole(200, *TENEURS), arguments=uai),
    Ligne("salle_ajouter", ecole(422, *TENEURS), "POST", uai),
    Ligne("salle", ecole(200, *LECTEURS), arguments=salle),
    Ligne("salle_modifier", ecole(200, *TENEURS), arguments=salle),
    Ligne("salle_modifier", ecole(422, *TENEURS), "POST", salle),
    Ligne("salle_retirer", ecole(200, *TENEURS), arguments=salle),
    Ligne("salle_retirer", ecole(302, *TENEURS), "POST", salle),
    Ligne("salle_retablir", ecole(302, *TENEURS), "POST", salle),
]
