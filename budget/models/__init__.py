from budget.models.equipement import TERMINAUX, Categorie, CorrespondanceImport, DureeDeVie, Equipement, Lot
from budget.models.infrastructure import MesureDebit, Raccordement, ServiceReseau
from budget.models.parties import Partie
from budget.models.salle import Salle
from budget.models.usage import DecisionUsage, DeclarationUsage, Incident

__all__ = [
    "TERMINAUX",
    "Categorie",
    "CorrespondanceImport",
    "DecisionUsage",
    "DeclarationUsage",
    "DureeDeVie",
    "Equipement",
    "Incident",
    "Lot",
    "MesureDebit",
    "Partie",
    "Raccordement",
    "Salle",
    "ServiceReseau",
]
