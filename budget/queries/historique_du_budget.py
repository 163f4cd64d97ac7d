"""What a school reads of the past of its budget."""

from budget.models import DecisionModificative, Exercice, Financement, LigneBudget, MouvementBudget
from strategie.socle.queries.historique import Suivies

SORTES: dict[str, tuple[Suivies, ...]] = {
    "ligne_budget": (
        Suivies(LigneBudget, tus=frozenset({"origine"})),
        Suivies(Financement, "ligne", nom="financement", resume="intitule"),
        Suivies(MouvementBudget, "ligne", nom="mouvement", resume="decision_id"),
    ),
    "financement": (Suivies(Financement),),
    "exercice": (Suivies(Exercice),),
    "dbm": (
        Suivies(DecisionModificative),
        Suivies(MouvementBudget, "decision", nom="mouvement", resume="ligne_id"),
    ),
}
