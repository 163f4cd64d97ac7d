"""The pages of the budget, from one another: `budget/_budget_nav.html`."""

from django import template
from django.template import Context

from budget.interfaces.sous_pages import LienDeSousPage, SousPage, liens_des_sous_pages
from strategie.socle.droits import Droit

register = template.Library()

LECTEURS = {Droit.LIRE_BUDGET}
PAGES: tuple[SousPage, ...] = (
    ("budget", "Budget", "budget", LECTEURS),
    ("achats", "Achats", "achats", LECTEURS),
    ("equilibre", "Équilibre", "equilibre", LECTEURS),
    ("dbm", "Décisions modificatives", "dbm", LECTEURS),
    ("echanges", "Exporter, importer", "budget_importer", {Droit.TENIR_BUDGET}),
)


@register.simple_tag(takes_context=True)
def pages_du_budget(context: Context, page: str) -> list[LienDeSousPage]:
    """An école has no budget of its own, hence no correction of it."""
    etablissement = context["etablissement"]
    siennes = [une for une in PAGES if une[0] != "dbm" or not etablissement.premier_degre]
    return liens_des_sous_pages(etablissement, siennes, page)
