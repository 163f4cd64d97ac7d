"""The pages of a plan, from one another: `plans/_moyens_nav.html`."""

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

from strategie.socle.droits import Droit

register = template.Library()

LECTEURS = {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE}
EQUIPE = {Droit.LIRE_PLAN}
# Code, name on screen, page, who opens it, and whether it is of one school year.
PAGES = (
    ("tableau", "Tableau", "moyens", LECTEURS, True),
    ("etats", "Par état", "plan_par_etat", LECTEURS, True),
    ("frise", "Frise", "plan_frise", LECTEURS, True),
    ("miennes", "Mes actions", "mes_actions", EQUIPE, False),
    ("experimentations", "Expérimentations", "experimentations", EQUIPE, False),
    ("echanges", "Exporter, importer", "plan_importer", EQUIPE, False),
    ("corbeille", "Corbeille", "corbeille", EQUIPE, False),
)


@dataclass(frozen=True)
class LienDuPlan:
    libelle: str
    adresse: str
    ici: bool


@register.simple_tag(takes_context=True)
def pages_du_plan(context: Context, page: str) -> list[LienDuPlan]:
    """Those that this reader opens; `page` is the code of the one that is shown. The year chosen is kept."""
    etablissement, annee = context["etablissement"], context.get("annee_choisie")
    return [
        LienDuPlan(
            libelle,
            reverse(nom, args=[etablissement.uai], query={"annee": annee} if annee and annuelle else None),
            ici=code == page,
        )
        for code, libelle, nom, droits, annuelle in PAGES
        if droits & etablissement.droits
    ]
