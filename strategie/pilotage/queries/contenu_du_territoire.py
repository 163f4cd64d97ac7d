"""A school's file as an animateur or the rectorat may read it.

They read what is signed, the published plan, the inventory and the training. A school's needs, its budget to the line,
its head's report and its draft act are its own: their parts are left out, and what the plan says of them goes too.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from strategie.pilotage.queries.contenu_du_dossier import contenu_du_dossier
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement

# Each part with the right that gives it to read.
SECTIONS_DU_TERRITOIRE: Mapping[str, Droit] = {
    "diagnostic": Droit.LIRE_DIAGNOSTIC,
    "plan": Droit.LIRE_PLAN_PUBLIE,
    "equipement": Droit.LIRE_INVENTAIRE,
    "formation": Droit.LIRE_FORMATION,
    "responsabilites": Droit.LIRE_INVENTAIRE,
}
TERRITOIRE = "territoire"


def contenu_du_territoire(
    etablissement: Etablissement, *, annee: str, exercice: int, jour: datetime.date
) -> dict[str, Any]:
    """The same schema, and « destinataire »: amounts of the plan are None."""
    contenu = contenu_du_dossier(
        etablissement, sections=list(SECTIONS_DU_TERRITOIRE), annee=annee, exercice=exercice, jour=jour
    )
    plan = contenu["plan"]
    return contenu | {
        "destinataire": TERRITOIRE,
        "plan": plan | {"cout": None, "axes": [_sans_besoin_ni_cout(axe) for axe in plan["axes"]]},
    }


def _sans_besoin_ni_cout(axe: dict[str, Any]) -> dict[str, Any]:
    return axe | {"besoins": [], "actions": [action | {"cout": None} for action in axe["actions"]]}
