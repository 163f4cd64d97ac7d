"""Tags of the diagnostic's pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from diagnostic.domain.conditions import REGLES, Regle, non_concerne
from diagnostic.domain.cotation import Valeur
from diagnostic.interfaces.pdf import VOTES, mains_levees
from diagnostic.models import LIBELLES_VALEURS, VoteReunion
from diagnostic.queries.copies import ResultatsSignes
from strategie.socle.interfaces import charts

register = template.Library()

INSECABLE = "\u00a0"


@register.inclusion_tag("composants/profil.svg.html")
def profil(resultats: ResultatsSignes) -> dict[str, Any]:
    """The profile of the champs, with last year's marks where there are some."""
    titre = f"Palier atteint par champ en {resultats.annee}"
    if resultats.annee_avant:
        titre += f" ; le trait marque {resultats.annee_avant}"
    return {
        "profil": charts.profil(charts.Barre(c.libelle, c.palier, c.palier_avant) for c in resultats.champs),
        "titre": titre,
        "description": " ; ".join(f"{champ.libelle} : {champ.palier}" for champ in resultats.champs),
    }


@register.filter
def cite(enonce: str) -> str:
    """An énoncé inside a sentence: « … », without its full stop."""
    return f"«{INSECABLE}{enonce.removesuffix('.')}{INSECABLE}»"


@register.filter
def libelle_reponse(indicateur: Mapping[str, Any]) -> str:
    """The answer of a frozen indicator, in a sentence."""
    if not indicateur["valeur"]:
        return "sans réponse"
    libelle = LIBELLES_VALEURS[Valeur(indicateur["valeur"])].lower()
    raison_manque = indicateur["valeur"] == Valeur.sans_objet and not indicateur["motif"].strip()
    return f"{libelle}, sans raison" if raison_manque else libelle


@register.filter
def pourquoi(regle: str) -> str:
    """« non concerné (règle R02) : suppose un internat »."""
    return f"{non_concerne(regle)}{INSECABLE}: {REGLES[Regle(regle)]}"


@register.filter
def decompte(vote: VoteReunion) -> str:
    """« 8 oui, 2 en partie, 1 non »."""
    return mains_levees({nom: getattr(vote, nom) for nom in VOTES})


@register.filter
def ecart(paliers: int) -> str:
    """« +1 », « −2 », with the minus sign of typography."""
    return f"{paliers:+d}".replace("-", "\u2212")


@register.filter
def en_phrase(fonction: str) -> str:
    """A function inside a sentence: « principale », but « CPE »."""
    return fonction if fonction[1:2].isupper() else fonction[:1].lower() + fonction[1:]
