"""Charts of a survey's results."""

from collections.abc import Sequence
from typing import Any

from django import template

from diagnostic.domain.bulletins import LIBELLES_ECHELLE
from diagnostic.queries.mesures_enquete import Mesure
from diagnostic.queries.resultats_enquete import Champ
from strategie.socle.interfaces import charts

register = template.Library()


@register.inclusion_tag("composants/moyennes.svg.html")
def moyennes(champs: Sequence[Champ]) -> dict[str, Any]:
    """One bar a champ, as far as its mean; the words at its end are those of the table."""
    return {"graphique": _moyennes(champs)}


@register.inclusion_tag("diagnostic/pdf/enquete_moyennes.html")
def moyennes_imprimees(champs: Sequence[Champ]) -> dict[str, Any]:
    return {"graphique": _moyennes(champs)}


def _moyennes(champs: Sequence[Champ]) -> charts.Moyennes:
    return charts.moyennes(
        charts.BarreMoyenne(
            libelle=champ.libelle,
            valeur=float(champ.resume.moyenne),
            texte=champ.moyenne,
            approche=bool(champ.approche),
        )
        for champ in champs
        if champ.resume
    )


@register.inclusion_tag("composants/repartition.svg.html")
def repartition(mesure: Mesure) -> dict[str, Any]:
    """How many gave each answer, as one bar."""
    return _repartition(mesure)


@register.inclusion_tag("diagnostic/pdf/enquete_repartition.html")
def repartition_imprimee(mesure: Mesure) -> dict[str, Any]:
    return _repartition(mesure)


def _repartition(mesure: Mesure) -> dict[str, Any]:
    dits = [
        f"{libelle.lower()} : {nombre}"
        for libelle, nombre in zip(LIBELLES_ECHELLE, mesure.effectifs or (), strict=False)
    ]
    return {"tranches": charts.repartition(mesure.effectifs or ()), "titre": ", ".join(dits)}
