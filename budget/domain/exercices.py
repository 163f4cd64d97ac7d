"""Exercices: opened by their first line, closed when the accounts are, opened again by the head with a reason."""

from __future__ import annotations

import datetime

from budget.models import Exercice
from budget.rules.exercices import (
    empechement_clore,
    empechement_ecrire_exercice,
    empechement_exercice,
    empechement_rouvrir,
)
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


def exercice_ouvert(etablissement: Etablissement, annee: int, maintenant: datetime.datetime) -> Exercice:
    """The exercice to write in, held until the end of the act so that nobody closes it meanwhile: call it within one.
    Raises Empeche when it is closed.
    """
    refuser(empechement_exercice(annee, maintenant.astimezone(etablissement.academie.zone).year))
    Exercice.objects.get_or_create(etablissement=etablissement, annee=annee)
    exercice = Exercice.objects.select_for_update().get(etablissement=etablissement, annee=annee)
    refuser(empechement_ecrire_exercice(exercice))
    return exercice


def clore_exercice(
    *, etablissement: Etablissement, annee: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> Exercice:
    """Raises Empeche."""
    with acte("clore_exercice", auteur):
        exercice = _tenir(etablissement, annee)
        refuser(empechement_clore(exercice, maintenant.astimezone(etablissement.academie.zone).year))
        exercice.clos_le, exercice.clos_par, exercice.raison = maintenant, auteur, ""
        exercice.save()
    return exercice


def rouvrir_exercice(*, etablissement: Etablissement, annee: int, raison: str, auteur: Utilisateur) -> Exercice:
    """Raises Empeche."""
    with acte("rouvrir_exercice", auteur):
        exercice = _tenir(etablissement, annee)
        refuser(empechement_rouvrir(exercice, raison))
        exercice.clos_le, exercice.clos_par, exercice.raison = None, None, raison.strip()
        exercice.save()
    return exercice


def _tenir(etablissement: Etablissement, annee: int) -> Exercice:
    Exercice.objects.get_or_create(etablissement=etablissement, annee=annee)
    return Exercice.objects.select_for_update().get(etablissement=etablissement, annee=annee)
