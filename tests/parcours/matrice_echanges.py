"""Lines of the matrix: the plan that leaves and comes back."""

import uuid

from django.utils import timezone

from plans.domain.depots import deposer, noter_repetition
from plans.interfaces.importation import Repetition
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, Ligne, Statuts, ecole, uai


def depot(dossier: Dossier) -> tuple:
    """A file that the chef has sent: nobody else's to see."""
    depose = deposer(
        etablissement=dossier.monde.college,
        nom="plan.csv",
        contenu="Comment;Quoi\nCâbler;Réseau\n".encode(),
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
    )
    noter_repetition(depot=depose, repetition=Repetition(lus=1).to_json())
    return (*uai(dossier), depose.cle)


def inconnu(dossier: Dossier) -> tuple:
    return (*uai(dossier), uuid.UUID(int=0))


def du_chef(statut: int, pour_le_referent: int) -> Statuts:
    return ecole(statut, "chef") | {"referent": pour_le_referent}


LIGNES_ECHANGES: list[Ligne] = [
    Ligne("plan_exporter", ecole(200, *ECOLE), arguments=uai),
    Ligne("plan_exporter_docx", ecole(200, *ECOLE), arguments=uai),
    Ligne("plan_importer", ecole(200, *ECOLE), arguments=uai),
    Ligne("plan_importer", ecole(422, "chef", "referent"), "POST", uai),
    Ligne("plan_import_colonnes", du_chef(200, 302), arguments=depot),
    Ligne("plan_import_colonnes", du_chef(422, 302), "POST", depot),
    Ligne("plan_import", du_chef(200, 302), arguments=depot),
    Ligne("plan_import", ecole(302, "chef", "referent"), "POST", inconnu),
    Ligne("plan_import_erreurs", du_chef(200, 404), arguments=depot),
]
