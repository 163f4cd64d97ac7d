"""The budget's share of the bin: lines, and what pays for them; nothing leaves or enters a closed exercice."""

from __future__ import annotations

import datetime

from django.db import transaction

from budget.domain.argent import total
from budget.domain.exercices import exercice_ouvert
from budget.domain.financements import cout_de_l_achat
from budget.models import Exercice, Financement, LigneBudget
from budget.queries.lignes import decisions_sur, financements_de_la_ligne
from budget.rules.exercices import empechement_ecrire_exercice
from budget.rules.lignes import empechement_depasser, empechement_restaurer_financement, empechement_retirer_ligne
from plans.domain.corbeille import inscrire, mettre_a_la_corbeille
from strategie.socle.models import Etablissement, Utilisateur


def retirer_ligne(*, ligne: LigneBudget, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Asked twice, it is done once. Raises Empeche."""
    with transaction.atomic():
        exercice_ouvert(ligne.etablissement, ligne.exercice, maintenant)
        mettre_a_la_corbeille(objet=ligne, auteur=auteur, maintenant=maintenant)


def retirer_financement(*, financement: Financement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Asked twice, it is done once. Raises Empeche."""
    with transaction.atomic():
        exercice_ouvert(financement.etablissement, financement.exercice, maintenant)
        mettre_a_la_corbeille(objet=financement, auteur=auteur, maintenant=maintenant)


def empechement_de_retirer_ligne(ligne: LigneBudget) -> str | None:
    decisions = [str(decision) for decision in decisions_sur(ligne)]
    return _clos(ligne.etablissement, ligne.exercice) or empechement_retirer_ligne(
        financements_de_la_ligne(ligne).count(), decisions
    )


def empechement_de_retirer_financement(financement: Financement) -> str | None:
    return _clos(financement.etablissement, financement.exercice)


def empechement_de_restaurer_ligne(ligne: LigneBudget) -> str | None:
    return _clos(ligne.etablissement, ligne.exercice, tenir=True)


def empechement_de_restaurer_financement(financement: Financement) -> str | None:
    """What it grants must still fit in the cost of what it pays for."""
    ligne, achat = financement.ligne, financement.achat
    refus = _clos(financement.etablissement, financement.exercice, tenir=True)
    if refus := refus or empechement_restaurer_financement(ligne, achat):
        return refus
    if ligne is not None:
        cout = ligne.prevu
    elif achat is not None:
        cout = cout_de_l_achat(achat)
    else:
        return None
    autres = Financement.objects.vivants().filter(ligne=ligne, achat=achat)
    return empechement_depasser(
        "accordé", total([*autres.values_list("accorde", flat=True), financement.accorde]), cout
    )


def _clos(etablissement: Etablissement, annee: int, *, tenir: bool = False) -> str | None:
    """Whether the exercice is closed. `tenir`: nobody closes it before the act ends. What is in the bin is waited for
    by no other act of the budget, so that its exercice may be held after it.
    """
    exercices = Exercice.objects.filter(etablissement=etablissement, annee=annee)
    exercice = (exercices.select_for_update() if tenir else exercices).first()
    return empechement_ecrire_exercice(exercice) if exercice is not None else None


def inscrire_le_budget_a_la_corbeille() -> None:
    """A financing is destroyed before its line; both before the purchase and the training, if these are there first."""
    inscrire(
        LigneBudget,
        "ligne_budget",
        retirer=empechement_de_retirer_ligne,
        restaurer=empechement_de_restaurer_ligne,
    )
    inscrire(
        Financement,
        "financement",
        retirer=empechement_de_retirer_financement,
        restaurer=empechement_de_restaurer_financement,
    )
