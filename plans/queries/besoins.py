"""Reading the needs that a school has kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, JSONField, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from diagnostic.models import Enquete
from plans.models import Axe, Besoin, Constat
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Reponse:
    """An axe that answers a need."""

    cle: int
    intitule: str


def besoins_retenus(etablissement: Etablissement, annee: str) -> dict[tuple[str, str], tuple[Reponse, ...]]:
    """By (origine, reference), the year's needs that point at something, and the axes that answer each. One query."""
    reponses = JSONBAgg(
        JSONObject(cle="axes__pk", intitule="axes__intitule"),
        filter=Q(axes__supprime_le__isnull=True, axes__isnull=False),
        order_by=("axes__cree_le", "axes__pk"),
        default=Value([], JSONField()),
    )
    siens = _siens(etablissement, annee).exclude(reference="").order_by("pk")
    retenus = siens.annotate(reponses=reponses).values_list("origine", "reference", "reponses")
    return {(origine, reference): tuple(Reponse(**axe) for axe in axes) for origine, reference, axes in retenus}


def besoins_de_l_annee(etablissement: Etablissement, annee: str, *, a_l_ordre_du_jour: bool = False) -> list[Besoin]:
    """By origin, then as they were kept; or those only that the commission is to discuss. Each with `adosse`, the
    constats that back it and the axes that answer it.
    """
    siens = (
        _siens(etablissement, annee)
        .select_related("retenu_par")
        .annotate(adosse=Exists(Besoin.objects.adosses().filter(pk=OuterRef("pk"))))
        .prefetch_related(Prefetch("retours", Constat.objects.vivants()), Prefetch("axes", Axe.objects.vivants()))
    )
    if a_l_ordre_du_jour:
        siens = siens.filter(a_l_ordre_du_jour=True)
    origines = list(Besoin.Origine)
    return sorted(siens, key=lambda besoin: origines.index(Besoin.Origine(besoin.origine)))


def constats_a_choisir(etablissement: Etablissement, annee: str, deja: Collection[int] = ()) -> list[Constat]:
    """The living ones of the year, irritants first, and those that are linked already, of any year."""
    siens = Constat.objects.vivants().filter(etablissement=etablissement)
    return list(siens.filter(Q(annee_scolaire=annee) | Q(pk__in=deja)).order_by("sens", "cree_le", "pk"))


def annees_des_besoins(etablissement: Etablissement) -> list[str]:
    """The school years that have some, newest first."""
    siens = Besoin.objects.vivants().filter(etablissement=etablissement).order_by("-annee_scolaire")
    return list(siens.values_list("annee_scolaire", flat=True).distinct())


@dataclass(frozen=True)
class EnqueteSource:
    """A counted survey, and the items it asks: where a need that points at one of them comes from."""

    cle: int
    numeros: frozenset[int]


def enquetes_sources(etablissement: Etablissement, annee: str) -> Sequence[EnqueteSource]:
    """Those of the year, newest first."""
    comptees = Enquete.objects.depouillees().filter(etablissement=etablissement, annee_scolaire=annee)
    return [
        EnqueteSource(cle, frozenset(item["numero"] for item in items))
        for cle, items in comptees.values_list("pk", "questions__items")
    ]


def _siens(etablissement: Etablissement, annee: str) -> QuerySet[Besoin]:
    return Besoin.objects.vivants().filter(etablissement=etablissement, annee_scolaire=annee)
