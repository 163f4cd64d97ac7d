"""The words in which the past of the board's meetings, acts and files is read."""

from plans.interfaces import historique
from plans.interfaces.historique import Sorte
from plans.queries import historique as requetes_historique
from strategie.pilotage.models import Deliberation, SeanceDuConseil
from strategie.socle.droits import Droit
from strategie.socle.queries.historique import Suivies

PHRASES = {
    "noter_seance_du_conseil": "a noté la séance du conseil",
    "modifier_seance_du_conseil": "a modifié la séance du conseil",
    "preparer_deliberation": "a préparé l'acte",
    "modifier_deliberation": "a modifié l'acte",
    "retirer_seance_du_conseil": "a retiré la séance du conseil",
    "retirer_deliberation": "a retiré le projet d'acte",
    "enregistrer_vote": "a enregistré le vote",
    "dater_deliberation": "a noté les dates de l'acte",
    "fixer_regles_du_conseil": "a fixé les délais des conseils de l'académie",
    "faire_dossier": "a fait un dossier du conseil",
    "ouvrir_lot": "a demandé des dossiers en nombre",
    "arreter_lot": "a arrêté un lot de dossiers",
    "reprendre_lot": "a repris un lot de dossiers",
    "ecrire_mot_du_bilan": "a écrit le mot d'ouverture du bilan",
    "deposer_modele_de_bilan": "a déposé le modèle des bilans de l'académie",
    "retirer_modele_de_bilan": "est revenu au modèle commun des bilans",
    "choisir_sections": "a choisi ce que contient le dossier du conseil",
    "creer_district": "a créé le district",
    "renommer_district": "a changé le nom du district",
    "supprimer_district": "a supprimé le district",
    "nommer_les_districts": "a choisi le nom des districts de l'académie",
    "dessiner_districts": "a dessiné des districts",
    "annuler_mouvement": "a annulé le dernier mouvement",
    "confier_district": "a confié le district",
    "retirer_district": "a mis fin à un rôle d'animateur",
    "relancer_etablissements": "a relancé des établissements",
    "reessayer_rappel": "a demandé de réessayer un message",
    "regler_rappels": "a réglé les rappels de l'académie",
    "arreter_un_courriel": "a arrêté des courriels",
    "reprendre_un_courriel": "a repris des courriels",
}


def inscrire() -> None:
    """When the application starts."""
    requetes_historique.SORTES["deliberation"] = (Suivies(Deliberation),)
    requetes_historique.SORTES["seance_du_conseil"] = (Suivies(SeanceDuConseil),)
    historique.PHRASES.update(PHRASES)
    historique.MOTS["deliberation"] = Sorte("Acte du conseil", "de l'acte", "deliberation", True, Droit.LIRE_DOSSIER)
    historique.MOTS["seance_du_conseil"] = Sorte(
        "Séance du conseil", "de la séance", "evaluation", droit=Droit.LIRE_DOSSIER
    )
    historique.ETAPES |= {"deliberation": "evaluation", "seance_du_conseil": "evaluation"}
