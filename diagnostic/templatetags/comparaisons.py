"""Figures of the pages that compare, as French writes them."""

from fractions import Fraction

from django import template

from diagnostic.domain.statistiques import arrondi
from diagnostic.interfaces.comparaisons import decimale as ecrire

register = template.Library()


@register.filter
def decimale(valeur: Fraction, decimales: int) -> str:
    """« 3,4 »."""
    return ecrire(valeur, decimales)


@register.filter
def variation(valeur: Fraction, decimales: int) -> str:
    """« +0,4 », « −0,2 », « 0,0 »."""
    return f"+{ecrire(valeur, decimales)}" if arrondi(valeur, decimales) > 0 else ecrire(valeur, decimales)


@register.filter
def demis(valeur: Fraction) -> str:
    """A palier or half of one: « 2 », « 1,5 »."""
    return ecrire(valeur, 0 if valeur.denominator == 1 else 1)


@register.filter
def pour_cent_de(part: Fraction) -> str:
    """A share as a whole per cent: « 63 % »."""
    return f"{ecrire(part * 100, 0)}\u00a0%"
