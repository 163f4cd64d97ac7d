"""What moved in the plan and in its budget since the board adopted them."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from budget.queries.budget import CHAMPS_D_UNE_LIGNE, LigneLue, Selection, Synthese, lignes_de
from plans.models import Action
from plans.queries.plan import Plan, sans_brouillons
from strategie.pilotage.domain.changements import Changement, changements
from strategie.pilotage.queries.contenu_du_dossier import votes_de
from strategie.pilotage.queries.moyens_du_dossier import LecteurDesMoyens, ligne_dite
from strategie.socle.models import Etablissement
from strategie.socle.queries.equipe import membres


@dataclass(frozen=True)
class DepuisLeVote:
    """The day of the meeting, the file that it voted, and what is not as it was; `annee` is that of the plan voted."""

    le: datetime.date
    numero: str
    annee: str
    changements: Sequence[Changement]


def depuis_le_vote(etablissement: Etablissement, jour: datetime.date, plan: Plan | None = None) -> DepuisLeVote | None:
    """None where nothing was adopted, or neither plan nor budget. The plan of the year that was voted, the budget of
    its exercice: read again as a file made today would have them. Six queries at most, two for a page that has already
    read its `plan`: of another year than what was voted, it is not compared.
    """
    vote = _dernier_vote(etablissement, jour)
    if vote is None:
        return None
    ancien = json.loads(vote.contenu)
    if not (ancien.get("plan") or ancien.get("budget")):
        return None
    seance = (ancien.get("deliberation") or {}).get("seance") or {}
    le = datetime.date.fromisoformat(seance.get("date") or ancien["fait_le"])
    changes: Sequence[Changement] = []
    if plan is None or plan.annee == ancien["annee_scolaire"]:
        lecteur = _Comparables(etablissement, annee=ancien["annee_scolaire"], exercice=ancien["exercice"], jour=jour)
        lecteur.vote, lecteur.deja_lu = vote, plan
        changes = changements(ancien, lecteur.aujourd_hui(ancien))
    return DepuisLeVote(le, vote.numero, ancien["annee_scolaire"], changes)


def _dernier_vote(etablissement: Etablissement, jour: datetime.date) -> Any:
    """With what is small and read beside it, in the same query: `equipe` on `jour`, `descriptions` of actions."""
    equipe = JSONObject(utilisateur_id="utilisateur_id", fonction="fonction", role="role")
    decrites = Action.objects.vivants().publiees().filter(etablissement=etablissement).exclude(description="")
    return (
        votes_de(etablissement)
        .annotate(
            equipe=ArraySubquery(membres(etablissement, jour).values(dit=equipe)),
            descriptions=ArraySubquery(decrites.order_by("pk").values(dit=JSONObject(cle="pk", texte="description"))),
        )
        .first()
    )


class _Comparables(LecteurDesMoyens):
    """Of the plan and of the budget, what is compared: neither needs, nor grants, nor purchases."""

    vote: Any
    deja_lu: Plan | None

    def aujourd_hui(self, ancien: Mapping[str, Any]) -> dict[str, Any]:
        """The parts that `ancien` has."""
        return {
            "exercice": self.exercice,
            "plan": self.plan() if ancien.get("plan") else None,
            "budget": self.budget() if ancien.get("budget") else None,
        }

    def _plan_lu(self) -> Plan:
        return sans_brouillons(self.deja_lu) if self.deja_lu else super()._plan_lu()

    def _membres(self) -> Iterable[Any]:
        return [SimpleNamespace(**un) for un in self.vote.equipe]

    @cached_property
    def _descriptions(self) -> Mapping[int, str]:
        return {une["cle"]: une["texte"] for une in self.vote.descriptions}

    def _besoins_par_axe(self) -> Mapping[int, list[str]]:
        return defaultdict(list)

    @cached_property
    def _tout_le_budget(self) -> Synthese:
        lues = lignes_de(self.etablissement).values_list(*CHAMPS_D_UNE_LIGNE)
        return Synthese(Selection(), [LigneLue(*valeurs) for valeurs in lues], [], {})

    def budget(self) -> dict[str, Any]:
        lues = self._tout_le_budget.lignes
        return {"lignes": [ligne_dite(ligne) for ligne in lues if ligne.exercice == self.exercice]}
