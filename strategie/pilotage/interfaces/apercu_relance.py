"""What the page that chases shows: who would be written to, who would not, and the message as it would be read."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from diagnostic.models import Campagne
from strategie.pilotage.interfaces.courriels_rappels import apercu_du_courriel
from strategie.pilotage.interfaces.rappels import RelanceForm
from strategie.pilotage.models import Relance
from strategie.pilotage.queries.rappels import MONTRES, apercu_de, signature_de
from strategie.socle.models import Utilisateur


def page_de_relance(
    campagne: Campagne,
    etablissements: QuerySet[Any],
    formulaire: RelanceForm,
    auteur: Utilisateur,
    *,
    comptes: bool,
    maintenant: datetime.datetime,
) -> dict[str, Any]:
    apercu = apercu_de(campagne, etablissements.order_by("recherche", "uai"), maintenant, comptes=comptes)
    contexte: dict[str, Any] = {
        "campagne": campagne,
        "formulaire": formulaire,
        "apercu": apercu,
        "lignes": [(ligne, formulaire.coche(ligne.candidat.cle)) for ligne in apercu.montres],
        "vus": ",".join(candidat.cle for candidat in apercu.destinataires),
        "non_montres": len(apercu.destinataires) - len(apercu.montres),
        "limite": MONTRES,
        "comptes": comptes,
    }
    if apercu.destinataires:
        relance = Relance(
            campagne=campagne, mot=formulaire.mot_a_montrer, signature=signature_de(auteur, campagne.academie)
        )
        premier = apercu.destinataires[0]
        message, lu = apercu_du_courriel(
            premier, relance, apercu.premiere, formulaire.racine,
            campagne.jour_local(maintenant),
        )  # fmt: skip
        contexte |= {"message": message, "lu": lu}
    return contexte
