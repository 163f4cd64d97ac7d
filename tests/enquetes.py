"""Surveys for tests, made by the same acts as the screens."""

import datetime
import uuid
from collections.abc import Mapping, Sequence

from diagnostic.domain.bulletins import Bulletin, Groupe
from diagnostic.domain.enquetes import QuestionPropre, ReglagesEnquete, ouvrir_enquete
from diagnostic.domain.urne import Depot, deposer, depouiller_enquete
from diagnostic.models import Enquete
from diagnostic.queries.enquetes import Porte, porte_au_code
from strategie.socle.models import Etablissement, Utilisateur

INVITES = {Groupe.ENSEIGNANTS: 30, Groupe.VIE_SCOLAIRE: 8, Groupe.AESH_AGENTS: 10}


def une_enquete(
    etablissement: Etablissement,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    *,
    forme: str = "longue",
    acces: str = "lien",
    jours: int = 14,
    invites: Mapping[str, int] = INVITES,
    propres: Sequence[QuestionPropre] = (),
    seuil: int = 5,
) -> Enquete:
    """Open from the day of `maintenant` on, for `jours` days."""
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    return ouvrir_enquete(
        etablissement=etablissement,
        reglages=ReglagesEnquete(
            forme=forme,
            acces=acces,
            date_ouverture=jour,
            date_cloture=jour + datetime.timedelta(days=jours),
            invites=invites,
            propres=propres,
        ),
        seuil=seuil,
        cle=uuid.uuid4(),
        auteur=auteur,
        maintenant=maintenant,
    )


def porte_de(enquete: Enquete) -> Porte:
    """Through the shared link."""
    porte = porte_au_code(enquete.code or "")
    assert porte is not None
    return porte


def un_bulletin(groupe: Groupe = Groupe.ENSEIGNANTS, valeur: int = 4, **champs) -> Bulletin:
    """The same answer to every item."""
    return Bulletin(groupe=groupe, reponses=dict.fromkeys(range(1, 21), valeur), **champs)


def remplir(enquete: Enquete, valeurs: Mapping[Groupe, Sequence[int]], **champs) -> None:
    """One ballot for each value of each group."""
    porte = porte_de(enquete)
    for groupe, donnees in valeurs.items():
        for valeur in donnees:
            bulletin = un_bulletin(groupe, valeur, **champs)
            assert deposer(porte=porte, secret=uuid.uuid4().hex, bulletin=bulletin) is Depot.RECU


def une_enquete_depouillee(
    etablissement: Etablissement,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    valeurs: Mapping[Groupe, Sequence[int]] | None = None,
    *,
    il_y_a: int = 100,
    **reglages,
) -> Enquete:
    """Opened `il_y_a` days ago for two weeks, answered and counted. By default 12 teachers, 6 of vie scolaire."""
    avant = maintenant - datetime.timedelta(days=il_y_a)
    enquete = une_enquete(etablissement, auteur, avant, **reglages)
    remplir(
        enquete,
        valeurs or {Groupe.ENSEIGNANTS: [2, 3, 4, 5, 4, 3, 2, 1, 4, 5, 3, 4], Groupe.VIE_SCOLAIRE: [1, 2, 3, 4, 5, 3]},
    )
    depouiller_enquete(enquete=enquete, maintenant=maintenant)
    return Enquete.objects.get(pk=enquete.pk)
