"""Lines of the matrix: purchases."""

import datetime

from django.utils import timezone

from budget.models import Achat
from tests.budget.achats import VINGT_MILLE, approuver, un_achat, un_achat_complet
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, ecole, uai

LECTEURS = ("chef", "referent", "gestionnaire")
TENEURS = ("chef", "gestionnaire")


def de_l_achat(dossier: Dossier) -> tuple:
    annee = timezone.localdate().year
    achat = un_achat(
        dossier.monde.college,
        postes=VINGT_MILLE,
        maintenant=timezone.now(),
        exercice=annee,
        livraison=datetime.date(annee, 12, 31),
    )
    return (*uai(dossier), achat.pk)


def de_l_achat_approuve(dossier: Dossier) -> tuple:
    achat = approuver(un_achat_complet(dossier.monde.college))
    Achat.objects.filter(pk=achat.pk).update(exercice=timezone.localdate().year)
    return (*uai(dossier), achat.pk)


def du_scenario(dossier: Dossier) -> tuple:
    return (*uai(dossier), "sobre")


LIGNES_ACHATS: list[Ligne] = [
    Ligne("achats", ecole(200, *LECTEURS), arguments=uai),
    Ligne("achat_ajouter", ecole(200, *TENEURS), arguments=uai),
    Ligne("achat_ajouter", ecole(422, *TENEURS), "POST", uai),
    Ligne("achat", ecole(200, *LECTEURS), arguments=de_l_achat),
    Ligne("achat_modifier", ecole(200, *TENEURS), arguments=de_l_achat),
    Ligne("achat_modifier", ecole(422, *TENEURS), "POST", de_l_achat),
    Ligne("achat_couts", ecole(200, *TENEURS), arguments=de_l_achat),
    Ligne("achat_couts", ecole(422, *TENEURS), "POST", de_l_achat),
    Ligne("achat_approuver", ecole(200, "chef"), arguments=de_l_achat),
    Ligne("achat_approuver", ecole(422, "chef"), "POST", de_l_achat),
    Ligne("achat_livrer", ecole(200, *TENEURS), arguments=de_l_achat_approuve),
    Ligne("achat_livrer", ecole(422, *TENEURS), "POST", de_l_achat_approuve),
    Ligne("achat_abandonner", ecole(200, *TENEURS), arguments=de_l_achat),
    Ligne("achat_abandonner", ecole(422, *TENEURS), "POST", de_l_achat),
    Ligne("achat_reprendre", ecole(200, "chef"), arguments=de_l_achat_approuve),
    Ligne("achat_reprendre", ecole(422, "chef"), "POST", de_l_achat_approuve),
    Ligne("achat_lignes", ecole(200, *TENEURS), arguments=de_l_achat),
    Ligne("achat_lignes", ecole(422, *TENEURS), "POST", de_l_achat),
    Ligne("achat_retirer", ecole(200, *TENEURS), arguments=de_l_achat),
    Ligne("achat_retirer", ecole(302, *TENEURS), "POST", de_l_achat),
    Ligne("equilibre", ecole(200, *LECTEURS), arguments=uai),
    Ligne("falaise", ecole(200, *LECTEURS), arguments=uai),
    Ligne("scenario_modifier", ecole(200, *TENEURS), arguments=du_scenario),
    Ligne("scenario_modifier", ecole(422, *TENEURS), "POST", du_scenario),
]
