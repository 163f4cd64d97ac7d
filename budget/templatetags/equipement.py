"""The pages of the equipment, from one another: `budget/_equipement_nav.html`."""

from django import template
from django.template import Context

from budget.interfaces.sous_pages import LienDeSousPage, SousPage, liens_des_sous_pages
from strategie.socle.droits import Droit

register = template.Library()

LECTEURS = {Droit.LIRE_INVENTAIRE}
TENEURS = {Droit.TENIR_INVENTAIRE, Droit.TENIR_SES_BIENS}
PAGES: tuple[SousPage, ...] = (
    ("inventaire", "Inventaire", "inventaire", LECTEURS),
    ("salles", "Salles", "salles", LECTEURS),
    ("lots", "Lots", "lots", LECTEURS),
    ("controle", "Contrôle", "controle", TENEURS),
    ("usages", "Usages", "usages", LECTEURS),
    ("incidents", "Incidents", "incidents", LECTEURS),
    ("reseau", "Réseau", "reseau", LECTEURS),
    ("chiffres", "Chiffres", "chiffres_du_parc", LECTEURS),
    ("reemploi", "Réemploi", "reemploi", LECTEURS),
    ("echanges", "Importer", "equipements_importer", TENEURS),
)


@register.simple_tag(takes_context=True)
def pages_de_l_equipement(context: Context, page: str) -> list[LienDeSousPage]:
    """Those that this reader opens; `page` is the code of the one that is shown."""
    return liens_des_sous_pages(context["etablissement"], PAGES, page)
