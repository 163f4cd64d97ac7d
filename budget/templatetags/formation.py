"""The pages of training, from one another: `budget/_formation_nav.html`."""

from django import template
from django.template import Context

from budget.interfaces.sous_pages import LienDeSousPage, SousPage, liens_des_sous_pages
from strategie.socle.droits import Droit

register = template.Library()

LECTEURS = {Droit.LIRE_FORMATION}
PAGES: tuple[SousPage, ...] = (
    ("formations", "Formations", "formations", LECTEURS),
    ("detectes", "Besoins détectés", "besoins_detectes", {Droit.TENIR_FORMATION}),
    ("plan", "Plan sur trois ans", "plan_formation", LECTEURS),
    ("couverture", "Qui a été formé", "couverture", LECTEURS),
)


@register.simple_tag(takes_context=True)
def pages_de_la_formation(context: Context, page: str) -> list[LienDeSousPage]:
    return liens_des_sous_pages(context["etablissement"], PAGES, page)
