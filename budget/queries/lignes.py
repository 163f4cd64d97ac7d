"""One line of the budget, and what hangs from it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from budget.models import Achat, BesoinFormation, DecisionModificative, Financement, LigneBudget, MouvementBudget
from plans.models import Action
from strategie.socle.models import Etablissement

LIENS: dict[str, type[Action | Achat | BesoinFormation]] = {
    "action": Action,
    "achat": Achat,
    "formation": BesoinFormation,
}


def financements_de_la_ligne(ligne: LigneBudget) -> QuerySet[Financement, Financement]:
    aides: QuerySet[Financement, Financement] = Financement.objects.vivants().filter(ligne=ligne)
    return aides


def mouvements_de_la_ligne(ligne: LigneBudget) -> QuerySet[MouvementBudget, MouvementBudget]:
    return MouvementBudget.objects.filter(ligne=ligne).select_related("decision").order_by("decision__numero")


def decisions_sur(ligne: LigneBudget) -> QuerySet[DecisionModificative, DecisionModificative]:
    """The corrections that speak of it, adopted or not."""
    return DecisionModificative.objects.filter(mouvements__ligne=ligne)


def a_choisir(sorte: str, etablissement: Etablissement, tenu: int | None = None) -> list[tuple[int, str]]:
    """« action », « achat » or « formation »: the school's, and the one that is held, were it in the bin."""
    siens = LIENS[sorte].objects.filter(Q(supprime_le__isnull=True) | Q(pk=tenu), etablissement=etablissement)
    return [
        (cle, f"{intitule} (à la corbeille)" if supprime_le else intitule)
        for cle, intitule, supprime_le in siens.order_by("intitule", "pk").values_list("pk", "intitule", "supprime_le")
    ]


def reference_prise(ligne: LigneBudget, exercice: int) -> bool:
    """Another line of the exercice has its reference: a file brought both."""
    pareilles = LigneBudget.objects.vivants().filter(etablissement=ligne.etablissement_id, exercice=exercice)
    return bool(ligne.reference) and pareilles.filter(reference__iexact=ligne.reference).exclude(pk=ligne.pk).exists()
