"""The door of the pages of a plan that the whole school reads whole, and others published only."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


def plan_lisible_ou_404(request: HttpRequest, uai: str) -> Etablissement:
    """The school, with `droits`: without LIRE_PLAN its reader sees the vision, the axes and the published actions."""
    etablissement = etablissement_ou_404(request, uai)
    if not etablissement.droits & {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE}:
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {Droit.LIRE_PLAN_PUBLIE.value.lower()}.")
    return etablissement
