"""The figures of a yearly report as CSV, inside its PDF: from its dictionary alone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from strategie.pilotage.interfaces.tableaux_du_dossier import MONTANT, NOMBRE, TEXTE, Contenu, Rangee, Tableau, en_csv
from strategie.socle.interfaces.pdf import PieceJointe

ACTIONS = (
    *(("Clé", NOMBRE), ("Axes", TEXTE), ("Action", TEXTE), ("Sous-action de", TEXTE), ("Moyen", TEXTE)),
    *(("Quand", TEXTE), ("État", TEXTE), ("En retard", TEXTE), ("Raison", TEXTE)),
)
INDICATEURS = (
    *(("Clé", NOMBRE), ("Action", TEXTE), ("Indicateur", TEXTE), ("Unité", TEXTE), ("Départ", TEXTE)),
    *(("Dernier relevé", TEXTE), ("Relevé le", TEXTE), ("Cible", TEXTE), ("Où l'on en est", TEXTE)),
)
BUDGET = (("Moyen", TEXTE), ("Prévu (€)", MONTANT), ("Engagé (€)", MONTANT), ("Payé (€)", MONTANT))


def pieces_du_bilan(contenu: Contenu) -> list[PieceJointe]:
    tableaux = (
        Tableau("Actions", "actions.csv", "Les actions de l'année", ACTIONS, [*_actions(contenu)]),
        Tableau("Indicateurs", "indicateurs.csv", "Les indicateurs", INDICATEURS, [*_indicateurs(contenu)]),
        Tableau("Dépenses", "depenses.csv", "Les dépenses par moyen", BUDGET, [*_leviers(contenu)]),
    )
    return [PieceJointe(tableau.fichier, tableau.description, en_csv(tableau).encode()) for tableau in tableaux]


def _actions(contenu: Contenu) -> Iterator[Rangee]:
    axes = {axe["rang"]: axe["intitule"] for axe in contenu["plan"]["axes"]}
    for action in contenu["plan"]["actions"]:
        siens = "\u00a0; ".join(axes[rang] for rang in action["axes"])
        textes = (action[nom] for nom in ("intitule", "parent", "levier", "quand", "etat_dit"))
        yield action["cle"], siens, *textes, "Oui" if action["en_retard"] else "", action["raison"]


def _indicateurs(contenu: Contenu) -> Iterator[Rangee]:
    champs = ("action", "intitule", "unite", "depart", "valeur", "releve_le", "cible", "avancement")
    for un in contenu["indicateurs"]:
        yield un["cle"], *(un[nom] or "" for nom in champs)


def _leviers(contenu: Contenu) -> Iterator[Rangee]:
    for levier in contenu["budget"]["leviers"]:
        yield levier["nom"], *(Decimal(levier[nom]) for nom in ("prevu", "engage", "paye"))
