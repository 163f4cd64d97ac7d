"""Files waiting between their rehearsal and their confirmation."""

from __future__ import annotations

import uuid

from plans.models import Depot
from strategie.socle.models import Etablissement, Utilisateur


def depot_de(
    etablissement: Etablissement,
    personne: Utilisateur,
    cle: uuid.UUID,
    *,
    avec_contenu: bool = False,
    objet: str = Depot.Objet.PLAN,
) -> Depot | None:
    """One's own only; without the file itself unless it is asked for."""
    siens = Depot.objects.filter(etablissement=etablissement, auteur=personne, objet=objet, cle=cle)
    return (siens if avec_contenu else siens.defer("contenu")).first()
