"""When the money of a civil year may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budget.models import Exercice

ANNEES_D_AVANCE, ANNEES_PASSEES = 10, 15


def empechement_exercice(annee: int, annee_courante: int) -> str | None:
    """A line has an exercice, near enough to be meant: a life of purchase ahead, some years of accounts behind."""
    if not annee_courante - ANNEES_PASSEES <= annee <= annee_courante + ANNEES_D_AVANCE:
        return (
            f"L'exercice {annee} n'est pas possible\u00a0: choisissez une année de {annee_courante - ANNEES_PASSEES} "
            f"à {annee_courante + ANNEES_D_AVANCE}."
        )
    return None


def empechement_ecrire_exercice(exercice: Exercice) -> str | None:
    if exercice.clos_le is None:
        return None
    return (
        f"L'exercice {exercice.annee} est clos\u00a0: rien n'y change plus. Le chef d'établissement peut le "
        "rouvrir, en disant pourquoi."
    )


def empechement_clore(exercice: Exercice, annee_courante: int) -> str | None:
    if exercice.clos_le is not None:
        return f"L'exercice {exercice.annee} est déjà clos."
    if exercice.annee > annee_courante:
        return f"L'exercice {exercice.annee} n'a pas commencé\u00a0: il ne peut pas être clos."
    return None


def empechement_rouvrir(exercice: Exercice, raison: str) -> str | None:
    if exercice.clos_le is None:
        return f"L'exercice {exercice.annee} est déjà ouvert."
    return None if raison.strip() else "Dites pourquoi l'exercice est rouvert."
