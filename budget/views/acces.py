"""The door of the levers: those of a closed school are only read; a collectivité keeps what it owns of an inventory."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from budget.rules import equipements, exercices, formations
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views import acces

# The rights that a closed school gives no more, and what it says then.
FERMES = {
    Droit.TENIR_INVENTAIRE: equipements.FERME,
    Droit.TENIR_SES_BIENS: equipements.FERME,
    Droit.TENIR_FORMATION: formations.FERME,
    Droit.TENIR_BUDGET: exercices.FERME,
    Droit.ARBITRER_BUDGET: exercices.FERME,
}


def etablissement_ou_404(request: HttpRequest, uai: str, droit: Droit) -> Etablissement:
    """As every page of a school; 403 as well to write what a closed one no longer changes, whose `droits` say so."""
    etablissement = acces.etablissement_ou_404(request, uai, droit)
    if etablissement.etat == etablissement.Etat.FERME:
        if droit in FERMES:
            refuser_d_ecrire(etablissement, droit)
        etablissement.droits = etablissement.droits.difference(FERMES)
    return etablissement


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
        refuser_d_ecrire(etablissement, Droit.TENIR_INVENTAIRE)
    return etablissement


def refuser_d_ecrire(etablissement: Etablissement, droit: Droit) -> NoReturn:
    """403, with its reason: the school is closed, or the role does not allow it."""
    if etablissement.etat == etablissement.Etat.FERME:
        raise PermissionDenied(FERMES[droit])
    raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {droit.value.lower()}.")
