"""Lines of the matrix: the infrastructure, incidents."""

import uuid

from django.utils import timezone

from budget.domain.equipements import Tenant
from budget.domain.incidents import Cloture, SaisieIncident, clore_incident, ouvrir_incident
from budget.models import Incident, MesureDebit, Raccordement
from tests.budget.parc import des_equipements
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, ENCADREMENT, Ligne, ecole, uai

LECTEURS = (*ECOLE, *ENCADREMENT)
TIENNENT = ("chef", "referent", "gestionnaire")
# The incidents of these lines are on a thing of the département, which keeps its own.
REPARENT = (*TIENNENT, "collectivite_agent")


def _raccordement(dossier: Dossier) -> Raccordement:
    return Raccordement.objects.create(etablissement=dossier.monde.college, intitule="Fibre")


def _incident(dossier: Dossier) -> Incident:
    monde = dossier.monde
    (ligne,) = des_equipements(monde.college, proprietaire="departement")
    return ouvrir_incident(
        etablissement=monde.college,
        saisie=SaisieIncident("Ne s'allume plus", 1, timezone.localdate()),
        cle=uuid.uuid4(),
        tenant=Tenant(monde.referent),
        maintenant=timezone.now(),
        equipement=ligne,
    )


def raccordement(dossier: Dossier) -> tuple:
    return (*uai(dossier), _raccordement(dossier).pk)


def mesure(dossier: Dossier) -> tuple:
    mesure = MesureDebit.objects.create(
        raccordement=_raccordement(dossier),
        mesure_le=timezone.now(),
        descendant=450,
        mesure_par=dossier.monde.referent,
    )
    return (*uai(dossier), mesure.pk)


def filtrage(dossier: Dossier) -> tuple:
    return (*uai(dossier), "filtrage")


def incident(dossier: Dossier) -> tuple:
    return (*uai(dossier), _incident(dossier).pk)


def incident_clos(dossier: Dossier) -> tuple:
    clos = clore_incident(
        incident=_incident(dossier),
        version=1,
        cloture=Cloture("repare", timezone.localdate()),
        tenant=Tenant(dossier.monde.referent),
        maintenant=timezone.now(),
    )
    return (*uai(dossier), clos.pk)


LIGNES_EQUIPEMENT_RESEAU: list[Ligne] = [
    Ligne("reseau", ecole(200, *LECTEURS), arguments=uai),
    Ligne("reseau_wifi", ecole(200, *TIENNENT), arguments=uai),
    Ligne("reseau_wifi", ecole(302, *TIENNENT), "POST", uai),
    Ligne("service_reseau", ecole(200, *TIENNENT), arguments=filtrage),
    Ligne("service_reseau", ecole(422, *TIENNENT), "POST", filtrage),
    Ligne("raccordement_ajouter", ecole(200, *TIENNENT), arguments=uai),
    Ligne("raccordement_ajouter", ecole(422, *TIENNENT), "POST", uai),
    Ligne("raccordement", ecole(200, *LECTEURS), arguments=raccordement),
    Ligne("raccordement_modifier", ecole(200, *TIENNENT), arguments=raccordement),
    Ligne("raccordement_modifier", ecole(422, *TIENNENT), "POST", raccordement),
    Ligne("raccordement_retirer", ecole(200, *TIENNENT), arguments=raccordement),
    Ligne("raccordement_retirer", ecole(302, *TIENNENT), "POST", raccordement),
    Ligne("raccordement_retablir", ecole(302, *TIENNENT), "POST", raccordement),
    Ligne("mesure_ajouter", ecole(200, *TIENNENT), arguments=raccordement),
    Ligne("mesure_ajouter", ecole(422, *TIENNENT), "POST", raccordement),
    Ligne("mesure_retirer", ecole(200, *TIENNENT), arguments=mesure),
    Ligne("mesure_retirer", ecole(302, *TIENNENT), "POST", mesure),
    Ligne("incidents", ecole(200, *LECTEURS), arguments=uai),
    Ligne("incident_ouvrir", ecole(200, *REPARENT), arguments=uai),
    Ligne("incident_ouvrir", ecole(422, *REPARENT), "POST", uai),
    Ligne("incident", ecole(200, *LECTEURS), arguments=incident),
    Ligne("incident_modifier", ecole(200, *REPARENT), arguments=incident),
    Ligne("incident_modifier", ecole(422, *REPARENT), "POST", incident),
    Ligne("incident_clore", ecole(200, *REPARENT), arguments=incident),
    Ligne("incident_clore", ecole(422, *REPARENT), "POST", incident),
    Ligne("incident_rouvrir", ecole(302, *REPARENT), "POST", incident_clos),
]
