"""Lines of the matrix: the budget that leaves and comes in."""

from tests.parcours.lignes import Ligne, ecole, uai

LECTEURS = ("chef", "referent", "gestionnaire")

LIGNES_ECHANGES_BUDGET: list[Ligne] = [
    Ligne("budget_xlsx", ecole(200, *LECTEURS), arguments=uai),
    Ligne("budget_csv", ecole(200, *LECTEURS), arguments=uai),
    Ligne("budget_pdf", ecole(200, *LECTEURS), arguments=uai),
]
