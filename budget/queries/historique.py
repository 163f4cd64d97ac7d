"""What a school reads of the past of its equipment."""

from budget.models import DecisionUsage, DeclarationUsage, Equipement, Lot, Salle
from strategie.socle.queries.historique import Suivies

SORTES: dict[str, tuple[Suivies, ...]] = {
    "equipement": (Suivies(Equipement, d_avant=True, tus=frozenset({"academie", "source"})),),
    "lot": (
        Suivies(Lot),
        Suivies(DeclarationUsage, "lot", nom="déclaration d'usage", feminin=True, resume="trimestre"),
        Suivies(DecisionUsage, "lot", nom="décision", feminin=True, resume="trimestre"),
    ),
    "salle": (Suivies(Salle),),
}
