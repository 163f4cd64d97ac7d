"""When a planned life may be fixed."""

from budget.domain.cycle import ANNEES_MAX

DUREE_ILLISIBLE = f"Écrivez un nombre d'années entier, de 1 à {ANNEES_MAX}, ou rien pour garder le repère."


def empechement_duree(annees: int | None) -> str | None:
    """`annees`: None to keep the proposal."""
    return None if annees is None or 1 <= annees <= ANNEES_MAX else DUREE_ILLISIBLE
