"""What moved in the plan and in its budget since the board adopted them."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from budget.queries.budget import CHAMPS_D_UNE_LIGNE, LigneLue, Selection, Synthese, lignes_de
from strategie.pilotage.domain.changements import Changement, changements
from strategie.pilotage.queries.contenu_du_dossier import dernier_vote
from strategie.pilotage.queries.moyens_du_dossier import LecteurDesMoyens, ligne_dite
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class DepuisLeVote:
    """The day of the meeting, the file that it voted, and what is not as it was."""

    le: datetime.date
    numero: str
    changements: Sequence[Changement]


def depuis_le_vote(etablissement: Etablissement, jour: datetime.date) -> DepuisLeVote | None:
    """None where nothing was adopted. The plan of the year that was voted, the budget of its exercice: read again as a
    file made today would have them. Six queries at most: a page says it in passing.
    """
    vote = dernier_vote(etablissement)
    if vote is None:
        return None
    ancien = json.loads(vote.contenu)
    lecteur = _Comparables(etablissement, annee=ancien["annee_scolaire"], exercice=ancien["exercice"], jour=jour)
    actuel = {
        "exercice": ancien["exercice"],
        "plan": lecteur.plan() if ancien.get("plan") else None,
        "budget": lecteur.budget() if ancien.get("budget") else None,
    }
    seance = (ancien.get("deliberation") or {}).get("seance") or {}
    le = datetime.date.fromisoformat(seance.get("date") or ancien["fait_le"])
    return DepuisLeVote(le, vote.numero, changements(ancien, actuel))


class _Comparables(LecteurDesMoyens):
    """Of the plan and of the budget, what is compared: neither needs, nor grants, nor purchases."""

    def _besoins_par_axe(self) -> Mapping[int, list[str]]:
        return defaultdict(list)

    @cached_property
    def _tout_le_budget(self) -> Synthese:
        lues = lignes_de(self.etablissement).values_list(*CHAMPS_D_UNE_LIGNE)
        return Synthese(Selection(), [LigneLue(*valeurs) for valeurs in lues], [], {})

    def budget(self) -> dict[str, Any]:
        lues = self._tout_le_budget.lignes
        return {"lignes": [ligne_dite(ligne) for ligne in lues if ligne.exercice == self.exercice]}
