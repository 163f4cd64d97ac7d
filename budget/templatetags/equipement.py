"""The pages of the equipment, from one another: `budget/_equipement_nav.html`."""

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

from strategie.socle.droits import Droit

register = template.Library()

LECTEURS = {Droit.LIRE_INVENTAIRE}
TENEURS = {Droit.TENIR_INVENTAIRE, Droit.TENIR_SES_BIENS}
# Code, name on screen, page, who opens it.
PAGES: tuple[tuple[str, str, str, set[Droit]], ...] = (
    ("salles", "Salles", "salles", LECTEURS),
    ("lots", "Lots", "lots", LECTEURS),
    ("controle", "Contrôle", "controle", TENEURS),
    ("incidents", "Incidents", "incidents", LECTEURS),
    ("reseau", "Réseau", "reseau", LECTEURS),
    ("echanges", "Importer", "equipements_importer", TENEURS),
)


@dataclass(frozen=True)
class LienDeLEquipement:
    libelle: str
    adresse: str
    ici: bool


@register.simple_tag(takes_context=True)
def pages_de_l_equipement(context: Context, page: str) -> list[LienDeLEquipement]:
    """Those that this reader opens; `page` is the code of the one that is shown."""
    etablissement = context["etablissement"]
    return [
        LienDeLEquipement(libelle, reverse(nom, args=[etablissement.uai]), ici=code == page)
        for code, libelle, nom, droits in PAGES
        if droits & etablissement.droits
    ]
