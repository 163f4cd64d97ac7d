"""Keeping a need from any page that shows why it is one: `composants/retenir.html`."""

from dataclasses import dataclass

from django import template
from django.template import Context

from plans.queries.besoins import Reponse, besoins_retenus
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement

register = template.Library()


@dataclass(frozen=True)
class Retenu:
    """A need that is kept, and the axes that answer it."""

    axes: tuple[Reponse, ...]


@register.simple_tag(takes_context=True)
def besoin_retenu(
    context: Context, etablissement: Etablissement, annee: str, origine: str, reference: str
) -> Retenu | bool | None:
    """What is kept of it; False when nothing is yet; None for somebody who keeps none. One query a page, however many
    buttons.
    """
    if Droit.RETENIR_BESOINS not in etablissement.droits:
        return None
    releves = vars(context["request"]).setdefault("besoins_retenus", {})
    if (etablissement.pk, annee) not in releves:
        releves[etablissement.pk, annee] = besoins_retenus(etablissement, annee)
    axes = releves[etablissement.pk, annee].get((origine, reference))
    return False if axes is None else Retenu(axes)
