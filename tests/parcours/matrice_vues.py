"""Lines of the matrix: the views of the plan, its calendar link, the year's turn, a copy."""

from django.utils import timezone

from plans.domain.agenda import creer_lien_agenda
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, Ligne, ecole, tous, uai

LECTEURS_DU_PLAN = (*ECOLE, "animatrice", "rectorat")


def jeton_d_agenda(dossier: Dossier) -> tuple:
    monde = dossier.monde
    _, jeton = creer_lien_agenda(
        etablissement=monde.college, les_miennes=False, auteur=monde.referent, maintenant=timezone.now()
    )
    return (jeton,)


LIGNES_VUES: list[Ligne] = [
    Ligne("moyens", ecole(200, *LECTEURS_DU_PLAN), arguments=uai),
    Ligne("plan_par_etat", ecole(200, *LECTEURS_DU_PLAN), arguments=uai),
    Ligne("plan_frise", ecole(200, *LECTEURS_DU_PLAN), arguments=uai),
    Ligne("mes_actions", ecole(200, *ECOLE), arguments=uai),
    Ligne("agenda_lien", ecole(200, *LECTEURS_DU_PLAN), arguments=uai),
    Ligne("agenda_lien", ecole(200, *LECTEURS_DU_PLAN), "POST", uai),
    Ligne("agenda_ics", tous(200), arguments=jeton_d_agenda),
    Ligne("plan_tourner", ecole(200, "chef", "referent"), arguments=uai),
    Ligne("plan_tourner", ecole(200, "chef", "referent"), "POST", uai),
    Ligne("plan_dupliquer", ecole(200, "chef", "referent"), arguments=uai),
    Ligne("plan_dupliquer", ecole(422, "chef", "referent"), "POST", uai),
]
