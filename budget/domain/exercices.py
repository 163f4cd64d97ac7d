"""Exercices: opened by their first line, closed when the accounts are, opened again by the head with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

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
from strategie.socle.rules import empechement_ecrire


def exercice_ouvert(etablissement: Etablissement, annee: int, maintenant: datetime.datetime) -> Exercice:
    """The exercice to write in, held until the end of the act so that nobody closes it meanwhile: call it within one,
    before anything else of the budget is held. Raises Empeche when it is closed.
    """
    return exercices_ouverts(etablissement, [annee], maintenant)[annee]


def exercices_ouverts(
    etablissement: Etablissement, annees: Iterable[int], maintenant: datetime.datetime
) -> dict[int, Exercice]:
    """As `exercice_ouvert` does, of several at once."""
    tenus = tenir_exercices(etablissement, annees, maintenant)
    for exercice in tenus.values():
        refuser(empechement_ecrire_exercice(exercice))
    return tenus


def tenir_exercices(
    etablissement: Etablissement, annees: Iterable[int], maintenant: datetime.datetime
) -> dict[int, Exercice]:
    """Held, closed or not, by rising year. Whatever writes a budget holds its exercices first, then its lines: two
    acts never wait for each other. Raises Empeche for a year that is no exercice, and in a school that is closed.
    """
    refuser(empechement_ecrire(etablissement))
    demandees = sorted(set(annees))
    for annee in demandees:
        refuser(empechement_exercice(annee, maintenant.astimezone(etablissement.academie.zone).year))
    siens = Exercice.objects.filter(etablissement=etablissement, annee__in=demandees).order_by("annee")
    nouveaux = set(demandees) - set(siens.values_list("annee", flat=True))
    Exercice.objects.bulk_create(
        [Exercice(etablissement=etablissement, annee=annee) for annee in sorted(nouveaux)], ignore_conflicts=True
    )
    return {exercice.annee: exercice for exercice in siens.select_for_update()}


def clore_exercice(
    *, etablissement: Etablissement, annee: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> Exercice:
    """Raises Empeche."""
    with acte("clore_exercice", auteur):
        exercice = tenir_exercices(etablissement, [annee], maintenant)[annee]
        refuser(empechement_clore(exercice, maintenant.astimezone(etablissement.academie.zone).year))
        exercice.clos_le, exercice.clos_par, exercice.raison = maintenant, auteur, ""
        exercice.save()
    return exercice


def rouvrir_exercice(
    *, etablissement: Etablissement, annee: int, raison: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> Exercice:
    """Raises Empeche."""
    with acte("rouvrir_exercice", auteur):
        exercice = tenir_exercices(etablissement, [annee], maintenant)[annee]
        refuser(empechement_rouvrir(exercice, raison))
        exercice.clos_le, exercice.clos_par, exercice.raison = None, None, raison.strip()
        exercice.save()
    return exercice
