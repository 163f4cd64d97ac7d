"""Lines of the matrix: the budget that leaves and comes in."""

import uuid

from django.utils import timezone

from budget.interfaces.import_de_budget import RepetitionDuBudget
from plans.domain.depots import deposer, noter_repetition
from plans.models import Depot
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, Statuts, ecole, uai

LECTEURS = ("chef", "referent", "gestionnaire")
TENEURS = ("chef", "gestionnaire")


def depot(dossier: Dossier) -> tuple:
    """A file that the chef has sent: nobody else's to see."""
    depose = deposer(
        etablissement=dossier.monde.college,
        nom="budget.csv",
        contenu="Intitulé;Prévu\nLicences;100\n".encode(),
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
        objet=Depot.Objet.BUDGET,
    )
    noter_repetition(depot=depose, repetition=RepetitionDuBudget(lus=1).to_json())
    return (*uai(dossier), depose.cle)


def inconnu(dossier: Dossier) -> tuple:
    return (*uai(dossier), uuid.UUID(int=0))


def du_chef(statut: int, pour_le_gestionnaire: int) -> Statuts:
    return ecole(statut, "chef") | {"gestionnaire": pour_le_gestionnaire}


LIGNES_ECHANGES_BUDGET: list[Ligne] = [
    Ligne("budget_xlsx", ecole(200, *LECTEURS), arguments=uai),
    Ligne("budget_csv", ecole(200, *LECTEURS), arguments=uai),
    Ligne("budget_pdf", ecole(200, *LECTEURS), "HEAD", uai),
    Ligne("budget_importer", ecole(200, *TENEURS), arguments=uai),
    Ligne("budget_importer", ecole(422, *TENEURS), "POST", uai),
    Ligne("budget_import_colonnes", du_chef(200, 302), arguments=depot),
    Ligne("budget_import_colonnes", du_chef(422, 302), "POST", depot),
    Ligne("budget_import", du_chef(200, 302), arguments=depot),
    Ligne("budget_import", ecole(302, *TENEURS), "POST", inconnu),
    Ligne("budget_import_erreurs", du_chef(200, 404), arguments=depot),
]
