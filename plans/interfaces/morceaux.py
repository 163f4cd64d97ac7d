"""Pieces of HTML that each action of a plan repeats, made by joining strings: three hundred of them are one page.

Whatever a person typed goes through `saisi`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from django.urls import reverse

from plans.models import Action
from plans.queries.plan import LigneDuPlan

ETATS = dict(Action.Etat.choices)
CLASSES = {"bloquee": "attention", "en_pause": "attention", "realisee": "fait"}
ETIQUETTES = {
    etat: f'<span class="etiquette{" " + CLASSES[etat] if etat in CLASSES else ""}">{escape(libelle)}</span>'
    for etat, libelle in ETATS.items()
}
EN_RETARD = ' <span class="etiquette retard">En retard</span>'
RANG_DE_LA_CLE = 987_654_321


def saisi(texte: str) -> str:
    """What somebody typed, its direction its own; as the content of an element, never in an attribute."""
    return f'<bdi class="saisi">{escape(texte, quote=False)}</bdi>'


def adresses(nom: str, uai: str) -> Callable[[int], str]:
    """The address of each object of a page: the URLconf is asked once."""
    avant, apres = reverse(nom, args=[uai, RANG_DE_LA_CLE]).split(str(RANG_DE_LA_CLE))
    return lambda cle: f"{avant}{cle}{apres}"


def etiquettes(ligne: LigneDuPlan) -> str:
    """Its state, and « en retard » when it is."""
    return ETIQUETTES[ligne.action.etat] + (EN_RETARD if ligne.en_retard else "")


def liste(elements: Sequence[str], classe: str = "") -> str:
    if not elements:
        return ""
    attribut = f' class="{classe}"' if classe else ""
    return f"<ul{attribut}>{''.join(f'<li>{element}</li>' for element in elements)}</ul>"
