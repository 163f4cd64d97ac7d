"""The dashboards of territories, and their exports, address by address."""

from tests.dossier import Dossier
from tests.parcours.lignes import CONNEXION, Ligne, Statuts, connectes, tous


def du_district(dossier: Dossier) -> tuple:
    return ("district", dossier.monde.district.pk)


def de_l_academie(dossier: Dossier) -> tuple:
    return ("academie", dossier.monde.academie.pk)


def de_la_nation(_: Dossier) -> tuple:
    return ("nation", 0)


def lecteurs(statut: int, *qui: str) -> Statuts:
    """Whoever reads this territory; for the others it does not exist."""
    return tous(404, anonyme=CONNEXION) | dict.fromkeys(qui, statut)


DU_DISTRICT = ("animatrice", "rectorat")
NATIONAUX = ("animatrice", "animateur_lointain", "rectorat", "rectorat_ailleurs")
DES_ECOLES = ("etablissements_du_territoire", "etablissements_du_territoire_csv", "etablissements_du_territoire_xlsx")
SUR_PAPIER = ("etablissements_du_territoire_pdf", "carte_de_chaleur_pdf")

LIGNES_TABLEAUX: list[Ligne] = [
    Ligne("territoires", tous(403, anonyme=CONNEXION) | dict.fromkeys((*NATIONAUX, "collectivite_agent"), 302)),
    Ligne("calculs_des_territoires", connectes(200)),
    *(
        Ligne(nom, lecteurs(200, *DU_DISTRICT), arguments=du_district)
        for nom in (
            "tableau_territoire",
            "tableau_territoire_csv",
            "tableau_territoire_xlsx",
            "carte_de_chaleur",
            *DES_ECOLES,
        )
    ),
    *(Ligne(nom, lecteurs(200, *DU_DISTRICT), "HEAD", du_district) for nom in ("tableau_territoire_pdf", *SUR_PAPIER)),
    Ligne("tableau_territoire", lecteurs(200, "rectorat"), arguments=de_l_academie),
    Ligne("tableau_territoire", lecteurs(200, *NATIONAUX), arguments=de_la_nation),
    *(Ligne(nom, lecteurs(404), arguments=de_la_nation) for nom in ("carte_de_chaleur", *DES_ECOLES, *SUR_PAPIER)),
]
