"""The door of an inventory: a collectivité keeps what it owns there."""

from django.http import HttpRequest

from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404, exiger


def inventaire_ou_404(request: HttpRequest, uai: str, *, ecrire: bool = False) -> Etablissement:
    """The school, with `droits`, `tient_l_inventaire` and `proprietaire_tenu`: the owner whose things alone the person
    keeps, empty for those who keep everything and for those who only read. With `ecrire`, 403 for the latter.
    """
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_INVENTAIRE)
    tout = Droit.TENIR_INVENTAIRE in etablissement.droits
    siens = Droit.TENIR_SES_BIENS in etablissement.droits and etablissement.collectivite_id is not None
    etablissement.proprietaire_tenu = etablissement.collectivite.niveau if siens and not tout else ""
    etablissement.tient_l_inventaire = tout or siens
    if ecrire and not etablissement.tient_l_inventaire:
        exiger(etablissement, Droit.TENIR_INVENTAIRE)
    return etablissement
