"""When a line of the budget, or what pays for it, may be written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from budget.domain.argent import MONTANT_MAX, euros
from budget.rules.exercices import empechement_annee_servie

if TYPE_CHECKING:
    from budget.domain.financements import SaisieFinancement
    from budget.domain.lignes import SaisieLigne
    from budget.models import Achat, LigneBudget
    from strategie.socle.models import Etablissement

INTITULE_MAX, NOTE_MAX = 200, 300
SANS_INTITULE = "Dites en quelques mots ce qui sera payé."
AIDE_SANS_INTITULE = "Dites en quelques mots de quelle aide il s'agit."
CHANGE = "Cette ligne a changé ou n'est plus là\u00a0: rechargez la page."
FINANCEMENT_CHANGE = "Ce financement a changé ou n'est plus là\u00a0: rechargez la page."
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
        yield "intitule", SANS_INTITULE
    if refus := empechement_annee_servie(saisie.annee_scolaire, saisie.exercice):
        yield "annee_scolaire", refus
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
        yield "intitule", AIDE_SANS_INTITULE
    if refus := empechement_annee_servie(saisie.annee_scolaire, saisie.exercice):
        yield "annee_scolaire", refus
    for champ, nom in AIDES.items():
        yield from _montant(champ, nom, getattr(saisie, champ))
    if saisie.recu > saisie.accorde:
        yield "recu", "On ne reçoit pas plus que ce qui est accordé."
    if saisie.refuse and saisie.accorde:
        yield "refuse", "Une aide refusée n'accorde rien\u00a0: remettez à zéro ce qui est accordé."
    if saisie.demande_le and saisie.accorde_le and saisie.accorde_le < saisie.demande_le:
        yield "accorde_le", "Une aide n'est pas accordée avant d'être demandée."


def empechement_depasser(quoi: str, aides: Decimal, cout: Decimal) -> str | None:
    """Grants never exceed what they pay for. `quoi`: « accordé »."""
    if aides <= cout:
        return None
    return f"Le total {quoi} ({euros(aides)}) dépasse le coût ({euros(cout)})\u00a0: une aide ne paie pas plus que lui."


def empechement_changer_d_exercice(decisions: list[str]) -> str | None:
    """`decisions`: the corrections that speak of the line, by their names."""
    if not decisions:
        return None
    return f"Cette ligne reste dans son exercice\u00a0: {', '.join(decisions)} la change."


def empechement_prendre_la_reference(ligne: LigneBudget, exercice: int, *, prise: bool) -> str | None:
    """`prise`: a line of the exercice where it goes came from the same line of a file."""
    if not prise:
        return None
    return (
        f"L'exercice {exercice} a déjà une ligne de référence «\u00a0{ligne.reference}\u00a0»\u00a0: changez plutôt "
        "celle-là."
    )


def empechement_retirer_ligne(financements: int, decisions: list[str]) -> str | None:
    """What would be lost in silence, were the line thrown away."""
    if financements:
        aides = "Un financement paie" if financements == 1 else f"{financements} financements paient"
        return f"{aides} cette ligne\u00a0: retirez d'abord ce qui la paie, ou rattachez-le à une autre."
    if decisions:
        return f"{', '.join(decisions)} change cette ligne\u00a0: elle reste, pour l'histoire. Mettez-la plutôt à zéro."
    return None


def empechement_restaurer_financement(ligne: LigneBudget | None, achat: Achat | None) -> str | None:
    """It comes back to what it paid for."""
    if ligne is not None and ligne.supprime_le:
        return f"Restaurez d'abord la ligne «\u00a0{ligne}\u00a0», que ce financement paie."
    if achat is not None and achat.supprime_le:
        return f"Restaurez d'abord l'achat «\u00a0{achat}\u00a0», que ce financement paie."
    return None
