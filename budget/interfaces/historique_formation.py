"""The words in which the past of trainings is read, and their place in the school's bin."""

from budget.models import BesoinFormation, Presence, Seance
from budget.queries.formations import empechement_de_retirer
from plans.domain import corbeille
from plans.interfaces import historique
from plans.interfaces.historique import Sorte
from plans.queries import corbeille as requetes_corbeille
from plans.queries import historique as requetes_historique
from strategie.socle.queries.historique import Suivies

PHRASES = {
    "creer_formation": "a écrit le besoin de formation",
    "modifier_formation": "a modifié la formation",
    "demander_formation": "a demandé la formation",
    "accorder_formation": "a accordé la formation",
    "refuser_formation": "a refusé la formation",
    "annuler_formation": "a annulé la formation",
    "reprendre_formation": "a repris la formation",
    "realiser_formation": "a dit la formation réalisée",
    "evaluer_formation": "a évalué la formation",
    "retirer_formation": "a mis la formation à la corbeille",
    "restaurer_formation": "a restauré la formation",
    "ajouter_seance": "a ajouté une séance",
    "modifier_seance": "a modifié une séance",
    "annuler_seance": "a annulé une séance",
    "tenir_seance": "a compté les présents d'une séance",
    "fixer_effectifs_equipes": "a dit combien compte chaque équipe",
    "fixer_capacite_formateurs": "a fixé les heures de formateurs du district",
    "regler_formation": "a réglé le nom et le groupe minimum des formations locales",
}
SUIVIES = (
    Suivies(BesoinFormation, tus=frozenset({"etat_avant_arret"})),
    Suivies(Seance, "formation", nom="séance", feminin=True, resume="jour"),
    Suivies(Presence, "seance__formation", nom="nombre de présents", resume="equipe", tus=frozenset({"seance"})),
)


def inscrire() -> None:
    """When the application starts."""
    corbeille.inscrire(BesoinFormation, "formation", retirer=empechement_de_retirer)
    requetes_corbeille.SORTES["formation"] = (BesoinFormation, "intitule")
    requetes_historique.SORTES["formation"] = SUIVIES
    historique.PHRASES.update(PHRASES)
    historique.MOTS["formation"] = Sorte("Formation", "de la formation", "formation", True)
