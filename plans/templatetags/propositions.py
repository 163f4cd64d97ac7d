"""From a missing condition to what Paliers proposes for it."""

from django import template

from plans.queries.propositions import propositions_nationales

register = template.Library()


@register.filter
def a_une_proposition(code: str) -> bool:
    """An académie's own indicators have none."""
    return code in propositions_nationales()
