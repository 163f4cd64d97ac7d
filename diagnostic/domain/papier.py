"""Answers that come back from paper, all or nothing, by the same door as those of the screens."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import pghistory
from django.db import transaction

from diagnostic.domain.plausibilite import RegleDePlausibilite
from diagnostic.domain.reponses import Conflit, Saisie, enregistrer_champ
from diagnostic.models import Diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur


@dataclass(frozen=True)
class BilanDesReponses:
    """What an import wrote, and what the answers then contradict."""

    creees: int
    modifiees: int
    contradictions: tuple[RegleDePlausibilite, ...]


class ReponsesChangees(Exception):
    """Somebody changed answers between the reading of the file and its writing: nothing was written."""

    def __init__(self, conflits: Sequence[Conflit]) -> None:
        super().__init__([conflit.code for conflit in conflits])
        self.conflits = conflits


def importer_reponses(
    *,
    diagnostic: Diagnostic,
    saisies: Sequence[Saisie],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    simulation: bool = False,
) -> BilanDesReponses:
    """Keep every answer, or none; `simulation` does it all, then undoes it.

    Raises Empeche as `enregistrer_champ` does, ReponsesChangees for a conflict.
    """
    with acte("importer_reponses", auteur), pghistory.context(source="import"):
        conflits = enregistrer_champ(diagnostic=diagnostic, saisies=saisies, auteur=auteur, maintenant=maintenant)
        if conflits:
            raise ReponsesChangees(conflits)
        contradictions = etat_du_diagnostic(diagnostic).contradictions
        if simulation:
            transaction.set_rollback(True)
    creees = sum(saisie.version == 0 for saisie in saisies)
    return BilanDesReponses(creees, len(saisies) - creees, contradictions)
