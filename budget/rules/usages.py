"""When a use may be declared, and a decision taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budget.domain.usages import SaisieUsage

NOTE_MAX, MOTIF_MAX = 300, 2000
LOT_RETIRE = "Ce lot est à la corbeille\u00a0: restaurez-le d'abord."
DECISION_RETIREE = "Cette décision n'est plus à prendre\u00a0: la dernière déclaration dit que le lot sert."


def defauts_de_l_usage(saisie: SaisieUsage) -> dict[str, str]:
    """What is wrong, by field."""
    defauts = {}
    if not saisie.frequence:
        defauts["frequence"] = "Dites combien de fois ce lot a servi ce trimestre."
    if len(saisie.note) > NOTE_MAX:
        defauts["note"] = f"Ce texte dépasse {NOTE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    return defauts


def defauts_de_la_decision_d_usage(choix: str, motif: str) -> dict[str, str]:
    defauts = {}
    if not choix:
        defauts["choix"] = "Choisissez\u00a0: former, déplacer ou réformer."
    if not motif:
        defauts["motif"] = "Dites pourquoi, en une phrase."
    elif len(motif) > MOTIF_MAX:
        defauts["motif"] = "Ce texte dépasse 2\u202f000\u00a0caractères\u00a0: résumez-le."
    return defauts
