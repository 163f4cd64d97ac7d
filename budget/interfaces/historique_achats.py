"""The words in which the past of purchases is read, and their place in the school's bin."""

from budget.domain.achats import inscrire_l_achat_a_la_corbeille
from budget.domain.argent import euros
from budget.models import Achat, PosteDeCout
from plans.interfaces import historique
from plans.interfaces.historique import Sorte
from plans.queries import corbeille as requetes_corbeille
from plans.queries import historique as requetes_historique
from strategie.socle.droits import Droit
from strategie.socle.queries.historique import Suivies

PHRASES = {
    "creer_achat": "a écrit l'achat",
    "modifier_achat": "a modifié l'achat",
    "fixer_couts_achat": "a dit ce que l'achat coûte",
    "approuver_achat": "a approuvé l'achat",
    "livrer_achat": "a noté la livraison de l'achat",
    "abandonner_achat": "a abandonné l'achat",
    "remettre_achat_en_projet": "a remis l'achat en projet",
    "prevoir_lignes_achat": "a prévu au budget les lignes de l'achat",
    "fixer_scenario": "a changé un scénario du budget",
    "retirer_achat": "a mis l'achat à la corbeille",
    "restaurer_achat": "a restauré l'achat",
}
SUIVIES = (Suivies(Achat), Suivies(PosteDeCout, "achat", nom="coût", resume="famille"))


def inscrire() -> None:
    """When the application starts, between trainings and the budget."""
    inscrire_l_achat_a_la_corbeille()
    requetes_corbeille.SORTES["achat"] = (Achat, "intitule")
    requetes_historique.SORTES["achat"] = SUIVIES
    historique.PHRASES.update(PHRASES)
    historique.MOTS["achat"] = Sorte("Achat", "de l'achat", "achat", True, Droit.LIRE_BUDGET)
    historique.FACONS["budget.PosteDeCout.montant"] = euros
