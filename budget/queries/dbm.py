"""Corrections of the budget, and what they would make of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from budget.domain.argent import total
from budget.models import DecisionModificative, Financement, LigneBudget, MouvementBudget
from budget.queries.budget import lignes_de
from budget.rules.dbm import VIREMENT, empechement_mouvement
from strategie.socle.models import Etablissement

NUL = Value(Decimal("0.00"), output_field=DecimalField(max_digits=15, decimal_places=2))


@dataclass(frozen=True)
class EffetSurUneLigne:
    """`empechement`: why it could not be adopted as it is."""

    mouvement: MouvementBudget
    avant: Decimal
    apres: Decimal
    empechement: str | None


@dataclass(frozen=True)
class Effets:
    """What an adoption would do, or did. `avant` and `apres` are told while it is a project."""

    lignes: Sequence[EffetSurUneLigne]

    @property
    def total(self) -> Decimal:
        return total(effet.mouvement.montant for effet in self.lignes)

    @property
    def empechements(self) -> Sequence[str]:
        return [effet.empechement for effet in self.lignes if effet.empechement]

    def desequilibre(self, code: str) -> bool:
        """A transfer takes from some lines what it gives to others."""
        return code == VIREMENT and bool(self.lignes) and self.total != 0


def dbm_de(etablissement: Etablissement) -> QuerySet[DecisionModificative, DecisionModificative]:
    """With `mouvements_nombre`, and `plus` and `moins`, what they add and take."""
    montants = {
        "plus": Coalesce(Sum("mouvements__montant", filter=Q(mouvements__montant__gt=0)), NUL),
        "moins": Coalesce(Sum("mouvements__montant", filter=Q(mouvements__montant__lt=0)), NUL),
    }
    siennes = DecisionModificative.objects.filter(etablissement=etablissement).select_related("cree_par")
    return siennes.annotate(mouvements_nombre=Count("mouvements"), **montants).order_by("-exercice", "-numero")


def effets_de(decision: DecisionModificative) -> Effets:
    mouvements = list(
        MouvementBudget.objects.filter(decision=decision).select_related("ligne").order_by("ligne__intitule", "pk")
    )
    accordes = accordes_aux_lignes(mouvement.ligne_id for mouvement in mouvements)
    return Effets([_effet(mouvement, accordes[mouvement.ligne_id]) for mouvement in mouvements])


def _effet(mouvement: MouvementBudget, accorde: Decimal) -> EffetSurUneLigne:
    ligne = mouvement.ligne
    empechement = empechement_mouvement(ligne, mouvement.montant, accorde)
    return EffetSurUneLigne(mouvement, ligne.prevu, ligne.prevu + mouvement.montant, empechement)


def accordes_aux_lignes(lignes: Iterable[int]) -> Mapping[int, Decimal]:
    """What others grant for each of these lines, zero where nobody does."""
    cles = list(lignes)
    sommes = (
        Financement.objects.vivants().filter(ligne__in=cles).order_by().values_list("ligne").annotate(Sum("accorde"))
    )
    return dict.fromkeys(cles, Decimal("0.00")) | dict(sommes)


def lignes_a_corriger(etablissement: Etablissement, exercice: int) -> QuerySet[LigneBudget, LigneBudget]:
    return lignes_de(etablissement).filter(exercice=exercice).order_by("section", "intitule", "pk")
