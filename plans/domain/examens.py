"""The four questions put to every moyen before it leaves draft."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from plans.domain.actions import verrouiller_action
from plans.models import Action, Examen
from plans.queries.realisable import obstacles_au_realisable
from plans.rules.actions import empechement_repondre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur


@dataclass(frozen=True)
class Avis:
    """A yes or a no (None: not said), in a sentence."""

    favorable: bool | None = None
    reponse: str = ""


PAS_DIT = Avis()


class Irrealisable(Empeche):
    """« Réalisable » cannot be answered yes: what is computed says no."""


def lire_avis(action: Action) -> dict[str, Avis]:
    """One for each question, answered or not."""
    donnes = {examen.question: Avis(examen.favorable, examen.reponse) for examen in action.examens.all()}
    return {question: donnes.get(question, PAS_DIT) for question in Examen.Question.values}


def repondre_aux_questions(
    *,
    action: Action,
    base: Mapping[str, Avis],
    avis: Mapping[str, Avis],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """Write the answers that changed since `base`, that the page showed: each keeps the name of who gave it. What a
    colleague answered otherwise meanwhile is given back, and then nothing is written. Raises Empeche; Irrealisable
    when the hours or the money are known to lack.
    """
    for question, un in avis.items():
        refuser(empechement_repondre(question, un.favorable, un.reponse))
    with acte("examiner_action", auteur):
        tenue = verrouiller_action(action.pk)
        actuels = lire_avis(tenue)
        fusion = fusionner(base, avis, actuels)
        if fusion.possible:
            _verifier_le_realisable(tenue, actuels, fusion.valeurs)
            for question, un in fusion.valeurs.items():
                if un != actuels[question]:
                    _ecrire(tenue, question, un, auteur, maintenant)
    return fusion.conflits


def _verifier_le_realisable(action: Action, actuels: Mapping[str, Avis], voulus: Mapping[str, Avis]) -> None:
    """Asked of an answer that is given now, not of one that stands since before."""
    voulu = voulus[Examen.Question.REALISABLE]
    if voulu.favorable and voulu != actuels[Examen.Question.REALISABLE]:
        obstacles = obstacles_au_realisable(action)
        if obstacles:
            raise Irrealisable(" ".join(obstacles))


def _ecrire(action: Action, question: str, avis: Avis, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    if avis.favorable is None:
        action.examens.filter(question=question).delete()
        return
    action.examens.update_or_create(
        question=question,
        defaults={
            "favorable": avis.favorable,
            "reponse": avis.reponse,
            "repondu_par": auteur,
            "repondu_le": maintenant,
        },
    )
