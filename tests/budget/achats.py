"""A school's purchases, a piece at a time, for the tests of this app: each made through the acts."""

import datetime
import uuid
from decimal import Decimal

from budget.domain.achats import (
    SaisieAchat,
    SaisiePoste,
    approuver_achat,
    creer_achat,
    fixer_postes,
    prevoir_lignes,
)
from budget.models import Achat
from budget.queries.achats import AchatLu, achat_lu
from strategie.socle.models import Etablissement
from tests.budget.budgets import chef_de
from tests.budget.formations import MAINTENANT, accordee, une_seance

D = Decimal
EXERCICE = 2031
LIVRAISON = datetime.date(2031, 3, 15)
# Twenty thousand euros over five years: row 98 of FEATURES.md.
VINGT_MILLE = (SaisiePoste("maintenance", D("4000.00"), 1, 5),)


def une_saisie(intitule: str = "Classe mobile", **champs) -> SaisieAchat:
    valeurs = {
        "categorie": "tablette",
        "quantite": 30,
        "exercice": EXERCICE,
        "duree": 5,
        "livraison": LIVRAISON,
        "usage": "Produire des comptes rendus d'expérience",
        "public": "Les classes de cinquième",
        "accessibilite": "convient",
    }
    return SaisieAchat(intitule, **(valeurs | champs))


def un_achat(
    etablissement: Etablissement,
    intitule: str = "Classe mobile",
    postes=(),
    maintenant: datetime.datetime = MAINTENANT,
    **champs,
) -> Achat:
    auteur = chef_de(etablissement)
    achat = creer_achat(
        etablissement=etablissement,
        saisie=une_saisie(intitule, **champs),
        cle=uuid.uuid4(),
        auteur=auteur,
        maintenant=maintenant,
    )
    if postes:
        fixer_postes(achat=achat, version=achat.version, postes=postes, auteur=auteur)
    return achat


def un_achat_complet(etablissement: Etablissement, intitule: str = "Classe mobile", postes=VINGT_MILLE) -> Achat:
    """With a training in its term, and all its lines: it may be approved."""
    formation = accordee(etablissement, f"Se servir de : {intitule}", modalite="paf")
    une_seance(formation, datetime.date(2031, 3, 25))
    achat = un_achat(etablissement, intitule, postes, formation=formation.pk)
    prevoir(achat)
    return achat


def prevoir(achat: Achat, payeur: str = "eple"):
    return prevoir_lignes(achat=achat, payeur=payeur, auteur=chef_de(achat.etablissement), maintenant=MAINTENANT)


def approuver(achat: Achat) -> Achat:
    achat.refresh_from_db()
    return approuver_achat(
        achat=achat, version=achat.version, auteur=chef_de(achat.etablissement), maintenant=MAINTENANT
    )


def lire(achat: Achat) -> AchatLu:
    lu = achat_lu(achat.etablissement, achat.pk)
    assert lu is not None
    return lu
