"""What the page of the step shows of the board: what moved since it voted, its meetings, its acts."""

from __future__ import annotations

import datetime
from typing import Any

from strategie.pilotage.interfaces.dossier import changement_dit
from strategie.pilotage.queries.deliberations import seances_et_actes
from strategie.pilotage.queries.depuis_le_vote import depuis_le_vote
from strategie.socle.models import Etablissement


def contexte_du_conseil(etablissement: Etablissement, jour: datetime.date) -> dict[str, Any]:
    """For « pilotage/_conseil.html »."""
    depuis = depuis_le_vote(etablissement, jour)
    return {
        "depuis": depuis,
        "differences": [changement_dit(un.en_dict()) for un in depuis.changements] if depuis else [],
        "seances": seances_et_actes(etablissement),
    }
