"""On an axe of a school, the axes of its district that it serves."""

from django import template
from django.template import Context

from plans.models import Axe
from plans.queries.cascade import rattachements_de

register = template.Library()


@register.inclusion_tag("plans/_axe_de_district.html", takes_context=True)
def axes_de_district(context: Context, axe: Axe) -> dict:
    """`{% axes_de_district axe %}`: one query a page, however many axes it shows."""
    demande = vars(context["request"])
    if "rattachements" not in demande:
        demande["rattachements"] = rattachements_de(context["etablissement"])
    return {"rattachements": demande["rattachements"].get(axe.pk, ())}
