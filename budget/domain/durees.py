"""How long a collectivité means each category to serve: all of them at once, by several people."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from budget.models import Categorie, DureeDeVie
from budget.rules.durees import empechement_duree
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Collectivite, Utilisateur

# Years by category; None where the proposal is kept.
Durees = Mapping[str, int | None]


def lire_durees(collectivite: Collectivite) -> dict[str, int | None]:
    """Every category, in the order of lists."""
    choisies = dict(DureeDeVie.objects.filter(collectivite=collectivite).values_list("categorie", "annees"))
    return {categorie: choisies.get(categorie) for categorie in Categorie.values}


def fixer_durees(
    *,
    collectivite: Collectivite,
    base: Durees,
    saisie: Durees,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. A category
    without years goes back to the proposal. Raises Empeche.
    """
    for annees in saisie.values():
        refuser(empechement_duree(annees))
    with acte("fixer_durees", auteur):
        tenue = Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
        actuelles = lire_durees(tenue)
        fusion = fusionner(base, saisie, actuelles)
        if fusion.possible:
            for categorie, annees in fusion.valeurs.items():
                if annees != actuelles[categorie]:
                    _fixer(tenue, categorie, annees, auteur, maintenant)
    return fusion.conflits


def _fixer(
    collectivite: Collectivite, categorie: str, annees: int | None, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    siennes = DureeDeVie.objects.filter(collectivite=collectivite, categorie=categorie)
    if annees is None:
        siennes.delete()
    else:
        dite = {"annees": annees, "fixee_par": auteur, "fixee_le": maintenant}
        DureeDeVie.objects.update_or_create(collectivite=collectivite, categorie=categorie, defaults=dite)
