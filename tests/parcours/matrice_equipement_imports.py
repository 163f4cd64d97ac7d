"""Lines of the matrix: an inventory that comes in from a file."""

import uuid

from django.utils import timezone

from budget.interfaces.import_d_inventaire import Repetition
from plans.domain.depots import deposer, noter_repetition
from plans.models import Depot
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, Statuts, ecole, uai

TENEURS = ("chef", "referent", "gestionnaire", "collectivite_agent")


def depot(dossier: Dossier) -> tuple:
    """A file that the chef has sent: nobody else's to see."""
    depose = deposer(
        etablissement=dossier.monde.college,
        nom="inventaire.csv",
        contenu=b"Truc;Machin\nTablette;A1\n",
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
        objet=Depot.Objet.INVENTAIRE,
    )
    noter_repetition(depot=depose, repetition=Repetition(lus=1).to_json())
    return (*uai(dossier), depose.cle)


def inconnu(dossier: Dossier) -> tuple:
    return (*uai(dossier), uuid.UUID(int=0))


def modele(dossier: Dossier) -> tuple:
    return (*uai(dossier), "xlsx")


def du_chef(statut: int, pour_les_autres: int) -> Statuts:
    return ecole(pour_les_autres, *TENEURS) | {"chef": statut}


LIGNES_EQUIPEMENT_IMPORTS: list[Ligne] = [
    Ligne("equipements_importer", ecole(200, *TENEURS), arguments=uai),
    Ligne("equipements_importer", ecole(422, *TENEURS), "POST", uai),
    Ligne("equipements_modele", ecole(200, *TENEURS), arguments=modele),
    Ligne("equipements_import_colonnes", du_chef(200, 302), arguments=depot),
    Ligne("equipements_import_colonnes", du_chef(422, 302), "POST", depot),
    Ligne("equipements_import", du_chef(200, 302), arguments=depot),
    Ligne("equipements_import", ecole(302, *TENEURS), "POST", inconnu),
    Ligne("equipements_import_erreurs", du_chef(200, 404), arguments=depot),
]
