"""Lines of the matrix: files made in number. An animateur asks for her district, the rectorat for its territories."""

import uuid

from tests.dossier import Dossier
from tests.parcours.lignes import CONNEXION, Ligne, Statuts, tous
from tests.pilotage.lots import avancer, un_lot

FONT = ("animatrice", "animateur_lointain", "rectorat", "rectorat_ailleurs")


def de_chacun(statut: int) -> Statuts:
    """Who has a territory opens the page; the school's own people have none."""
    return tous(403, **dict.fromkeys(FONT, statut), anonyme=CONNEXION)


def du_district(statut: int) -> Statuts:
    """A batch exists for those who follow the whole of its territory."""
    return de_chacun(404) | {"animatrice": statut, "rectorat": statut}


def du_lot(dossier: Dossier) -> tuple:
    """Its files are made without laying out a PDF."""
    lot = un_lot(dossier.monde)
    avancer(lot)
    return (lot.pk,)


def inacheve(dossier: Dossier) -> tuple:
    return (un_lot(dossier.monde).pk,)


CORPS = {"territoire": "academie-0", "exercice": "2026", "cle": str(uuid.UUID(int=8))}
LIGNES_LOTS = [
    Ligne("lots_de_dossiers", de_chacun(200)),
    Ligne("lot_de_dossiers_ouvrir", de_chacun(200)),
    Ligne("lot_de_dossiers_ouvrir", de_chacun(422), "POST", corps=CORPS),
    Ligne("lot_de_dossiers", du_district(200), arguments=du_lot),
    Ligne("lot_de_dossiers_zip", du_district(200), arguments=du_lot),
    Ligne("lot_de_dossiers_arreter", du_district(302), "POST", inacheve),
    Ligne("lot_de_dossiers_reprendre", du_district(302), "POST", inacheve),
]
