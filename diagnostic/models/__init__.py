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
from diagnostic.models.enquete import (
    BulletinScelle,
    Coupon,
    Enquete,
    Expression,
    Instantane,
    ReponseDirection,
    ResultatEnquete,
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
    "BulletinScelle",
    "Campagne",
    "Champ",
    "CopieSignee",
    "Correspondance",
    "Coupon",
    "Delegation",
    "Diagnostic",
    "Enquete",
    "Expression",
    "Indicateur",
    "Instantane",
    "Palier",
    "Preuve",
    "Prolongation",
    "Referentiel",
    "ReglePlausibilite",
    "Reponse",
    "ReponseDirection",
    "ResultatEnquete",
    "SecondRegard",
    "Visite",
    "VoteReunion",
]
