"""When an axe may be opened, closed or taken away: a French sentence that says why not, or None."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante

if TYPE_CHECKING:
    from plans.models import Axe
    from strategie.socle.models import Etablissement

# New axes that a school year holds before the next one asks for a written reason (FEATURES.md, row 34).
AXES_PAR_AN = 3
QUOI_MAX = 250
BESOIN_ABSENT = (
    "Un des besoins choisis n'est plus dans la liste\u00a0: il a été retiré entre-temps. Vérifiez votre choix, puis "
    "enregistrez de nouveau."
)


def conseil(etablissement: Etablissement) -> str:
    return "conseil d'école" if etablissement.premier_degre else "conseil d'administration"


def empechement_annee_de_l_axe(annee: str, jour: datetime.date) -> str | None:
    """`jour`: the date it is in the académie. A past year may be written after the fact."""
    if not est_une_annee(annee) or annee > annee_suivante(annee_scolaire(jour)):
        return "Un axe s'ouvre pour une année scolaire passée, celle-ci ou la prochaine."
    return None


def empechement_axe_de_plus(etablissement: Etablissement, annee: str, deja: int, raison: str) -> str | None:
    """`deja`: the axes of that year, open or closed."""
    if deja < AXES_PAR_AN or raison.strip():
        return None
    return (
        f"Au-delà de trois axes nouveaux en {annee}, dites pourquoi il en faut un de plus. Le {conseil(etablissement)} "
        "lira cette raison."
    )


def empechement_modifier_axe(axe: Axe) -> str | None:
    if axe.supprime_le:
        return "Cet axe est à la corbeille\u00a0: restaurez-le d'abord."
    return None


def empechement_retirer_axe(actions: Sequence[str]) -> str | None:
    """`actions`: the titles of the published ones that serve no other axe."""
    if not actions:
        return None
    titres = ", ".join(f"«\u00a0{titre}\u00a0»" for titre in actions)
    debut, ne_sert, la = (
        ("L'action publiée", "ne sert", "la") if len(actions) == 1 else ("Les actions publiées", "ne servent", "les")
    )
    return (
        f"{debut} {titres} {ne_sert} que cet axe\u00a0: rattachez-{la} d'abord à un autre. Vous pouvez aussi clore "
        "cet axe sans le retirer\u00a0: il reste lisible."
    )


def empechement_restaurer_axe(axe: Axe) -> str | None:
    """Coming back among three others, it is one more: its reason must have been written."""
    deja = axe.etablissement.axes.filter(annee_scolaire=axe.annee_scolaire, supprime_le__isnull=True).count()
    if empechement_axe_de_plus(axe.etablissement, axe.annee_scolaire, deja, axe.raison_de_plus):
        return (
            f"{deja}\u00a0axes sont déjà ouverts en {axe.annee_scolaire}, et celui-ci n'a pas de raison écrite. "
            "Ouvrez-le de nouveau en disant pourquoi il en faut un de plus, ou retirez d'abord un autre axe."
        )
    return None
