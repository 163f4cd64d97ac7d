"""Batches of files, for the tests of this app: schools that have signed, and a batch that is done at once."""

import datetime
import uuid
from collections.abc import Callable

from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from strategie.pilotage.domain.lots import avancer_lot, ouvrir_lot
from strategie.pilotage.models import DossierDuLot, LotDeDossiers
from strategie.pilotage.queries.lots import Territoire
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.models import Etablissement
from tests.dossier import commencer, repondre_partout, signer
from tests.personnages import Monde, un_etablissement
from tests.pilotage.dossiers import EXERCICE, pdf_de_poche

SANS_FIN = datetime.timedelta(hours=1)


def diagnostic_signe(ecole: Etablissement, referentiel, auteur) -> None:
    """Last year's."""
    maintenant = timezone.now()
    annee = annee_precedente(annee_scolaire(timezone.localdate(maintenant)))
    passe = commencer(ecole, annee, referentiel, auteur, maintenant)
    repondre_partout(passe, Valeur.oui, auteur, maintenant)
    signer(passe, auteur, maintenant)


def des_ecoles_signees(monde: Monde, referentiel, nombre: int) -> list[Etablissement]:
    """In the chef's district; each has signed last year."""
    ecoles = [
        un_etablissement(f"09801{rang:02}A", f"Collège {rang}", monde.college.departement, district=monde.district)
        for rang in range(nombre)
    ]
    for ecole in ecoles:
        diagnostic_signe(ecole, referentiel, monde.chef)
    return ecoles


def un_lot(monde: Monde, territoire: Territoire | None = None, **champs) -> LotDeDossiers:
    """Of the chef's district, unless another territory is given."""
    valeurs = {
        "territoire": territoire or Territoire(monde.academie, district=monde.district),
        "exercice": EXERCICE,
        "cle": uuid.uuid4(),
        "auteur": monde.rectorat,
        "maintenant": timezone.now(),
    }
    return ouvrir_lot(**(valeurs | champs))


def avancer(lot: LotDeDossiers, rendre_pdf=pdf_de_poche, pendant=SANS_FIN, horloge: Callable = timezone.now) -> int:
    return avancer_lot(lot=lot.pk, pendant=pendant, horloge=horloge, rendre_pdf=rendre_pdf)


def issues(lot: LotDeDossiers) -> dict[str, str]:
    """By UAI: the number of its file, or why there is none; empty when it is still to be done."""
    lignes = DossierDuLot.objects.filter(lot=lot).select_related("etablissement", "dossier")
    return {ligne.etablissement.uai: ligne.dossier.numero if ligne.dossier else ligne.erreur for ligne in lignes}
