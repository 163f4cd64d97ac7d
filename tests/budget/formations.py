"""A school's trainings, a piece at a time, for the tests of this app: each made through the acts."""

import datetime
import uuid
from decimal import Decimal

from budget.domain.effectifs import fixer_effectifs
from budget.domain.formateurs import fixer_capacite
from budget.domain.formations import SaisieFormation, accorder, creer_formation, demander
from budget.domain.seances import SaisieSeance, ajouter_seance, tenir_seance
from budget.models import BesoinFormation, CapaciteFormateurs, EffectifEquipe, Equipe, Seance
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import District, Etablissement, Utilisateur

D = Decimal
MAINTENANT = datetime.datetime(2031, 3, 20, 10, 0, tzinfo=datetime.UTC)
JOUR = MAINTENANT.date()
ANNEE = "2030-2031"


def chef_de(etablissement: Etablissement) -> Utilisateur:
    return etablissement.affectations.filter(role="chef").select_related("utilisateur").first().utilisateur


def animateur_de(district: District) -> Utilisateur:
    return district.affectations.filter(role="animateur").select_related("utilisateur").first().utilisateur


def une_saisie(intitule: str = "Prendre en main l'ENT", **champs) -> SaisieFormation:
    """Asked of the académie, for teachers, complete enough to be asked for."""
    valeurs = {
        "annee_scolaire": ANNEE,
        "trimestre": 2,
        "equipes": frozenset({"enseignants"}),
        "effectif": 20,
        "modalite": "locale",
        "heures": D("6.00"),
        "heures_formateur": D("0.00"),
        "constat": "Les équipes disent ne pas s'en servir.",
        "objectif": "Tenir le cahier de textes en ligne.",
    }
    return SaisieFormation(intitule=intitule, **(valeurs | champs))


def une_formation(
    etablissement: Etablissement,
    intitule: str = "Prendre en main l'ENT",
    *,
    maintenant: datetime.datetime = MAINTENANT,
    **champs,
) -> BesoinFormation:
    return creer_formation(
        etablissement=etablissement,
        saisie=une_saisie(intitule, **champs),
        cle=uuid.uuid4(),
        auteur=chef_de(etablissement),
        maintenant=maintenant,
    )


def demandee(etablissement: Etablissement, intitule: str = "Prendre en main l'ENT", **champs) -> BesoinFormation:
    formation = une_formation(etablissement, intitule, **champs)
    return demander(
        formation=formation, version=formation.version, auteur=chef_de(etablissement), maintenant=MAINTENANT
    )


def accordee(etablissement: Etablissement, intitule: str = "Prendre en main l'ENT", **champs) -> BesoinFormation:
    formation = demandee(etablissement, intitule, **champs)
    return accorder(
        formation=formation, version=formation.version, auteur=chef_de(etablissement), maintenant=MAINTENANT
    )


def une_seance(formation: BesoinFormation, jour: datetime.date = datetime.date(2031, 3, 10), **champs) -> Seance:
    valeurs = {"heures": D("3.00"), "intervenant": "district"}
    return ajouter_seance(
        formation=formation,
        saisie=SaisieSeance(jour=jour, **(valeurs | champs)),
        cle=uuid.uuid4(),
        auteur=chef_de(formation.etablissement),
    )


def une_seance_tenue(
    formation: BesoinFormation, jour: datetime.date = datetime.date(2031, 3, 10), presents=None, **champs
) -> Seance:
    seance = une_seance(formation, jour, **champs)
    return tenir_seance(
        seance=seance,
        version=seance.version,
        presents=presents or {"enseignants": 12},
        auteur=chef_de(formation.etablissement),
        maintenant=MAINTENANT,
    )


def des_effectifs(etablissement: Etablissement, annee: str = ANNEE, **equipes: int) -> None:
    fixer_effectifs(
        etablissement=etablissement,
        annee=annee,
        base=dict.fromkeys(equipes),
        saisie=equipes,
        auteur=chef_de(etablissement),
    )


def des_heures(district: District, heures: str | int, annee: str = ANNEE) -> CapaciteFormateurs:
    return fixer_capacite(
        district=district,
        annee=annee,
        heures=D(heures),
        version=0,
        auteur=animateur_de(district),
        maintenant=MAINTENANT,
    )


def cette_annee(etablissement: Etablissement) -> str:
    """The one that pages show first."""
    from django.utils import timezone

    return annee_scolaire(timezone.localdate(timezone=etablissement.academie.zone))


def presences(seance: Seance) -> dict[str, int]:
    return dict(seance.presences.values_list("equipe", "presents"))


def effectifs(etablissement: Etablissement, annee: str = ANNEE) -> dict[str, int]:
    siens = EffectifEquipe.objects.filter(etablissement=etablissement, annee_scolaire=annee)
    return dict(siens.values_list("equipe", "effectif"))


EQUIPES = tuple(Equipe.values)
