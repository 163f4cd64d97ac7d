"""Tags of the pages of a version of the référentiel."""

from django import template

from diagnostic.domain.cotation import Valeur
from diagnostic.models import LIBELLES_VALEURS
from diagnostic.queries import comparaison

register = template.Library()
register.filter("portee_en_mots", comparaison.portee_en_mots)
register.filter("pour_cent", comparaison.pour_cent)


@register.filter
def valeurs_en_mots(valeurs: list[str]) -> str:
    """« oui, en partie »."""
    return ", ".join(LIBELLES_VALEURS[Valeur(valeur)].lower() for valeur in valeurs)
