from diagnostic.models.campagne import Campagne, Prolongation
from diagnostic.models.diagnostic import (
    LIBELLES_VALEURS,
    CopieSignee,
    Delegation,
    Diagnostic,
    Preuve,
    Reponse,
    VoteReunion,
)
from diagnostic.models.referentiel import (
    Champ,
    Correspondance,
    Indicateur,
    Palier,
    Referentiel,
    ReglePlausibilite,
)
from diagnostic.models.regard import SecondRegard, Visite

__all__ = [
    "LIBELLES_VALEURS",
    "Campagne",
    "Champ",
    "CopieSignee",
    "Correspondance",
    "Delegation",
    "Diagnostic",
    "Indicateur",
    "Palier",
    "Preuve",
    "Prolongation",
    "Referentiel",
    "ReglePlausibilite",
    "Reponse",
    "SecondRegard",
    "Visite",
    "VoteReunion",
]
