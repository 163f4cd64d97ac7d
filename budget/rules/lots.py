"""When the lots of an inventory may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategie.socle.models import Etablissement

INTITULE_MAX = 120
FERME = "Cet établissement est fermé\u00a0: ses lots ne changent plus."
DEJA = "L'établissement a déjà un lot de ce nom."
DISPARU = "Ce lot a été mis à la corbeille entre-temps\u00a0: restaurez-le pour le modifier."
ACTION_D_AILLEURS = "Cette action n'est pas, ou n'est plus, dans le plan de l'établissement."


def empechement_tenir_les_lots(etablissement: Etablissement) -> str | None:
    return FERME if etablissement.etat == etablissement.Etat.FERME else None
