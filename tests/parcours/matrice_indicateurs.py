"""Lines of the matrix: indicators, readings, success factors, experiments."""

import datetime

from django.utils import timezone

from plans.models import Action, Experimentation, FacteurReussite, IndicateurSuivi, Releve
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, ecole, uai
from tests.plans.plans import un_indicateur, une_action_publiee

ECOLE = ("chef", "referent", "gestionnaire", "lectrice")
ECRIVENT = ("chef", "referent")
# The gestionnaire carries the action of these lines; the lectrice does not.
SUIVENT = (*ECRIVENT, "gestionnaire")
LECTEURS = (*ECOLE, "animatrice", "rectorat")


def _action(dossier: Dossier) -> Action:
    return une_action_publiee(dossier.monde.college, porteur=dossier.monde.gestionnaire.pk)


def _indicateur(dossier: Dossier) -> IndicateurSuivi:
    """One of two: it may be taken away."""
    action = _action(dossier)
    un_indicateur(action, "Un autre")
    return action.indicateurs.first()


def action(dossier: Dossier) -> tuple:
    return (*uai(dossier), _action(dossier).pk)


def indicateur(dossier: Dossier) -> tuple:
    return (*uai(dossier), _indicateur(dossier).pk)


def releve(dossier: Dossier) -> tuple:
    releve = Releve.objects.create(
        indicateur=_indicateur(dossier),
        date=timezone.localdate(),
        valeur=4,
        releve_par=dossier.monde.chef,
        releve_le=timezone.now(),
    )
    return (*uai(dossier), releve.pk)


def facteur(dossier: Dossier) -> tuple:
    return (*uai(dossier), FacteurReussite.objects.create(action=_action(dossier), texte="Un usage").pk)


def experimentation(dossier: Dossier) -> tuple:
    jour = timezone.localdate()
    ouverte = Experimentation.objects.create(
        action=_action(dossier),
        question="Les tablettes font-elles écrire davantage ?",
        perimetre="Deux classes",
        debut=jour - datetime.timedelta(days=10),
        fin=jour,
        decision_le=jour,
    )
    return (*uai(dossier), ouverte.pk)


LIGNES_INDICATEURS: list[Ligne] = [
    Ligne("indicateur_ajouter", ecole(200, *ECRIVENT), arguments=action),
    Ligne("indicateur_ajouter", ecole(422, *ECRIVENT), "POST", action),
    Ligne("indicateur", ecole(200, *LECTEURS), arguments=indicateur),
    Ligne("indicateur_modifier", ecole(200, *ECRIVENT), arguments=indicateur),
    Ligne("indicateur_modifier", ecole(422, *ECRIVENT), "POST", indicateur),
    Ligne("indicateur_retirer", ecole(200, *ECRIVENT), arguments=indicateur),
    Ligne("indicateur_retirer", ecole(302, *ECRIVENT), "POST", indicateur),
    Ligne("releve_ajouter", ecole(200, *SUIVENT), arguments=indicateur),
    Ligne("releve_ajouter", ecole(422, *SUIVENT), "POST", indicateur),
    Ligne("releve_supprimer", ecole(200, *SUIVENT), arguments=releve),
    Ligne("releve_supprimer", ecole(409, *SUIVENT), "POST", releve),
    Ligne("facteur_ajouter", ecole(200, *SUIVENT), arguments=action),
    Ligne("facteur_ajouter", ecole(422, *SUIVENT), "POST", action),
    Ligne("facteur_modifier", ecole(200, *SUIVENT), arguments=facteur),
    Ligne("facteur_modifier", ecole(422, *SUIVENT), "POST", facteur),
    Ligne("facteur_retirer", ecole(200, *SUIVENT), arguments=facteur),
    Ligne("facteur_retirer", ecole(422, *SUIVENT), "POST", facteur),
    Ligne("experimentations", ecole(200, *ECOLE), arguments=uai),
    Ligne("experimentation_ouvrir", ecole(200, *ECRIVENT), arguments=uai),
    Ligne("experimentation_ouvrir", ecole(422, *ECRIVENT), "POST", uai),
    Ligne("experimentation", ecole(200, *ECOLE), arguments=experimentation),
    Ligne("experimentation_modifier", ecole(200, *ECRIVENT), arguments=experimentation),
    Ligne("experimentation_modifier", ecole(422, *ECRIVENT), "POST", experimentation),
    Ligne("experimentation_evaluer", ecole(200, *ECRIVENT), arguments=experimentation),
    Ligne("experimentation_evaluer", ecole(422, *ECRIVENT), "POST", experimentation),
    Ligne("experimentation_decider", ecole(200, *ECRIVENT), arguments=experimentation),
    Ligne("experimentation_decider", ecole(422, *ECRIVENT), "POST", experimentation),
    Ligne("experimentation_retirer", ecole(200, *ECRIVENT), arguments=experimentation),
    Ligne("experimentation_retirer", ecole(302, *ECRIVENT), "POST", experimentation),
]
