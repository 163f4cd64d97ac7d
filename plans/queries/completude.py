"""What a plan still lacks, and what is late or silent: found by the database, in one query."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from plans.models import Action, IndicateurSuivi
from plans.models.action import ActionQuerySet
from plans.rules.actions import SILENCE
from strategie.socle.domain.calendrier import annee_scolaire, trimestre

# In the order in which they are said; each is also a value of the plan's filter.
FILTRES = {
    "sans_porteur": "sans porteur",
    "sans_indicateur": "sans indicateur",
    "silencieuses": "sans nouvelle depuis 90\u00a0jours",
    "en_retard": "en retard",
    "a_justifier": "à justifier",
}
# What is done or given up asks for nothing more.
EN_VIE = ~Q(etat__in=Action.FINIES)
SUIVIES = EN_VIE & ~Q(etat=Action.Etat.BROUILLON)


@dataclass(frozen=True)
class Rappel:
    """`filtre`: the value that shows them in the plan's table."""

    filtre: str
    nombre: int
    libelle: str


def rappels(actions: ActionQuerySet, jour: datetime.date) -> list[Rappel]:
    """« 4 sans porteur, 2 sans indicateur… », of these actions on `jour`; those that count nothing are left out."""
    comptes = _marquees(actions, jour).aggregate(
        **{filtre: Count("pk", filter=Q(**{f"est_{filtre}": True})) for filtre in FILTRES}
    )
    return [Rappel(filtre, comptes[filtre], libelle) for filtre, libelle in FILTRES.items() if comptes[filtre]]


def filtrer(actions: ActionQuerySet, filtre: str, jour: datetime.date) -> ActionQuerySet:
    """Those that one of `FILTRES` points at."""
    return _marquees(actions, jour).filter(**{f"est_{filtre}": True})


def en_retard(jour: datetime.date) -> Q:
    """As `Action.en_retard` says of one."""
    annee = _annee_en_cours(jour)
    passee = Q(annee_fin__lt=annee) | Q(annee_fin=annee, trimestre_fin__lt=trimestre(jour))
    return SUIVIES & (Q(echeance__lt=jour) | Q(echeance__isnull=True) & passee)


def silencieuse(jour: datetime.date) -> Q:
    """Begun, or due to have begun, and without a word for long."""
    annee = _annee_en_cours(jour)
    due = Q(annee_scolaire__lt=annee) | Q(annee_scolaire=annee) & (
        Q(trimestre__isnull=True) | Q(trimestre__lte=trimestre(jour))
    )
    return SUIVIES & (~Q(etat=Action.Etat.A_VENIR) | due) & Q(derniere_nouvelle__lt=jour - SILENCE)


def _annee_en_cours(jour: datetime.date) -> str:
    """Terms turn on 1 September, whatever people mean in the last days of August."""
    return annee_scolaire(jour.replace(day=1))


def _marquees(actions: ActionQuerySet, jour: datetime.date) -> ActionQuerySet:
    """A sub-action is measured by the indicators of the action that it is part of."""
    indicateurs = IndicateurSuivi.objects.vivants().filter(action=OuterRef("pk"))
    return actions.avec_justification().alias(
        est_sans_porteur=EN_VIE & Q(porteur__isnull=True, fonction_porteuse=""),
        est_sans_indicateur=EN_VIE & Q(parent__isnull=True) & ~Exists(indicateurs),
        est_silencieuses=silencieuse(jour),
        est_en_retard=en_retard(jour),
        est_a_justifier=SUIVIES & Q(justifiee=False),
    )
