"""This year's campaign, the only one in which anybody may still sign, and its clock."""

import datetime

from diagnostic.models import Campagne, Diagnostic
from tests.dossier import Dossier

UN_AN = datetime.timedelta(days=365)


def la_campagne(dossier: Dossier) -> Campagne:
    """Last year's ended last year."""
    passee = dossier.copie.diagnostic.campagne
    debut, fin = passee.date_ouverture - UN_AN, passee.date_cloture - UN_AN
    Campagne.objects.filter(pk=passee.pk).update(date_ouverture=debut, date_cloture=fin)
    Diagnostic.objects.filter(campagne=passee).update(date_cloture=fin)
    return dossier.brouillon.campagne


def avant(campagne: Campagne, jours: int, heure: int = 9) -> datetime.datetime:
    """So many days before the deadline, in the morning, where the académie is."""
    jour = campagne.date_cloture - datetime.timedelta(days=jours)
    return datetime.datetime.combine(jour, datetime.time(heure), campagne.academie.zone)
