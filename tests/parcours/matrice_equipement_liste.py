"""Lines of the matrix: the inventory's list and its exports."""

from tests.parcours.lignes import ECOLE, ENCADREMENT, Ligne, ecole, uai

LIGNES_EQUIPEMENT_LISTE: list[Ligne] = [
    Ligne("inventaire", ecole(200, *ECOLE, *ENCADREMENT), arguments=uai),
    Ligne("inventaire_csv", ecole(200, *ECOLE, *ENCADREMENT), arguments=uai),
    Ligne("inventaire_xlsx", ecole(200, *ECOLE, *ENCADREMENT), arguments=uai),
]
