"""When a line of the budget, or what pays for it, may be written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from budget.domain.argent import MONTANT_MAX, euros
from plans.rules.besoins import est_une_annee

if TYPE_CHECKING:
    from budget.domain.financements import SaisieFinancement
    from budget.domain.lignes import SaisieLigne
    from strategie.socle.models import Etablissement

INTITULE_MAX, NOTE_MAX = 200, 300
CHANGE = "Cette ligne a changé ou n'est plus là\u00a0: rechargez la page."
SANS_BUDGET_PROPRE = (
    "Une école n'a pas de budget propre\u00a0: dites qui paie, la commune, l'État, la coopérative ou un don."
)
MONTANTS = {"prevu": "prévu", "engage": "engagé", "paye": "payé"}
AIDES = {"demande": "demandé", "accorde": "accordé", "recu": "reçu"}


def defauts_de_la_ligne(etablissement: Etablissement, saisie: SaisieLigne) -> dict[str, str]:
    """What is wrong, by field."""
    return dict(reversed(list(_defauts_de_la_ligne(etablissement, saisie))))


def _defauts_de_la_ligne(etablissement: Etablissement, saisie: SaisieLigne) -> Iterator[tuple[str, str]]:
    if not saisie.intitule:
        yield "intitule", "Dites en quelques mots ce qui sera payé."
    if not est_une_annee(saisie.annee_scolaire):
        yield "annee_scolaire", "Une année scolaire s'écrit sur deux années qui se suivent, comme 2026-2027."
    elif str(saisie.exercice) not in saisie.annee_scolaire.split("-"):
        yield (
            "annee_scolaire",
            (
                f"L'année scolaire {saisie.annee_scolaire} ne touche pas l'exercice {saisie.exercice}\u00a0: une "
                "dépense d'un exercice sert l'année scolaire qui s'y termine ou celle qui y commence."
            ),
        )
    if etablissement.premier_degre and saisie.payeur == "eple":
        yield "payeur", SANS_BUDGET_PROPRE
    if etablissement.premier_degre and saisie.service:
        yield "service", "Les services AP, VE, ALO et OPC sont ceux du budget d'un collège ou d'un lycée."
    if saisie.service == "OPC" and saisie.section != "investissement":
        yield "service", "Le service OPC ne porte que des opérations en capital\u00a0: la section est l'investissement."
    for champ, nom in MONTANTS.items():
        yield from _montant(champ, nom, getattr(saisie, champ))
    if saisie.paye > saisie.engage:
        yield (
            "paye",
            (
                f"On ne paie pas plus que ce qui est engagé\u00a0: {euros(saisie.paye)} payés, {euros(saisie.engage)} "
                "engagés."
            ),
        )


def _montant(champ: str, nom: str, montant: Decimal) -> Iterator[tuple[str, str]]:
    if montant < 0:
        yield champ, f"Le montant {nom} est positif ou nul."
    elif montant > MONTANT_MAX:
        yield champ, f"Le montant {nom} est démesuré."


def defauts_du_financement(saisie: SaisieFinancement) -> dict[str, str]:
    return dict(reversed(list(_defauts_du_financement(saisie))))


def _defauts_du_financement(saisie: SaisieFinancement) -> Iterator[tuple[str, str]]:
    if not saisie.intitule:
        yield "intitule", "Dites en quelques mots de quelle aide il s'agit."
    for champ, nom in AIDES.items():
        yield from _montant(champ, nom, getattr(saisie, champ))
    if saisie.recu > saisie.accorde:
        yield "recu", "On ne reçoit pas plus que ce qui est accordé."
    if saisie.refuse and saisie.accorde:
        yield "refuse", "Une aide refusée n'accorde rien\u00a0: remettez à zéro ce qui est accordé."


def empechement_depasser(quoi: str, aides: Decimal, cout: Decimal) -> str | None:
    """Grants never exceed what they pay for. `quoi`: « accordé », « demandé »."""
    if aides <= cout:
        return None
    return f"Le total {quoi} ({euros(aides)}) dépasse le coût ({euros(cout)})\u00a0: une aide ne paie pas plus que lui."
