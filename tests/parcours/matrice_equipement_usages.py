"""Lines of the matrix: how lots serve, what is decided of them, reuse first."""

from django.utils import timezone

from budget.models import DecisionUsage
from budget.queries.usages import terme_du_jour
from tests.budget.parc import des_equipements, un_lot
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, ENCADREMENT, Ligne, ecole, uai

LECTEURS = (*ECOLE, *ENCADREMENT)
TIENNENT = ("chef", "referent", "gestionnaire")


def lot(dossier: Dossier) -> tuple:
    college = dossier.monde.college
    lot = un_lot(college)
    des_equipements(college, lot=lot.pk)
    return (*uai(dossier), lot.pk)


def decision(dossier: Dossier) -> tuple:
    terme = terme_du_jour(timezone.localdate())
    decision = DecisionUsage.objects.create(
        lot=un_lot(dossier.monde.college),
        annee_scolaire=terme.annee,
        trimestre=terme.trimestre,
        ouverte_le=timezone.now(),
    )
    return (*uai(dossier), decision.pk)


LIGNES_EQUIPEMENT_USAGES: list[Ligne] = [
    Ligne("usages", ecole(200, *LECTEURS), arguments=uai),
    Ligne("usage_declarer", ecole(200, *TIENNENT), arguments=lot),
    Ligne("usage_declarer", ecole(422, *TIENNENT), "POST", lot),
    Ligne("decision_usage", ecole(200, *LECTEURS), arguments=decision),
    Ligne("decision_usage", ecole(422, *TIENNENT), "POST", decision),
    Ligne("reemploi", ecole(200, *LECTEURS), arguments=uai),
]
