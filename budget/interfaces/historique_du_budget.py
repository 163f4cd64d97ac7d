"""The words in which the past of the budget is read; they join those of the plan."""

from budget.domain.argent import euros
from budget.domain.corbeille_du_budget import inscrire_le_budget_a_la_corbeille
from budget.domain.financeurs import FINANCEURS
from budget.models import Financement, LigneBudget
from budget.queries.historique_du_budget import SORTES
from plans.interfaces import historique
from plans.interfaces.historique import Sorte
from plans.queries import corbeille as requetes_corbeille
from plans.queries import historique as requetes_historique
from strategie.socle.droits import Droit

PHRASES = {
    "creer_ligne_budget": "a créé la ligne de budget",
    "modifier_ligne_budget": "a modifié la ligne de budget",
    "retirer_ligne_budget": "a mis la ligne de budget à la corbeille",
    "restaurer_ligne_budget": "a restauré la ligne de budget",
    "importer_budget": "a importé le budget",
    "creer_financement": "a noté le financement",
    "modifier_financement": "a modifié le financement",
    "retirer_financement": "a mis le financement à la corbeille",
    "restaurer_financement": "a restauré le financement",
    "clore_exercice": "a clos l'exercice",
    "rouvrir_exercice": "a rouvert l'exercice",
    "creer_dbm": "a préparé la décision modificative",
    "modifier_dbm": "a modifié la décision modificative",
    "fixer_mouvement": "a changé un mouvement de la décision modificative",
    "adopter_dbm": "a noté l'adoption de la décision modificative",
    "rejeter_dbm": "a noté le rejet de la décision modificative",
}
MOTS = {
    "ligne_budget": Sorte("Ligne de budget", "de la ligne de budget", "ligne", True, Droit.LIRE_BUDGET),
    "financement": Sorte("Financement", "du financement", "budget", False, Droit.LIRE_BUDGET),
    "exercice": Sorte("Exercice", "de l'exercice", "budget", False, Droit.LIRE_BUDGET),
    "dbm": Sorte("Décision modificative", "de la décision modificative", "dbm_voir", True, Droit.LIRE_BUDGET),
}
SOMMES = {
    "budget.LigneBudget": ("prevu", "engage", "paye"),
    "budget.Financement": ("demande", "accorde", "recu"),
    "budget.MouvementBudget": ("montant",),
}


def inscrire() -> None:
    """When the application starts: what the budget keeps has its place in the school's bin and in its history."""
    inscrire_le_budget_a_la_corbeille()
    requetes_corbeille.SORTES.update(
        {"ligne_budget": (LigneBudget, "intitule"), "financement": (Financement, "intitule")}
    )
    requetes_historique.SORTES.update(SORTES)
    historique.PHRASES.update(PHRASES)
    historique.MOTS.update(MOTS)
    historique.FACONS.update({f"{modele}.{nom}": euros for modele, noms in SOMMES.items() for nom in noms})
    historique.FACONS["budget.Financement.source"] = nom_du_financeur


def nom_du_financeur(code: str) -> str:
    return FINANCEURS[code].nom if code in FINANCEURS else code
