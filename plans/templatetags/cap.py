"""The pages of the step « Cap », from what was lived to what is to be improved."""

from django import template
from django.template import Context
from django.urls import reverse

from strategie.socle.droits import Droit

register = template.Library()

_ECOLE = {Droit.LIRE_PLAN}
_PARTOUT = {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE}
# The page, its name, the rights that open it, and the beginnings of the names of the pages under it.
PAGES = (
    ("retex", "Retours d'expérience", _ECOLE, ("retex",)),
    ("besoins", "Besoins", {Droit.LIRE_BESOINS}, ("besoin",)),
    ("matrice", "Matrice", {Droit.LIRE_BESOINS}, ("matrice",)),
    ("axes", "Axes", _PARTOUT, ("axe",)),
    ("propositions", "Propositions", _ECOLE, ("proposition", "chemin", "demande")),
    ("rattachements", "Projet de district", _PARTOUT, ("rattachement",)),
)


@register.simple_tag(takes_context=True)
def pages_du_cap(context: Context) -> list[dict[str, str]]:
    """Those that the reader may open; `courante` is « page » for this one, « true » for the one above it."""
    etablissement, ici = context["etablissement"], context["request"].resolver_match.url_name
    return [
        {
            "nom": nom,
            "adresse": reverse(page, args=[etablissement.uai]),
            "courante": _courante(page, dessous, ici),
        }
        for page, nom, droits, dessous in PAGES
        if droits & etablissement.droits
    ]


def _courante(page: str, dessous: tuple[str, ...], ici: str) -> str:
    if page == ici:
        return "page"
    return "true" if ici.startswith(dessous) else ""
