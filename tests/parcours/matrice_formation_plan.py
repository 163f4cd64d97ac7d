"""Lines of the matrix: the plan of training, and who has been trained."""

from tests.parcours.lignes import Ligne, ecole, uai

LECTEURS = ("chef", "referent", "gestionnaire", "lectrice", "animatrice", "rectorat")
ECRIVENT = ("chef", "referent")
LIGNES_FORMATION_PLAN: list[Ligne] = [
    Ligne("plan_formation", ecole(200, *LECTEURS), arguments=uai),
    Ligne("plan_formation_pdf", ecole(200, *LECTEURS), "HEAD", uai),
    Ligne("plan_formation_xlsx", ecole(200, *LECTEURS), "HEAD", uai),
    Ligne("couverture", ecole(200, *LECTEURS), arguments=uai),
    Ligne("effectifs_equipes", ecole(200, *ECRIVENT), arguments=uai),
    Ligne("effectifs_equipes", ecole(422, *ECRIVENT), "POST", uai),
]
