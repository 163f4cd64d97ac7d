"""The columns of the budget's files: those of its exports, and of the file that an import recognises."""

from __future__ import annotations

from budget.domain.import_lignes import REFERENCE_DE_PALIERS
from budget.interfaces.colonnes import ColonneInventaire as Colonne
from budget.models import LigneBudget, Partie
from budget.queries.budget import LigneLue
from plans.models import Action
from strategie.socle.interfaces.csv_en_sql import Genre

COLONNES: tuple[Colonne, ...] = (
    Colonne("reference", "Référence"),
    Colonne("exercice", "Exercice", Genre.NOMBRE),
    Colonne("annee_scolaire", "Année scolaire servie"),
    Colonne("intitule", "Intitulé"),
    Colonne("section", "Section", choix=dict(LigneBudget.Section.choices)),
    Colonne("levier", "Moyen", choix=dict(Action.Levier.choices)),
    Colonne("service", "Service"),
    Colonne("activite", "Code d'activité"),
    Colonne("compte", "Compte"),
    Colonne("payeur", "Qui paie", choix=dict(Partie.choices)),
    Colonne("prevu", "Prévu", Genre.MONTANT),
    Colonne("engage", "Engagé", Genre.MONTANT),
    Colonne("paye", "Payé", Genre.MONTANT),
    Colonne("note", "Note"),
    Colonne("action_intitule", "Action du plan", importable=False),
    Colonne("achat_intitule", "Achat", importable=False),
    Colonne("formation_intitule", "Formation", importable=False),
    Colonne("origine", "Origine", choix=dict(LigneBudget.Origine.choices), importable=False),
)
IMPORTABLES = tuple(colonne for colonne in COLONNES if colonne.importable)


def reference_de(ligne: LigneLue) -> str:
    """What an import recognises the line by: the reference of the file that brought it, else its number here."""
    return ligne.reference or f"{REFERENCE_DE_PALIERS}{ligne.cle}"


def valeurs_de(ligne: LigneLue) -> tuple[object, ...]:
    """In the order of `COLONNES`, as they are kept."""
    return (reference_de(ligne), *(getattr(ligne, colonne.code) for colonne in COLONNES[1:]))
