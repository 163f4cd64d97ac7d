"""Reading the experiments of a school."""

from __future__ import annotations

from django.db.models import QuerySet

from plans.models import Action, Experimentation
from plans.queries.indicateurs import actions_lisibles
from strategie.socle.models import Etablissement


def experimentations_lisibles(etablissement: Etablissement) -> QuerySet[Experimentation]:
    """Those that the person may read (`droits`): what waits for a decision first, then by its day."""
    siennes = Experimentation.objects.vivants().filter(action__in=actions_lisibles(etablissement))
    return siennes.select_related("action", "evaluee_par", "decidee_par").order_by("decision_le", "pk")


def actions_sans_experimentation(etablissement: Etablissement) -> list[Action]:
    """Those that may begin one; an experiment in the bin keeps its action."""
    actions = actions_lisibles(etablissement).filter(experimentation=None).exclude(etat__in=Action.FINIES)
    return list(actions.order_by("intitule", "pk"))
