"""A school year to tell, for the tests of this app: something of everything, made through the acts."""

import datetime
from decimal import Decimal
from typing import Any

from budget.domain.formations import annuler
from budget.models import Equipement
from plans.domain.actions import changer_etat
from plans.models import Action, Objectif, Releve
from strategie.pilotage.domain.conseil import Voix
from strategie.pilotage.domain.deliberations import SaisieVote
from strategie.pilotage.domain.seances import SaisieSeance
from strategie.pilotage.models import Deliberation
from strategie.pilotage.queries.bilan import bilan
from strategie.socle.models import Etablissement
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.formations import ANNEE, JOUR, MAINTENANT, accordee, demandee, une_seance, une_seance_tenue
from tests.budget.parc import des_equipements
from tests.pilotage.conseils import une_deliberation, voter
from tests.pilotage.conseils import une_seance as une_seance_du_conseil
from tests.plans.plans import chef_de, un_axe_adosse, une_action, une_action_publiee

__all__ = ["ANNEE", "JOUR", "MAINTENANT"]
D = Decimal
DATES = {"annee_scolaire": ANNEE, "annee_fin": ANNEE, "maintenant": MAINTENANT}


def le_bilan(etablissement: Etablissement, annee: str = ANNEE, jour: datetime.date = JOUR) -> dict[str, Any]:
    etablissement = Etablissement.objects.select_related("academie").get(pk=etablissement.pk)
    return bilan(etablissement, annee, jour)


def passer(action: Action, etat: str, raison: str = "") -> Action:
    changer_etat(action=action, etat=etat, raison=raison, auteur=chef_de(action.etablissement), maintenant=MAINTENANT)
    action.refresh_from_db()
    return action


def une_annee_pleine(etablissement: Etablissement, nombre: int = 1) -> None:
    """Actions in every state, a draft that nobody may see, trainings, things that come and go, money, a vote, aims."""
    axe = un_axe_adosse(etablissement, "Fiabiliser le réseau", annee_scolaire=ANNEE)
    for rang in range(nombre):
        _un_plan(etablissement, axe, rang)
        _des_formations(etablissement, rang)
        montants = {"prevu": D("1200.50"), "engage": D("1000.00"), "paye": D("400.25")}
        une_ligne(etablissement, 2030, f"Bornes {rang}", levier="infrastructure", annee_scolaire=ANNEE, **montants)
        une_ligne(etablissement, 2031, f"Formateur {rang}", levier="formation", annee_scolaire=ANNEE, prevu=D("300.00"))
        un_financement(etablissement, 2031, f"Dotation {rang}", annee_scolaire=ANNEE, demande=D(600), accorde=D(400))
        des_equipements(
            etablissement,
            f"Tablette {rang}",
            nombre=12,
            achete_le=datetime.date(2030, 10, 5),
            prix=D(250),
            maintenant=MAINTENANT,
        )
        [sorti] = des_equipements(etablissement, f"Vieil écran {rang}", categorie="ecran", nombre=3)
        Equipement.objects.filter(pk=sorti.pk).update(
            etat="sorti", destination="deee", sorti_le=datetime.date(2031, 2, 1)
        )
    _un_vote(etablissement)
    Objectif.objects.get_or_create(
        etablissement=etablissement,
        champ="PIL",
        annee_scolaire="2031-2032",
        defaults={"palier_vise": 2, "fixe_par": chef_de(etablissement), "fixe_le": MAINTENANT},
    )


def _un_plan(etablissement: Etablissement, axe: Any, rang: int) -> None:
    faite = une_action_publiee(etablissement, f"Installer la borne {rang}", axes=[axe], **DATES)
    passer(faite, "en_cours")
    passer(faite, "realisee")
    indicateur = faite.indicateurs.get()
    for jour, valeur in ((datetime.date(2031, 1, 10), D(6)), (datetime.date(2031, 3, 3), D(1))):
        Releve.objects.create(indicateur=indicateur, date=jour, valeur=valeur, releve_le=MAINTENANT)
    passer(
        une_action_publiee(etablissement, f"Ouvrir l'ENT {rang}", axes=[axe], levier="organisation", **DATES),
        "abandonnee",
        "La collectivité en change.",
    )
    passer(une_action_publiee(etablissement, f"Câbler {rang}", axes=[axe], **DATES), "bloquee", "Amiante au plafond.")
    longue = DATES | {"annee_fin": "2031-2032", "echeance": datetime.date(2031, 9, 15)}
    charte = une_action_publiee(etablissement, f"Écrire la charte {rang}", axes=[axe], **longue)
    une_action_publiee(etablissement, f"Réunir les élèves {rang}", parent=charte, **DATES)
    une_action_publiee(
        etablissement, f"Étiqueter {rang}", axes=[axe], **DATES | {"echeance": datetime.date(2031, 1, 15)}
    )
    une_action(etablissement, f"Brouillon que personne ne voit {rang}", axes=[axe], **DATES)


def _des_formations(etablissement: Etablissement, rang: int) -> None:
    tenue = accordee(etablissement, f"Prendre en main l'ENT {rang}")
    une_seance_tenue(tenue, presents={"enseignants": 12, "aesh": 2})
    une_seance_tenue(tenue, datetime.date(2031, 3, 17), presents={"enseignants": 10}, cout=D("150.00"))
    une_seance(tenue, datetime.date(2031, 5, 5))
    arretee = demandee(etablissement, f"Robotique {rang}")
    annuler(formation=arretee, version=arretee.version, raison="Trop peu d'inscrits.", auteur=chef_de(etablissement))


def _un_vote(etablissement: Etablissement) -> None:
    seance = une_seance_du_conseil(
        etablissement,
        SaisieSeance(
            date=datetime.date(2031, 3, 18),
            convoquee_le=datetime.date(2031, 3, 3),
            membres_en_exercice=24,
            presents=15,
        ),
        maintenant=MAINTENANT,
    )
    voter(
        une_deliberation(etablissement, seance, maintenant=MAINTENANT),
        SaisieVote(f"2031-{Deliberation.objects.count()}", Voix(12, 1, 2)),
        maintenant=MAINTENANT,
    )
