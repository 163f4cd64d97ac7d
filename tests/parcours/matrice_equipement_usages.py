"""Lines of the matrix: how lots serve, what is decided of them, reuse first."""

from django.utils import timezone

from budget.models import DecisionUsage, Lot
from budget.queries.usages import terme_du_jour
from tests.budget.parc import des_equipements, un_lot
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, ENCADREMENT, Ligne, ecole, uai

LECTEURS = (*ECOLE, *ENCADREMENT)
TIENNENT = ("chef", "referent", "gestionnaire")


def _lot(dossier: Dossier) -> Lot:
    """Tests that keep what each line makes ask for several."""
    lot = un_lot(dossier.monde.college, f"Usages {Lot.objects.count()}")
    des_equipements(dossier.monde.college, lot=lot.pk)
    return lot


def lot(dossier: Dossier) -> tuple:
    return (*uai(dossier), _lot(dossier).pk)


def decision(dossier: Dossier) -> tuple:
    terme = terme_du_jour(timezone.localdate())
    decision = DecisionUsage.objects.create(
        lot=_lot(dossier),
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
