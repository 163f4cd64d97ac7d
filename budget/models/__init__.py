from budget.models.achat import Achat, PosteDeCout
from budget.models.equipement import TERMINAUX, Categorie, CorrespondanceImport, DureeDeVie, Equipement, Lot
from budget.models.formation import (
    BesoinFormation,
    CapaciteFormateurs,
    EffectifEquipe,
    Equipe,
    Presence,
    ReglagesFormation,
    Seance,
)
from budget.models.infrastructure import MesureDebit, Raccordement, ServiceReseau
from budget.models.ligne import (
    DecisionModificative,
    Exercice,
    Financement,
    LigneBudget,
    LigneDeScenario,
    MouvementBudget,
)
from budget.models.parties import Partie
from budget.models.salle import Salle
from budget.models.usage import DecisionUsage, DeclarationUsage, Incident

__all__ = [
    "TERMINAUX",
    "Achat",
    "BesoinFormation",
    "CapaciteFormateurs",
    "Categorie",
    "CorrespondanceImport",
    "DecisionModificative",
    "DecisionUsage",
    "DeclarationUsage",
    "DureeDeVie",
    "EffectifEquipe",
    "Equipe",
    "Equipement",
    "Exercice",
    "Financement",
    "Incident",
    "LigneBudget",
    "LigneDeScenario",
    "Lot",
    "MesureDebit",
    "MouvementBudget",
    "Partie",
    "PosteDeCout",
    "Presence",
    "Raccordement",
    "ReglagesFormation",
    "Salle",
    "Seance",
    "ServiceReseau",
]
