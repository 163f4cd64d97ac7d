"""What an académie may say of its boards' delays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategie.pilotage.domain.regles_du_conseil import SaisieRegles

CONVOCATION_MAX, EXECUTOIRE_MAX, SOURCE_MAX = 60, 90, 300


def defauts_des_regles(saisie: SaisieRegles) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    return dict(reversed(list(_des_regles(saisie))))


def _des_regles(saisie: SaisieRegles) -> Iterator[tuple[str, str]]:
    bornes = {
        "convocation_jours": CONVOCATION_MAX,
        "urgence_jours": CONVOCATION_MAX,
        "executoire_jours": EXECUTOIRE_MAX,
        "executoire_budget_jours": EXECUTOIRE_MAX,
    }
    for champ, borne in bornes.items():
        if not 0 <= getattr(saisie, champ) <= borne:
            yield champ, f"Un nombre de jours va ici de 0 à {borne}."
    if saisie.urgence_jours > saisie.convocation_jours:
        yield "urgence_jours", "Le délai d'urgence n'est pas plus long que le délai ordinaire."
    if not saisie.source:
        yield "source", "Dites d'où viennent ces délais\u00a0: un texte, un règlement, une note de l'académie."
    if len(saisie.source) > SOURCE_MAX:
        yield "source", f"Ce texte dépasse {SOURCE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
