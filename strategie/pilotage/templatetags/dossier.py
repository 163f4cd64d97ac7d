"""How a board's file says its amounts and its days, and what surrounds its tables on a screen."""

import datetime
from decimal import Decimal

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budget.domain.argent import euros
from strategie.socle.rules import date_en_phrase

register = template.Library()


@register.filter
def en_euros(montant: str) -> str:
    """« 1 234,50 € » for « 1234.50 »."""
    return euros(Decimal(montant))


@register.filter
def jour(iso: str) -> str:
    """« 3 mars 2027 » for « 2027-03-03 »."""
    return date_en_phrase(datetime.date.fromisoformat(iso)).replace(" ", "\u00a0")


@register.simple_block_tag(takes_context=True)
def defile(context: Context, content: SafeString, nom: str) -> str:
    """A wide table scrolls inside its own region on a screen; on paper it is the table alone."""
    if not context.get("ecran"):
        return content
    return format_html('<div class="defile" role="region" tabindex="0" aria-label="{}">{}</div>', nom, content)
