from strategie.socle.models.comptes import Affectation, Invitation, Utilisateur
from strategie.socle.models.perimetre import (
    ModelePerimetre,
    QuerySetPerimetre,
    commun,
    par_academie,
    par_etablissement,
)
from strategie.socle.models.territoire import (
    Academie,
    Collectivite,
    Departement,
    District,
    Etablissement,
    MouvementDeDistricts,
)

__all__ = [
    "Academie",
    "Affectation",
    "Collectivite",
    "Departement",
    "District",
    "Etablissement",
    "Invitation",
    "ModelePerimetre",
    "MouvementDeDistricts",
    "QuerySetPerimetre",
    "Utilisateur",
    "commun",
    "par_academie",
    "par_etablissement",
]
