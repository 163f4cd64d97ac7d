"""Lines of the matrix: needs typed and changed, axes, the seed's table."""

from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, Ligne, ecole, uai
from tests.plans.plans import un_axe, un_axe_adosse, un_besoin

LECTEURS_PUBLICS = (*ECOLE, "animatrice", "rectorat")
ECRIVAINS = ("chef", "referent")


def besoin(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    return (college.uai, (college.besoins.filter(origine="saisi").first() or un_besoin(college)).pk)


def axe(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    return (college.uai, (college.axes.first() or un_axe_adosse(college)).pk)


def axe_clos(dossier: Dossier) -> tuple:
    return (dossier.monde.college.uai, un_axe(dossier.monde.college, "Un axe fini", clos_le=dossier.copie.signee_le).pk)


LIGNES_BESOINS: list[Ligne] = [
    Ligne("besoin_ajouter", ecole(200, *ECRIVAINS), arguments=uai),
    Ligne("besoin_ajouter", ecole(422, *ECRIVAINS), "POST", uai),
    Ligne("besoin_modifier", ecole(200, *ECRIVAINS), arguments=besoin),
    Ligne("besoin_modifier", ecole(422, *ECRIVAINS), "POST", besoin),
    Ligne("matrice", ecole(200, *ECOLE), arguments=uai),
    Ligne("matrice_relier", ecole(200, *ECRIVAINS), arguments=uai),
    Ligne("matrice_relier", ecole(422, *ECRIVAINS), "POST", uai),
    Ligne("matrice_delier", ecole(404, *ECRIVAINS), "POST", uai),
    Ligne("axes", ecole(200, *LECTEURS_PUBLICS), arguments=uai),
    Ligne("axe", ecole(200, *LECTEURS_PUBLICS), arguments=axe),
    Ligne("axe_ouvrir", ecole(200, *ECRIVAINS), arguments=uai),
    Ligne("axe_ouvrir", ecole(422, *ECRIVAINS), "POST", uai),
    Ligne("axe_modifier", ecole(200, *ECRIVAINS), arguments=axe),
    Ligne("axe_modifier", ecole(422, *ECRIVAINS), "POST", axe),
    Ligne("axe_clore", ecole(200, *ECRIVAINS), arguments=axe),
    Ligne("axe_clore", ecole(302, *ECRIVAINS), "POST", axe),
    Ligne("axe_rouvrir", ecole(302, *ECRIVAINS), "POST", axe_clos),
    Ligne("axe_retirer", ecole(200, *ECRIVAINS), arguments=axe),
    Ligne("axe_retirer", ecole(302, *ECRIVAINS), "POST", axe),
]
