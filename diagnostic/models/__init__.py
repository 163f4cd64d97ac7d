from diagnostic.models.campagne import Campagne
from diagnostic.models.diagnostic import LIBELLES_VALEURS, CopieSignee, Diagnostic, Preuve, Reponse
from diagnostic.models.referentiel import Champ, Indicateur, Palier, Referentiel

__all__ = [
    "LIBELLES_VALEURS",
    "Campagne",
    "Champ",
    "CopieSignee",
    "Diagnostic",
    "Indicateur",
    "Palier",
    "Preuve",
    "Referentiel",
    "Reponse",
]
