"""Amounts on pages."""

from django import template

from budget.domain.argent import euros

register = template.Library()
register.filter("euros", euros)
