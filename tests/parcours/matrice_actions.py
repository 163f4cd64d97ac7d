"""Lines of the matrix: actions, their states, their four questions, their comments."""

from django.utils import timezone

from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, ecole, uai
from tests.plans.plans import des_avis, un_axe_adosse, un_indicateur, une_action, une_action_publiee, une_cle

ECOLE = ("chef", "referent", "gestionnaire", "lectrice")
ECRIVENT = ("chef", "referent")
LECTEURS = (*ECOLE, "animatrice", "rectorat")
HORS_DU_PLAN_PUBLIE = {"animatrice": 404, "rectorat": 404}


def brouillon(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_action(dossier.monde.college, "Encore en brouillon").pk)


def a_publier(dossier: Dossier) -> tuple:
    action = une_action(
        dossier.monde.college,
        axes=[un_axe_adosse(dossier.monde.college)],
        porteur=dossier.monde.referent.pk,
    )
    un_indicateur(action)
    des_avis(action)
    return (*uai(dossier), action.pk)


def publiee(dossier: Dossier) -> tuple:
    """The gestionnaire carries it."""
    return (*uai(dossier), une_action_publiee(dossier.monde.college, porteur=dossier.monde.gestionnaire.pk).pk)


def commentaire(dossier: Dossier) -> tuple:
    """The head's."""
    action = une_action(dossier.monde.college)
    dit = action.commentaires.create(texte="Bonjour", cle=une_cle(), auteur=dossier.monde.chef, ecrit_le=timezone.now())
    return (*uai(dossier), dit.pk)


LIGNES_ACTIONS: list[Ligne] = [
    Ligne("action_creer", ecole(200, *ECRIVENT), arguments=uai),
    Ligne("action_creer", ecole(422, *ECRIVENT), "POST", uai),
    Ligne("action", ecole(200, *LECTEURS), arguments=publiee),
    Ligne("action", ecole(200, *ECOLE) | HORS_DU_PLAN_PUBLIE, arguments=brouillon),
    Ligne("action_modifier", ecole(200, *ECRIVENT), arguments=publiee),
    Ligne("action_modifier", ecole(422, *ECRIVENT), "POST", publiee),
    Ligne("action_publier", ecole(302, *ECRIVENT), "POST", a_publier),
    Ligne("action_retirer", ecole(200, *ECRIVENT), arguments=publiee),
    Ligne("action_retirer", ecole(302, *ECRIVENT), "POST", publiee),
    Ligne("action_etat", ecole(200, *ECRIVENT, "gestionnaire"), arguments=publiee),
    Ligne("action_etat", ecole(422, *ECRIVENT, "gestionnaire"), "POST", publiee),
    Ligne("action_examen", ecole(200, *ECRIVENT), arguments=brouillon),
    Ligne("action_examen", ecole(302, *ECRIVENT), "POST", brouillon),
    Ligne("action_commenter", ecole(422, *ECOLE), "POST", publiee),
    Ligne("commentaire_retirer", ecole(200, "chef"), arguments=commentaire),
    Ligne("commentaire_retirer", ecole(302, "chef"), "POST", commentaire),
]
