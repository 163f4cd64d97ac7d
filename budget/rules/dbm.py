"""When a correction of the budget (DBM) may be written, adopted, rejected."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from budget.domain.argent import MONTANT_MAX, euros

if TYPE_CHECKING:
    from budget.domain.dbm import SaisieDBM
    from budget.models import DecisionModificative, LigneBudget
    from strategie.socle.models import Etablissement

OBJET_MAX = 300
SANS_OBJET = "Dites en une phrase ce que la décision change, et pourquoi."
# Help, never a constraint: the list is the accountants', and changes without us.
CODES: Mapping[str, str] = {
    "21": "ressources affectées à une dépense (21 et suivants)",
    "31": "virement entre services",
    "32": "prélèvement sur le fonds de roulement",
    "33": "ressources nouvelles, non affectées",
}
VIREMENT = "31"
CHANGEE = "Cette décision a changé depuis que vous l'avez lue\u00a0: relisez-la ci-dessous, puis recommencez."
LIGNE_ABSENTE = "Cette ligne n'est pas, ou n'est plus, dans l'exercice de la décision."
SANS_DBM = (
    "Une école n'a pas de budget propre\u00a0: pas de décision modificative. Changez les lignes elles-mêmes, avec ceux "
    "qui paient."
)


def empechement_dbm(etablissement: Etablissement) -> str | None:
    return SANS_DBM if etablissement.premier_degre else None


def defauts_de_la_dbm(saisie: SaisieDBM) -> dict[str, str]:
    """What is wrong, by field."""
    defauts = {}
    if not saisie.objet:
        defauts["objet"] = SANS_OBJET
    if saisie.genre not in ("information", "vote"):
        defauts["genre"] = "Dites si la décision est pour information ou pour vote."
    if saisie.code and not re.fullmatch(r"[0-9]{2,4}", saisie.code):
        defauts["code"] = "Un code de décision s'écrit en chiffres, comme 31."
    return defauts


def empechement_ecrire_dbm(decision: DecisionModificative) -> str | None:
    """What is adopted or rejected stays as it was said."""
    if decision.etat == "projet":
        return None
    faite = "adoptée" if decision.etat == "adoptee" else "rejetée"
    return f"La {decision} est {faite}\u00a0: elle ne change plus. Préparez-en une autre."


def empechement_adopter(decision: DecisionModificative, mouvements: int) -> str | None:
    if refus := empechement_ecrire_dbm(decision):
        return refus
    return None if mouvements else "Cette décision ne change encore rien\u00a0: ajoutez-lui un mouvement."


def empechement_date_d_adoption(decision: DecisionModificative, jour: datetime.date, ici: datetime.date) -> str | None:
    """`ici`: today, where the school is."""
    if jour > ici:
        return "Cette date est à venir\u00a0: notez la décision une fois prise."
    if jour.year < decision.exercice - 1:
        return f"Cette date est trop ancienne pour l'exercice {decision.exercice}."
    return None


def empechement_montant_du_mouvement(montant: Decimal) -> str | None:
    return "Ce montant est démesuré." if abs(montant) > MONTANT_MAX else None


def empechement_mouvement(ligne: LigneBudget, montant: Decimal, accorde: Decimal) -> str | None:
    """What the movement would make of the line. `accorde`: what others grant for it."""
    apres = ligne.prevu + montant
    nom = f"«\u00a0{ligne.intitule}\u00a0»"
    if apres < 0:
        return f"La ligne {nom} passerait sous zéro\u00a0: {euros(ligne.prevu)} prévus, {euros(montant)} en mouvement."
    if apres > MONTANT_MAX:
        return f"La ligne {nom} dépasserait ce qui peut s'écrire."
    if montant < 0 and apres < ligne.engage:
        return f"La ligne {nom} passerait à {euros(apres)}, moins que ce qui est engagé ({euros(ligne.engage)})."
    if montant < 0 and apres < accorde:
        return f"La ligne {nom} passerait à {euros(apres)}, moins que ce qui lui est accordé ({euros(accorde)})."
    return None
