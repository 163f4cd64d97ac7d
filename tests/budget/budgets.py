"""A school's money, a piece at a time, for the tests of this app: each made through the acts."""

import uuid
from decimal import Decimal

from django.utils import timezone

from budget.domain.financements import SaisieFinancement, creer_financement
from budget.domain.lignes import SaisieLigne, creer_ligne
from budget.models import Financement, LigneBudget
from strategie.socle.models import Etablissement, Utilisateur

D = Decimal


def chef_de(etablissement: Etablissement) -> Utilisateur:
    return etablissement.affectations.filter(role="chef").select_related("utilisateur").first().utilisateur


def une_saisie(exercice: int, intitule: str = "Licences de la classe mobile", **champs) -> SaisieLigne:
    """A running line of an EPLE, serving the school year that begins in its exercice."""
    valeurs = {
        "annee_scolaire": f"{exercice}-{exercice + 1}",
        "section": "fonctionnement",
        "levier": "equipement",
        "payeur": "eple",
    }
    return SaisieLigne(exercice=exercice, intitule=intitule, **(valeurs | champs))


def une_ligne(
    etablissement: Etablissement, exercice: int, intitule: str = "Licences de la classe mobile", **champs
) -> LigneBudget:
    return creer_ligne(
        etablissement=etablissement,
        saisie=une_saisie(exercice, intitule, **champs),
        cle=uuid.uuid4(),
        auteur=chef_de(etablissement),
        maintenant=timezone.now(),
    )


def un_financement(
    etablissement: Etablissement, exercice: int, intitule: str = "Dotation du département", **champs
) -> Financement:
    valeurs = {
        "annee_scolaire": f"{exercice}-{exercice + 1}",
        "source": "dotation_collectivite",
        "section": "fonctionnement",
    }
    return creer_financement(
        etablissement=etablissement,
        saisie=SaisieFinancement(exercice=exercice, intitule=intitule, **(valeurs | champs)),
        cle=uuid.uuid4(),
        auteur=chef_de(etablissement),
        maintenant=timezone.now(),
    )
