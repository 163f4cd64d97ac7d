"""What may be done with several lines at once: `budget/_agir.html`."""

from django import template

from budget.interfaces.agir import ACTES, Acte

register = template.Library()


@register.simple_tag
def actes_sur_les_lignes() -> tuple[Acte, ...]:
    return tuple(acte for acte in ACTES.values() if acte.au_menu)
