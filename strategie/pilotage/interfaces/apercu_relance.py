"""What the page that chases shows: who would be written to, who would not, and the message as it would be read."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from diagnostic.models import Campagne
from strategie.pilotage.interfaces.courriels_rappels import apercu_du_courriel
from strategie.pilotage.interfaces.rappels import RelanceForm
from strategie.pilotage.models import Relance
from strategie.pilotage.queries.rappels import apercu_de, raison_de, signature_de, suivies_de, trouver
from strategie.socle.models import Utilisateur

# A box each, and as many for those unticked elsewhere: far under DATA_UPLOAD_MAX_NUMBER_FIELDS.
PAR_PAGE = 100


def page_de_relance(
    campagne: Campagne,
    etablissements: QuerySet[Any],
    formulaire: RelanceForm,
    auteur: Utilisateur,
    *,
    numero: str,
    comptes: bool,
    maintenant: datetime.datetime,
) -> dict[str, Any]:
    """`numero`: of the page of recipients; `comptes`: whether the reader's own list says how many answers there are."""
    apercu = apercu_de(campagne, etablissements.order_by("recherche", "uai"), maintenant)
    contexte: dict[str, Any] = {
        "campagne": campagne,
        "formulaire": formulaire,
        "apercu": apercu,
        "limite": PAR_PAGE,
        "comptes": comptes,
    }
    if not apercu.destinataires:
        return contexte
    page = Paginator(trouver(apercu.destinataires, formulaire.texte_cherche), PAR_PAGE).get_page(numero)
    montres, coches, decoches = list(page), [], []
    for candidat in apercu.destinataires:
        (decoches if candidat.cle in formulaire.decoches else coches).append(candidat)
    premier = (coches or decoches)[0]
    suivies = suivies_de(campagne, [c.etablissement for c in (premier, *montres)], comptes=comptes)
    ici = {candidat.cle for candidat in montres}
    relance = Relance(
        campagne=campagne, mot=formulaire.mot_a_montrer, signature=signature_de(auteur, campagne.academie)
    )
    message, lu = apercu_du_courriel(
        premier, relance, suivies[premier.etablissement.pk], formulaire.racine, campagne.jour_local(maintenant)
    )
    return contexte | {
        "page": page,
        "lignes": [
            (candidat, raison_de(suivies[candidat.etablissement.pk], campagne), candidat.cle not in formulaire.decoches)
            for candidat in montres
        ],
        "vus": ",".join(candidat.cle for candidat in apercu.destinataires),
        "montres": ",".join(candidat.cle for candidat in montres),
        "non_montres": len(apercu.destinataires) - len(montres),
        "decoches": decoches,
        "decoches_ailleurs": [candidat for candidat in decoches if candidat.cle not in ici],
        "message": message,
        "lu": lu,
    }
