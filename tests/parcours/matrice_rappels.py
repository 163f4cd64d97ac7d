"""Reminders: chased by animateurs and rectorats; stopped by anybody, from her account or by the link of an e-mail."""

from django.utils import timezone

from strategie.pilotage.domain.rappels import inscrire_rappels, noter_l_echec, prendre
from strategie.pilotage.interfaces.courriels_rappels import jeton_d_arret
from strategie.pilotage.models import Rappel
from tests.dossier import Dossier
from tests.parcours.lignes import CONNEXION, Ligne, Statuts, connectes, tous

PILOTES = ("animatrice", "animateur_lointain", "rectorat", "rectorat_ailleurs")


def pilotes(statut: int, **exceptions: int) -> Statuts:
    return tous(403, **dict.fromkeys(PILOTES, statut) | exceptions, anonyme=CONNEXION)


def rectorats(statut: int) -> Statuts:
    return tous(403, rectorat=statut, rectorat_ailleurs=statut, anonyme=CONNEXION)


def _campagne(dossier: Dossier) -> tuple:
    return (dossier.brouillon.campagne_id,)


def _en_echec(dossier: Dossier) -> tuple:
    """A message to the chef's college, refused for good."""
    maintenant = timezone.now()
    inscrire_rappels(academie=dossier.monde.academie, maintenant=maintenant)
    rappel = Rappel.objects.filter(etablissement=dossier.monde.college).first()
    prise = prendre(cle=rappel.pk, maintenant=maintenant)
    noter_l_echec(rappel=prise.rappel, motif="adresse refusée", definitif=True, maintenant=maintenant)
    return (rappel.pk,)


def _jeton(dossier: Dossier) -> tuple:
    return (jeton_d_arret(dossier.monde.chef.pk, "relance"),)


LIGNES_RAPPELS = [
    Ligne("rappels", pilotes(200)),
    Ligne("rappels_export", pilotes(200)),
    Ligne("relancer", pilotes(200, rectorat_ailleurs=404), arguments=_campagne),
    Ligne("relancer", pilotes(422, rectorat_ailleurs=404), "POST", _campagne),
    Ligne("rappel_reessayer", pilotes(302, animateur_lointain=404, rectorat_ailleurs=404), "POST", _en_echec),
    Ligne("rappels_reglages", rectorats(200)),
    Ligne("rappels_reglages", rectorats(422), "POST"),
    Ligne("mes_courriels", connectes(200)),
    Ligne("mes_courriels", connectes(302), "POST"),
    Ligne("arreter_rappels", tous(200), arguments=_jeton),
    Ligne("arreter_rappels", tous(200), "POST", _jeton),
]
