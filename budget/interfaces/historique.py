"""The words in which the past of the equipment is read; they join those of the plan."""

from budget.domain.argent import euros
from budget.domain.corbeille import inscrire_a_la_corbeille
from budget.models import Equipement, Lot
from budget.queries.historique import SORTES
from plans.interfaces import historique
from plans.interfaces.historique import Sorte
from plans.queries import corbeille as requetes_corbeille
from plans.queries import historique as requetes_historique

PHRASES = {
    "ajouter_equipements": "a ajouté l'équipement",
    "modifier_equipement": "a modifié l'équipement",
    "deplacer_equipements": "a déplacé l'équipement",
    "changer_etat_equipements": "a changé l'état de l'équipement",
    "detacher_equipement": "a mis une partie de la ligne à part",
    "regrouper_equipements": "a regroupé des lignes pareilles",
    "preter_equipement": "a prêté l'équipement",
    "rendre_equipement": "a noté l'équipement rendu",
    "constater_equipement": "a vu l'équipement à sa place",
    "retirer_equipement": "a mis l'équipement à la corbeille",
    "restaurer_equipement": "a restauré l'équipement",
    "creer_lot": "a créé le lot",
    "modifier_lot": "a modifié le lot",
    "retirer_lot": "a mis le lot à la corbeille",
    "restaurer_lot": "a restauré le lot",
    "ajouter_salles": "a ajouté la salle",
    "modifier_salle": "a modifié la salle",
    "archiver_salle": "a archivé la salle",
    "retablir_salle": "a rétabli la salle",
    "fixer_durees": "a changé des durées de vie",
    "controler_salle": "a contrôlé la salle",
    "annuler_constats": "a annulé le contrôle",
    "recevoir_retours": "a reçu l'équipement en retour",
    "annuler_retour": "a annulé le retour",
    "numeroter_equipements": "a donné une étiquette à l'équipement",
    "importer_equipements": "a importé l'inventaire",
    "retenir_correspondance": "a choisi les colonnes d'un import",
    "ouvrir_incident": "a signalé un incident",
    "modifier_incident": "a modifié l'incident",
    "clore_incident": "a clos l'incident",
    "rouvrir_incident": "a rouvert l'incident",
    "declarer_usage": "a déclaré l'usage du lot",
    "decider_usage": "a décidé de la suite pour le lot",
    "ajouter_raccordement": "a ajouté la ligne Internet",
    "modifier_raccordement": "a modifié la ligne Internet",
    "retirer_raccordement": "a retiré la ligne Internet",
    "retablir_raccordement": "a rétabli la ligne Internet",
    "noter_mesure": "a noté une mesure de débit",
    "retirer_mesure": "a retiré une mesure de débit",
    "constater_wifi": "a constaté le Wi-Fi de la salle",
    "dire_service": "a dit où en est un service du réseau",
}
MOTS = {
    "equipement": Sorte("Équipement", "de l'équipement", "equipement", True),
    "lot": Sorte("Lot", "du lot", "lot", True),
    "salle": Sorte("Salle", "de la salle", "salle", True),
}


def inscrire() -> None:
    """When the application starts: what budget keeps has its place in the school's bin and in its history."""
    inscrire_a_la_corbeille()
    requetes_corbeille.SORTES.update({"equipement": (Equipement, "designation"), "lot": (Lot, "intitule")})
    requetes_historique.SORTES.update(SORTES)
    historique.PHRASES.update(PHRASES)
    historique.MOTS.update(MOTS)
    historique.FACONS["prix"] = euros
