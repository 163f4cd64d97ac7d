"""Lines of the matrix: the history of each thing, and the bin."""

from django.utils import timezone

from plans.domain.corbeille import mettre_a_la_corbeille
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, Ligne, ecole, uai
from tests.plans.plans import un_constat


def _constat(dossier: Dossier) -> tuple:
    return (*uai(dossier), "constat", un_constat(dossier.monde.college).pk)


def _en_corbeille(dossier: Dossier) -> tuple:
    constat = un_constat(dossier.monde.college)
    mettre_a_la_corbeille(objet=constat, auteur=dossier.monde.chef, maintenant=timezone.now())
    return (*uai(dossier), "constat", constat.pk)


LIGNES_HISTORIQUE = [
    Ligne("historique", ecole(200, *ECOLE), arguments=_constat),
    Ligne("corbeille", ecole(200, *ECOLE), arguments=uai),
    Ligne("corbeille_restaurer", ecole(302, "chef"), "POST", _en_corbeille),
]
