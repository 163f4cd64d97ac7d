"""A school's plan, a piece at a time, for the tests of this app: each function makes one thing, with dull values."""

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone

from plans.domain.actions import SaisieAction, creer_action, publier_action
from plans.models import Action, Axe, Besoin, Constat, IndicateurSuivi
from strategie.socle.domain.calendrier import annee_scolaire, bornes
from strategie.socle.models import Etablissement, Utilisateur

REPONSES = {
    "necessaire": "Les équipes le demandent depuis un an.",
    "realiste": "Deux collèges voisins l'ont fait.",
    "realisable": "Le temps est prévu dans les services.",
    "coherent": "C'est le premier point de notre vision.",
}


def cette_annee(etablissement: Etablissement) -> str:
    return annee_scolaire(timezone.localdate(timezone=etablissement.academie.zone))


def chef_de(etablissement: Etablissement) -> Utilisateur:
    return etablissement.affectations.filter(role="chef").select_related("utilisateur").first().utilisateur


def un_constat(
    etablissement: Etablissement,
    texte: str = "Le Wi-Fi coupe en salle 12",
    *,
    auteur: Utilisateur | None = None,
    **champs,
) -> Constat:
    valeurs = {
        "annee_scolaire": cette_annee(etablissement),
        "sens": "irritant",
        "theme": "acces",
        "source": "professeurs",
        "cree_par": auteur or chef_de(etablissement),
        "cree_le": timezone.now(),
        "modifie_le": timezone.now(),
    }
    return Constat.objects.create(etablissement=etablissement, texte=texte, **(valeurs | champs))


def un_besoin(
    etablissement: Etablissement,
    intitule: str = "Un réseau qui tient",
    *,
    constats: Iterable[Constat] = (),
    auteur: Utilisateur | None = None,
    **champs,
) -> Besoin:
    """Typed, unless `origine` and `reference` say otherwise; it rests on `constats`."""
    valeurs = {
        "annee_scolaire": cette_annee(etablissement),
        "origine": "saisi",
        "reference": "",
        "retenu_par": auteur or chef_de(etablissement),
        "retenu_le": timezone.now(),
    }
    besoin = Besoin.objects.create(etablissement=etablissement, intitule=intitule, **(valeurs | champs))
    besoin.retours.set(constats)
    return besoin


def un_axe(
    etablissement: Etablissement,
    intitule: str = "Fiabiliser le réseau",
    *,
    besoins: Iterable[Besoin] = (),
    auteur: Utilisateur | None = None,
    **champs,
) -> Axe:
    """It answers `besoins`, and nothing else."""
    valeurs = {
        "annee_scolaire": cette_annee(etablissement),
        "theme": "acces",
        "cree_par": auteur or chef_de(etablissement),
        "cree_le": timezone.now(),
    }
    axe = Axe.objects.create(etablissement=etablissement, intitule=intitule, **(valeurs | champs))
    axe.besoins.set(besoins)
    return axe


def un_axe_adosse(etablissement: Etablissement, intitule: str = "Fiabiliser le réseau", **champs) -> Axe:
    """It answers a need that rests on a constat."""
    besoin = un_besoin(etablissement, constats=[un_constat(etablissement)])
    return un_axe(etablissement, intitule, besoins=[besoin], **champs)


def une_saisie(etablissement: Etablissement, **champs) -> SaisieAction:
    annee = cette_annee(etablissement)
    valeurs = {
        "levier": "infrastructure",
        "intitule": "Installer deux bornes Wi-Fi",
        "description": "",
        "axes": frozenset(),
        "porteur": None,
        "fonction_porteuse": "",
        "contributeurs": frozenset(),
        "autres_contributeurs": "",
        "groupes": (),
        "autres_concernes": "",
        "annee_scolaire": annee,
        "trimestre": None,
        "annee_fin": annee,
        "trimestre_fin": None,
        "echeance": None,
    }
    return SaisieAction(**(valeurs | champs))


def une_action(
    etablissement: Etablissement,
    intitule: str = "Installer deux bornes Wi-Fi",
    *,
    axes: Iterable[Axe] = (),
    parent: Action | None = None,
    auteur: Utilisateur | None = None,
    maintenant: datetime.datetime | None = None,
    **champs,
) -> Action:
    """In draft; `champs` are those of `SaisieAction`."""
    saisie = une_saisie(etablissement, intitule=intitule, axes=frozenset(axe.pk for axe in axes), **champs)
    return creer_action(
        etablissement=etablissement,
        saisie=saisie,
        auteur=auteur or chef_de(etablissement),
        maintenant=maintenant or timezone.now(),
        parent=parent,
    )


def un_indicateur(action: Action, intitule: str = "Coupures par semaine", **champs) -> IndicateurSuivi:
    """All that publication asks of it is filled."""
    valeurs = {
        "unite": "coupures",
        "depart": 10,
        "depart_le": bornes(action.annee_scolaire)[0],
        "cible": 1,
        "cible_le": bornes(action.annee_fin)[1],
        "sens": "baisse",
        "source": "Journal du référent",
        "responsable": "Le référent numérique",
    }
    return IndicateurSuivi.objects.create(action=action, intitule=intitule, **(valeurs | champs))


def des_avis(action: Action, auteur: Utilisateur | None = None) -> None:
    """A yes to each of the four questions."""
    for question, reponse in REPONSES.items():
        action.examens.create(
            question=question,
            favorable=True,
            reponse=reponse,
            repondu_par=auteur or action.cree_par,
            repondu_le=timezone.now(),
        )


def une_action_publiee(
    etablissement: Etablissement,
    intitule: str = "Installer deux bornes Wi-Fi",
    *,
    axes: Iterable[Axe] | None = None,
    parent: Action | None = None,
    auteur: Utilisateur | None = None,
    maintenant: datetime.datetime | None = None,
    **champs,
) -> Action:
    """À venir, with all that publication asks: a backed axe (made here unless given), an indicator, four answers."""
    maintenant = maintenant or timezone.now()
    auteur = auteur or chef_de(etablissement)
    if axes is None:
        axes = () if parent else [un_axe_adosse(etablissement)]
    if not champs.get("porteur"):
        champs = {"fonction_porteuse": "Référent numérique"} | champs
    action = une_action(
        etablissement, intitule, axes=axes, parent=parent, auteur=auteur, maintenant=maintenant, **champs
    )
    if parent is None:
        un_indicateur(action)
        des_avis(action, auteur)
    publier_action(action=action, auteur=auteur, maintenant=maintenant)
    action.refresh_from_db()
    return action


def une_cle() -> uuid.UUID:
    """What a page puts in its form, so that a double click does one thing."""
    return uuid.uuid4()
