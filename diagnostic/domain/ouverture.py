"""Acts on an open diagnostic: it stays open until they are done."""

import datetime

from diagnostic.models import Diagnostic
from diagnostic.rules import empechement_repondre
from strategie.socle.domain.empechement import Empeche, refuser

VERSION_CHANGEE = "Le référentiel de ce diagnostic vient de changer de version\u00a0: rechargez la page."


def garder_ouvert(diagnostic: Diagnostic, maintenant: datetime.datetime) -> None:
    """Hold the diagnostic open until the end of the transaction, so that neither a signature nor another version of
    the référentiel slips in between; it then says its state of now. Raises Empeche.
    """
    verrouille = Diagnostic.objects.select_for_update(no_key=True).get(pk=diagnostic.pk)
    diagnostic.etat, diagnostic.version = verrouille.etat, verrouille.version
    diagnostic.date_cloture = verrouille.date_cloture
    refuser(empechement_repondre(diagnostic, maintenant))
    if verrouille.referentiel_id != diagnostic.referentiel_id:
        raise Empeche(VERSION_CHANGEE)
