"""When what was in the inventory by mistake may be thrown away, and come back. What has served leaves it instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budget.models import Equipement


def empechement_retirer_equipement(incidents: int) -> str | None:
    if incidents:
        return "Un incident en parle\u00a0: sortez plutôt cet équipement de l'inventaire, en disant où il va."
    return None


def empechement_retirer_lot(equipements: int, incidents: int) -> str | None:
    """`equipements`: how many things are in it, gone ones too."""
    if equipements:
        sont = "est encore dans ce lot" if equipements == 1 else "sont encore dans ce lot"
        choses = "équipement" if equipements == 1 else "équipements"
        return f"{equipements} {choses} {sont}\u00a0: mettez-les d'abord dans un autre, ou à la corbeille."
    return "Un incident parle de ce lot\u00a0: il reste, pour l'histoire." if incidents else None


def empechement_restaurer_equipement(equipement: Equipement) -> str | None:
    """It comes back where it was."""
    if equipement.lot is not None and equipement.lot.supprime_le:
        return f"Restaurez d'abord le lot «\u00a0{equipement.lot}\u00a0», dont il fait partie."
    if equipement.salle is not None and equipement.salle.archivee_le and equipement.etat != "sorti":
        return f"Rétablissez d'abord la salle «\u00a0{equipement.salle}\u00a0», où il était."
    return None
