"""Amounts on pages."""

from decimal import Decimal

from django import template

from budget.domain.argent import euros
from budget.domain.financeurs import FINANCEURS

register = template.Library()
register.filter("euros", euros)


@register.filter
def euros_signes(montant: Decimal) -> str:
    """« +500,00 € », « −500,00 € »: what is added, what is taken."""
    return f"+{euros(montant)}" if montant > 0 else euros(montant)


@register.filter
def financeur(code: str) -> str:
    """The name of who pays."""
    return FINANCEURS[code].nom if code in FINANCEURS else code
