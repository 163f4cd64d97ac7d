"""Reading what an académie has worded in its own way."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Model

from diagnostic.models import Champ
from plans.models import PropositionAdaptee
from plans.queries.propositions import Proposition, adapter, propositions_nationales, texte_adapte
from strategie.socle.models import Academie
from strategie.socle.queries.historique import PageHistorique, Suivies, page_d_historique


@dataclass(frozen=True)
class PropositionAcademique:
    """As the académie's schools read it; `adaptee` is None while it is the national text."""

    proposition: Proposition
    adaptee: PropositionAdaptee | None


def propositions_academiques(academie: Academie) -> list[PropositionAcademique]:
    """In the order of the référentiel: one query."""
    siennes = PropositionAdaptee.objects.filter(academie=academie).select_related("modifiee_par")
    adaptees = {adaptee.code: adaptee for adaptee in siennes}
    return [_academique(nationale, adaptees.get(code)) for code, nationale in propositions_nationales().items()]


def proposition_academique(academie: Academie, code: str) -> PropositionAcademique | None:
    nationale = propositions_nationales().get(code)
    if nationale is None:
        return None
    adaptees = PropositionAdaptee.objects.filter(academie=academie, code=code).select_related("modifiee_par")
    return _academique(nationale, adaptees.first())


def _academique(nationale: Proposition, adaptee: PropositionAdaptee | None) -> PropositionAcademique:
    texte = adapter(nationale, texte_adapte(adaptee)) if adaptee else nationale
    return PropositionAcademique(texte, adaptee)


def libelles_des_champs() -> dict[str, str]:
    """By code, as the newest published version that has the champ calls it."""
    publies = Champ.objects.filter(referentiel__publie_le__isnull=False, referentiel__academie__isnull=True)
    return dict(publies.order_by("referentiel__version", "ordre").values_list("code", "libelle"))


# --- The past of one, whatever rows it had ------------------------------------------------------------------------
@dataclass(frozen=True)
class _Passe:
    cles: Sequence[Any]


SUIVIES = Suivies(PropositionAdaptee, "pgh_obj_id__in", "cles", tus=frozenset({"academie", "code"}))


def historique_de_l_adaptation(academie: Academie, code: str, avant: datetime.datetime | None) -> PageHistorique:
    """Going back to the national text destroys the row; another one is made when it is worded anew."""
    evenements: Any = SUIVIES.evenements
    siens = evenements.objects.filter(academie=academie.pk, code=code).values_list("pgh_obj_id", flat=True)
    passe = _Passe(list(siens.distinct()))
    return page_d_historique(cast(Model, passe), [SUIVIES], avant)
