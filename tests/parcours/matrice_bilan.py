"""Lines of the matrix: the yearly report, and the slides that an académie puts in place of ours."""

from tests.parcours.lignes import ECOLE, Ligne, ecole, uai
from tests.parcours.matrice_deliberation import PREPARENT, rectorats

LIGNES_BILAN: list[Ligne] = [
    Ligne("bilan", ecole(200, *ECOLE), arguments=uai),
    Ligne("bilan_pdf", ecole(200, *ECOLE), "HEAD", uai),
    Ligne("bilan_pptx", ecole(200, *ECOLE), "HEAD", uai),
    Ligne("bilan_mot", ecole(200, *PREPARENT), arguments=uai),
    Ligne("bilan_mot", ecole(422, *PREPARENT), "POST", uai),
    Ligne("modele_de_bilan", rectorats(200)),
    Ligne("modele_de_bilan", rectorats(422), "POST"),
    Ligne("modele_de_bilan_fichier", rectorats(200)),
]
