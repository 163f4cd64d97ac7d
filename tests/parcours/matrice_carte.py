"""The map of a territory, address by address."""

from tests.dossier import Dossier
from tests.parcours.lignes import CONNEXION, Ligne, tous


def _district(dossier: Dossier) -> tuple:
    return ("district", dossier.monde.district.pk)


def _academie(dossier: Dossier) -> tuple:
    return ("academie", dossier.monde.academie.pk)


def _collectivite(dossier: Dossier) -> tuple:
    return ("collectivite", dossier.monde.collectivite.pk)


def _nation(dossier: Dossier) -> tuple:
    return ("nation", 0)


# What nobody's affectation covers does not exist; the schools of the nation are read by nobody.
LIGNES_CARTE: list[Ligne] = [
    Ligne("carte_du_territoire", tous(404, animatrice=200, rectorat=200, anonyme=CONNEXION), arguments=_district),
    Ligne("carte_du_territoire", tous(404, rectorat=200, anonyme=CONNEXION), arguments=_academie),
    Ligne("carte_du_territoire", tous(404, collectivite_agent=200, anonyme=CONNEXION), arguments=_collectivite),
    Ligne("carte_du_territoire_svg", tous(404, animatrice=200, rectorat=200, anonyme=CONNEXION), arguments=_district),
    Ligne("carte_du_territoire_pdf", tous(404, animatrice=200, rectorat=200, anonyme=CONNEXION), "HEAD", _district),
    *(
        Ligne(nom, tous(404, anonyme=CONNEXION), arguments=_nation)
        for nom in ("carte_du_territoire", "carte_du_territoire_svg", "carte_du_territoire_pdf")
    ),
]
