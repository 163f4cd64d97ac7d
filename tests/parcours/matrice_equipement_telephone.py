"""Lines of the matrix: the yearly check, loans and their returns, labels."""

from django.utils import timezone

from budget.domain.equipements import Tenant, preter
from budget.models import Equipement
from tests.budget.parc import des_equipements, referent_de, une_salle
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, ecole, uai

# The collectivité keeps what it owns.
TENEURS = ("chef", "referent", "gestionnaire", "collectivite_agent")


def une_chose(dossier: Dossier) -> Equipement:
    (chose,) = des_equipements(dossier.monde.college, etiquettes=["P-0001"], proprietaire="departement")
    return chose


def chose(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_chose(dossier).pk)


def pretee(dossier: Dossier) -> tuple:
    ligne, college = une_chose(dossier), dossier.monde.college
    preter(
        etablissement=college, cles=[ligne.pk], a="eleve", jusqu_au=None, tenant=Tenant(referent_de(college)),
        maintenant=timezone.now(),
    )  # fmt: skip
    return (*uai(dossier), ligne.pk)


def scan(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_chose(dossier).etiquette)


def salle(dossier: Dossier) -> tuple:
    return (*uai(dossier), une_salle(dossier.monde.college).pk)


def avec_une_chose(dossier: Dossier) -> tuple:
    une_chose(dossier)
    return uai(dossier)


# Who only reads goes straight to the sheet.
LECTEURS = dict.fromkeys(("lectrice", "animatrice", "rectorat"), 302)

LIGNES_EQUIPEMENT_TELEPHONE: list[Ligne] = [
    Ligne("controle", ecole(200, *TENEURS), arguments=uai),
    Ligne("controle_non_vus", ecole(200, *TENEURS), arguments=uai),
    Ligne("controle_salle", ecole(200, *TENEURS), arguments=salle),
    Ligne("controle_salle", ecole(422, *TENEURS), "POST", salle),
    Ligne("retours", ecole(200, *TENEURS), arguments=uai),
    Ligne("retours", ecole(422, *TENEURS), "POST", uai),
    Ligne("retour_annuler", ecole(302, *TENEURS), "POST", uai),
    Ligne("retour_etat", ecole(302, *TENEURS), "POST", chose, {"etat": "a_reparer"}),
    Ligne("equipement_preter", ecole(200, *TENEURS), arguments=chose),
    Ligne("equipement_preter", ecole(422, *TENEURS), "POST", chose),
    Ligne("equipement_rendre", ecole(200, *TENEURS), arguments=pretee),
    Ligne("equipement_rendre", ecole(422, *TENEURS), "POST", pretee),
    Ligne("etiquettes", ecole(200, *TENEURS), arguments=uai),
    Ligne("etiquettes", ecole(302, *TENEURS), "POST", uai),
    Ligne("etiquettes_pdf", ecole(200, *TENEURS), "HEAD", avec_une_chose),
    Ligne("equipement_scan", ecole(200, *TENEURS) | LECTEURS, arguments=scan),
    Ligne("equipement_scan", ecole(302, *TENEURS), "POST", scan),
]
