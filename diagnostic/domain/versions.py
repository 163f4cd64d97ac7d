"""A new version of the référentiel: published once whole, and never changed afterwards."""

import datetime

from diagnostic.models import Referentiel
from diagnostic.queries.referentiels import defauts_de_publication
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur


def publier_version(
    *, referentiel: Referentiel, auteur: Utilisateur | None, maintenant: datetime.datetime
) -> Referentiel:
    """Lock the version: campaigns may use it from now on. Raises Empeche, which names everything that is wrong."""
    with acte("publier_version", auteur):
        verrouille = Referentiel.objects.select_for_update(of=("self",)).get(pk=referentiel.pk)
        if verrouille.publie:
            return verrouille
        if defauts := defauts_de_publication(verrouille):
            raise Empeche("\n".join(defauts))
        verrouille.publie_le = maintenant
        verrouille.save(update_fields=["publie_le"])
    return verrouille
