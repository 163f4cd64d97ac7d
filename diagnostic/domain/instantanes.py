"""Naming a moment of the school: a signed copy, or a survey that was counted. The history keeps names taken away."""

import datetime

from django.db import IntegrityError, transaction

from diagnostic.models import CopieSignee, Enquete, Instantane
from diagnostic.rules import empechement_nommer_un_moment
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

AILLEURS = "Ce moment n'est pas de cet établissement."
DEJA_PRIS = "Un moment porte déjà ce nom\u00a0: choisissez-en un autre."


def nommer_un_moment(
    *,
    etablissement: Etablissement,
    nom: str,
    moment: CopieSignee | Enquete,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Instantane:
    """The same name for the same moment, sent twice, is one name. Raises Empeche."""
    nom = " ".join(nom.split())
    copie = moment if isinstance(moment, CopieSignee) else None
    enquete = moment if isinstance(moment, Enquete) else None
    if not _du_lieu(etablissement, moment):
        raise Empeche(AILLEURS)
    if deja := Instantane.objects.filter(etablissement=etablissement, nom=nom, copie=copie, enquete=enquete).first():
        return deja
    noms = Instantane.objects.filter(etablissement=etablissement).values_list("nom", flat=True)
    refuser(empechement_nommer_un_moment(nom, noms))
    try:
        with acte("nommer_un_moment", auteur), transaction.atomic():
            return Instantane.objects.create(
                etablissement=etablissement,
                nom=nom,
                copie=copie,
                enquete=enquete,
                cree_par=auteur,
                cree_le=maintenant,
            )
    except IntegrityError as erreur:  # the same name, given elsewhere at this very moment
        raise Empeche(DEJA_PRIS) from erreur


def retirer_un_nom(*, instantane: Instantane, auteur: Utilisateur) -> None:
    """What it names stays as it is."""
    with acte("retirer_un_nom", auteur):
        instantane.delete()


def _du_lieu(etablissement: Etablissement, moment: CopieSignee | Enquete) -> bool:
    if isinstance(moment, CopieSignee):
        return CopieSignee.objects.filter(pk=moment.pk, diagnostic__etablissement=etablissement).exists()
    depouillees = Enquete.objects.filter(etablissement=etablissement, etat=Enquete.Etat.DEPOUILLEE)
    return depouillees.filter(pk=moment.pk).exists()
