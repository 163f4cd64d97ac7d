"""The door of every school page: outside the perimeter a school does not exist, inside a right may lack."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from strategie.socle.droits import DROITS_D_ECRIRE, Droit, droits_de
from strategie.socle.models import Etablissement
from strategie.socle.queries.acces import ecole_et_roles
from strategie.socle.rules import empechement_ecrire


def etablissement_ou_404(request: HttpRequest, uai: str, droit: Droit = Droit.VOIR_ETABLISSEMENT) -> Etablissement:
    """The school, with `mes_roles` and `droits` of the person asking, in one query.

    404 when none of the person's affectations covers it; 403 when none of them gives `droit`, or the school is closed
    and `droit` writes: it is no longer among its `droits`.
    """
    [etablissement] = ecole_et_roles(uai=uai, utilisateur=request.user.pk, jour=timezone.localdate()) or [None]
    if etablissement is None or not etablissement.mes_roles:
        raise Http404("Cet établissement n'est pas dans votre périmètre.")
    admettre(etablissement, droit)
    return etablissement


def admettre(etablissement: Etablissement, droit: Droit) -> None:
    """Says what `mes_roles` give there (`droits`), whatever the school was reached from; 403 unless `droit` is."""
    etablissement.droits = droits_de(etablissement.mes_roles)
    if empechement_ecrire(etablissement):
        etablissement.droits -= DROITS_D_ECRIRE
    exiger(etablissement, droit)
    timezone.activate(etablissement.academie.zone)


def exiger(etablissement: Etablissement, droit: Droit) -> None:
    """403 unless the person for whom the school was fetched has the right."""
    if droit not in etablissement.droits:
        refuser_l_acces(etablissement, droit, f"Votre rôle ne permet pas cette action\u00a0: {droit.value.lower()}.")


def refuser_l_acces(etablissement: Etablissement, droit: Droit, raison: str) -> NoReturn:
    """403: because the school is closed, when that is why; for this `raison` otherwise."""
    fermeture = empechement_ecrire(etablissement) if droit in DROITS_D_ECRIRE else None
    raise PermissionDenied(fermeture or raison)
