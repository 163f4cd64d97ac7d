"""Reading how lots serve: term after term, what is declared, and what is to be decided."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from budget.domain.etats_d_usage import ECHECS, EtatUsage, Terme, etat_d_usage
from budget.models import DecisionUsage, DeclarationUsage, Equipement, Lot
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, bornes, trimestre
from strategie.socle.models import Etablissement


def terme_du_jour(jour: datetime.date) -> Terme:
    """The term that holds `jour`: until 31 August it is the third, whatever year people speak of already."""
    annee = annee_scolaire(jour)
    return Terme(annee if jour >= bornes(annee)[0] else annee_precedente(annee), trimestre(jour))


@dataclass(frozen=True)
class TermeDUnLot:
    """`declaration`: None when nobody said anything."""

    terme: Terme
    etat: EtatUsage
    declaration: DeclarationUsage | None


@dataclass(frozen=True)
class UsageDuLot:
    """`choses`: how many it has now; `precedent` and `actuel`: the two last terms."""

    lot: Lot
    choses: int
    precedent: TermeDUnLot
    actuel: TermeDUnLot
    decisions: Sequence[DecisionUsage]

    @property
    def decision_ouverte(self) -> DecisionUsage | None:
        return next((decision for decision in self.decisions if not decision.choix), None)

    @property
    def en_echec(self) -> bool:
        return self.actuel.etat in ECHECS


def lots_a_declarer(etablissement: Etablissement) -> QuerySet[Lot]:
    """Those that still have something that teaching may use; each with `choses`, how many."""
    la = Q(equipements__supprime_le__isnull=True) & ~Q(equipements__etat=Equipement.Etat.SORTI)
    pedagogiques = la & Q(equipements__domaine=Equipement.Domaine.PEDAGOGIQUE)
    return (
        Lot.objects.vivants()
        .filter(etablissement=etablissement)
        .annotate(choses=Coalesce(Sum("equipements__nombre", filter=pedagogiques), 0))
        .filter(choses__gt=0)
        .order_by("intitule", "pk")
    )


def usages_des_lots(etablissement: Etablissement, terme: Terme) -> list[UsageDuLot]:
    """Every lot to speak of; three queries."""
    return [_usage(lot, terme) for lot in _avec_leur_usage(lots_a_declarer(etablissement), terme)]


def termes_du_lot(lot: Lot) -> list[TermeDUnLot]:
    """What was declared of it, the last term first."""
    declarations = lot.declarations.select_related("declare_par").order_by("-annee_scolaire", "-trimestre")
    return [_lu(lot, Terme(d.annee_scolaire, d.trimestre), d) for d in declarations]


def etats_du_lot(lot: Lot) -> Mapping[Terme, EtatUsage]:
    return {lu.terme: lu.etat for lu in termes_du_lot(lot)}


def decisions_du_lot(lot: Lot) -> list[DecisionUsage]:
    """The last one first; the one that waits is without `choix`."""
    return list(lot.decisions.select_related("prise_par").order_by("-ouverte_le", "-pk"))


def declaration_du_terme(lot: Lot, terme: Terme) -> DeclarationUsage | None:
    dites = lot.declarations.filter(annee_scolaire=terme.annee, trimestre=terme.trimestre)
    return dites.select_related("declare_par").first()


def decisions_de(etablissement: Etablissement) -> QuerySet[DecisionUsage]:
    siennes = DecisionUsage.objects.filter(lot__etablissement=etablissement, lot__supprime_le__isnull=True)
    return siennes.select_related("lot", "prise_par").order_by("ouverte_le", "pk")


def _avec_leur_usage(lots: QuerySet[Lot], terme: Terme) -> QuerySet[Lot]:
    deux = Q(annee_scolaire=terme.annee, trimestre=terme.trimestre) | Q(
        annee_scolaire=terme.precedent.annee, trimestre=terme.precedent.trimestre
    )
    declarations = DeclarationUsage.objects.filter(deux).select_related("declare_par")
    decisions = DecisionUsage.objects.select_related("prise_par").order_by("-ouverte_le", "-pk")
    return lots.prefetch_related(Prefetch("declarations", declarations), Prefetch("decisions", decisions))


def _usage(lot: Lot, terme: Terme) -> UsageDuLot:
    dites = {Terme(d.annee_scolaire, d.trimestre): d for d in lot.declarations.all()}
    return UsageDuLot(
        lot=lot,
        choses=vars(lot)["choses"],
        precedent=_lu(lot, terme.precedent, dites.get(terme.precedent)),
        actuel=_lu(lot, terme, dites.get(terme)),
        decisions=list(lot.decisions.all()),
    )


def _lu(lot: Lot, terme: Terme, declaration: DeclarationUsage | None) -> TermeDUnLot:
    dit = declaration.frequence if declaration else None
    comme_prevu = declaration.comme_prevu if declaration else True
    return TermeDUnLot(terme, etat_d_usage(dit, comme_prevu, lot.frequence_prevue), declaration)
