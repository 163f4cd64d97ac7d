"""What prevents files from being made in number: French sentences that say why not, or None."""

from __future__ import annotations

import datetime

from strategie.pilotage.rules.dossiers import EXERCICES

TENTATIVES_MAX = 3  # a school whose file ends the worker three times is left aside
SILENCE = datetime.timedelta(minutes=5)  # a batch that makes nothing for so long has stopped

SANS_DIAGNOSTIC = "Aucun diagnostic n'est signé."
INTERROMPU = (
    f"Le travail s'est interrompu {TENTATIVES_MAX}\u00a0fois pendant ce dossier\u00a0: "
    "dites-le à l'administrateur technique."
)
INATTENDUE = "Une erreur inattendue empêche de faire ce dossier\u00a0: dites-le à l'administrateur technique."


def empechement_ouvrir(*, a_faire: int, exercice: int) -> str | None:
    if not EXERCICES[0] <= exercice <= EXERCICES[1]:
        return f"Donnez une année, de {EXERCICES[0]} à {EXERCICES[1]}."
    if not a_faire:
        return "Aucun établissement de ce territoire n'a de diagnostic signé\u00a0: il n'y a pas de dossier à faire."
    return None


def empechement_arreter(*, arrete: bool, restants: int) -> str | None:
    if arrete:
        return "Ce lot est déjà arrêté."
    return None if restants else "Ce lot est terminé."


def empechement_reprendre(*, sans_dossier: int, restants: int) -> str | None:
    """A batch that is under way may be taken up again: its worker may be gone."""
    return None if sans_dossier or restants else "Tous les dossiers de ce lot sont faits."
