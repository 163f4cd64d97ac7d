"""Lines of the matrix: the vision, returns of experience."""

import uuid

from django.utils import timezone

from plans.domain.retex import SaisieConstat, noter_constat
from plans.domain.vision import fixer_objectif
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, Ligne, ecole, uai


def objectif(dossier: Dossier) -> tuple:
    fixe = fixer_objectif(
        etablissement=dossier.monde.college,
        champ="PIL",
        annee=dossier.annee,
        palier=2,
        raison="",
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
    )
    return (*uai(dossier), fixe.pk)


def constat(dossier: Dossier, du_voisin: bool = False) -> tuple:
    """One that the chef has noted; or that her neighbour shares, and that she finds useful."""
    monde = dossier.monde
    note = noter_constat(
        etablissement=monde.voisin_college if du_voisin else monde.college,
        saisie=SaisieConstat("irritant", "acces", "eleves", "Pannes", "", "anonyme"),
        cle=uuid.uuid4(),
        auteur=monde.voisin if du_voisin else monde.chef,
        maintenant=timezone.now(),
    )
    return (*uai(dossier), note.pk)


def constat_du_voisin(dossier: Dossier) -> tuple:
    return constat(dossier, du_voisin=True)


LECTEURS = (*ECOLE, "animatrice", "rectorat")
LIGNES_VISION = [
    Ligne("pourquoi", ecole(200, *LECTEURS), arguments=uai),
    Ligne("vision_modifier", ecole(200, "chef", "referent"), arguments=uai),
    Ligne("vision_modifier", ecole(422, "chef", "referent"), "POST", uai),
    Ligne("objectif_fixer", ecole(200, "chef", "referent"), arguments=uai),
    Ligne("objectif_fixer", ecole(422, "chef", "referent"), "POST", uai),
    Ligne("objectif_retirer", ecole(200, "chef", "referent"), arguments=objectif),
    Ligne("objectif_retirer", ecole(302, "chef", "referent"), "POST", objectif),
    Ligne("retex", ecole(200, *ECOLE), arguments=uai),
    Ligne("retex_noter", ecole(200, *ECOLE), arguments=uai),
    Ligne("retex_noter", ecole(422, *ECOLE), "POST", uai),
    Ligne("retex_modifier", ecole(200, "chef", "referent"), arguments=constat),
    Ligne("retex_modifier", ecole(422, "chef", "referent"), "POST", constat),
    Ligne("retex_retirer", ecole(200, "chef", "referent"), arguments=constat),
    Ligne("retex_retirer", ecole(302, "chef", "referent"), "POST", constat),
    Ligne("retex_partages", ecole(200, *LECTEURS), arguments=uai),
    Ligne("retex_utile", ecole(302, *ECOLE), "POST", constat_du_voisin),
]
