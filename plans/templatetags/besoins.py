"""Keeping a need from any page that shows why it is one: `composants/retenir.html`."""

from django import template
from django.template import Context

from plans.queries.besoins import besoins_retenus
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement

register = template.Library()


@register.simple_tag(takes_context=True)
def besoin_retenu(
    context: Context, etablissement: Etablissement, annee: str, origine: str, reference: str
) -> bool | None:
    """Whether it is already kept; None for somebody who keeps none. One query a page, however many buttons."""
    if Droit.RETENIR_BESOINS not in etablissement.droits:
        return None
    releves = vars(context["request"]).setdefault("besoins_retenus", {})
    if (etablissement.pk, annee) not in releves:
        releves[etablissement.pk, annee] = besoins_retenus(etablissement, annee)
    return (origine, reference) in releves[etablissement.pk, annee]
