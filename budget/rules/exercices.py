"""When the money of a civil year may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee

if TYPE_CHECKING:
    from budget.models import Exercice

ANNEES_D_AVANCE, ANNEES_PASSEES = 10, 15
RAISON_MAX = 300


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


def empechement_rouvrir(exercice: Exercice, raison: str | None = None) -> str | None:
    """`raison`: what the head says; None before it is asked."""
    if exercice.clos_le is None:
        return f"L'exercice {exercice.annee} est déjà ouvert."
    return "Dites pourquoi l'exercice est rouvert." if raison is not None and not raison.strip() else None


def empechement_annee_servie(annee_scolaire: str, exercice: int) -> str | None:
    """Money of a civil year serves the school year that ends in it, or the one that begins in it."""
    if not est_une_annee(annee_scolaire):
        return "Une année scolaire s'écrit sur deux années qui se suivent, comme 2026-2027."
    if str(exercice) in annee_scolaire.split("-"):
        return None
    return (
        f"L'année scolaire {annee_scolaire} ne touche pas l'exercice {exercice}\u00a0: une dépense d'un exercice sert "
        "l'année scolaire qui s'y termine ou celle qui y commence."
    )
