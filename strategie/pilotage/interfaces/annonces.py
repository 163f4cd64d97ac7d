"""What the board's vote says of a plan, on the pages of the plan."""

from __future__ import annotations

import datetime

from django.urls import reverse

from plans.interfaces.annonces import Annonce
from plans.queries.plan import Plan
from strategie.pilotage.queries.depuis_le_vote import DepuisLeVote, depuis_le_vote
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase


def annonce_du_vote(etablissement: Etablissement, plan: Plan, jour: datetime.date) -> Annonce | None:
    """To who reads the board's files; nothing of a year before the one that was voted."""
    if Droit.LIRE_DOSSIER not in etablissement.droits:
        return None
    depuis = depuis_le_vote(etablissement, jour, plan)
    if depuis is None or plan.annee < depuis.annee:
        return None
    if plan.annee > depuis.annee:
        return _pas_encore_vote(etablissement, depuis)
    return _de_l_annee_votee(etablissement, depuis)


def _pas_encore_vote(etablissement: Etablissement, depuis: DepuisLeVote) -> Annonce:
    conseil, vu = _mots(etablissement)
    return Annonce(
        f"Le {conseil} a {vu} le plan {depuis.annee}, le {date_en_phrase(depuis.le)}\u00a0: pas encore celui-ci.",
        adresse=reverse("evaluation", args=[etablissement.uai]),
        lien="Voir ses dossiers",
    )


def _de_l_annee_votee(etablissement: Etablissement, depuis: DepuisLeVote) -> Annonce:
    conseil, vu = _mots(etablissement)
    le, nombre = date_en_phrase(depuis.le), len(depuis.changements)
    if not nombre:
        return Annonce(
            f"Tel que le {conseil} l'a {vu} le {le}.",
            adresse=reverse("dossier", args=[etablissement.uai, depuis.numero]),
            lien="Lire ce dossier",
        )
    differences = "une différence" if nombre == 1 else f"{nombre}\u00a0différences"
    return Annonce(
        f"Le {conseil} a {vu} ce plan et son budget le {le}\u00a0: il y a {differences} depuis.",
        etiquette=f"modifié depuis {"l'avis" if etablissement.premier_degre else 'le vote'}",
        adresse=f"{reverse('evaluation', args=[etablissement.uai])}#depuis",
        lien="Voir ce qui a changé",
    )


def _mots(etablissement: Etablissement) -> tuple[str, str]:
    return ("conseil d'école", "lu") if etablissement.premier_degre else ("conseil d'administration", "voté")
