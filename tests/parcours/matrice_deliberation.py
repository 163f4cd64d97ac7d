"""Lines of the matrix: the board's meetings and acts."""

from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, ecole, tous, uai
from tests.pilotage.conseils import une_deliberation, une_seance, voter

LECTEURS = ("chef", "referent", "gestionnaire", "lectrice")
PREPARENT = ("chef", "referent")


def de_la_seance(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_seance(dossier.monde.college).pk)


def de_l_acte(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_deliberation(dossier.monde.college).pk)


def de_l_acte_vote(dossier: Dossier) -> tuple:
    return (*uai(dossier), voter(une_deliberation(dossier.monde.college)).pk)


def rectorats(statut: int) -> dict[str, int | str]:
    return tous(403, rectorat=statut, rectorat_ailleurs=statut, anonyme="connexion")


LIGNES_DELIBERATION: list[Ligne] = [
    Ligne("conseil_seance_ajouter", ecole(200, *PREPARENT), arguments=uai),
    Ligne("conseil_seance_ajouter", ecole(422, *PREPARENT), "POST", uai),
    Ligne("conseil_seance_modifier", ecole(200, *PREPARENT), arguments=de_la_seance),
    Ligne("conseil_seance_modifier", ecole(422, *PREPARENT), "POST", de_la_seance),
    Ligne("conseil_seance_retirer", ecole(200, *PREPARENT), arguments=de_la_seance),
    Ligne("conseil_seance_retirer", ecole(422, *PREPARENT), "POST", de_la_seance),
    Ligne("deliberation_ajouter", ecole(200, *PREPARENT), arguments=uai),
    Ligne("deliberation_ajouter", ecole(422, *PREPARENT), "POST", uai),
    Ligne("deliberation", ecole(200, *LECTEURS), arguments=de_l_acte),
    Ligne("deliberation_docx", ecole(200, *LECTEURS), arguments=de_l_acte),
    Ligne("deliberation_modifier", ecole(200, *PREPARENT), arguments=de_l_acte),
    Ligne("deliberation_modifier", ecole(422, *PREPARENT), "POST", de_l_acte),
    Ligne("deliberation_retirer", ecole(200, *PREPARENT), arguments=de_l_acte),
    Ligne("deliberation_retirer", ecole(422, *PREPARENT), "POST", de_l_acte),
    Ligne("deliberation_voter", ecole(200, "chef"), arguments=de_l_acte),
    Ligne("deliberation_voter", ecole(422, "chef"), "POST", de_l_acte),
    Ligne("deliberation_dates", ecole(200, *PREPARENT), arguments=de_l_acte_vote),
    Ligne("deliberation_dates", ecole(422, *PREPARENT), "POST", de_l_acte_vote),
    Ligne("regles_du_conseil", rectorats(200)),
    Ligne("regles_du_conseil", rectorats(422), "POST"),
]
