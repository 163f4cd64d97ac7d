"""The door of every school page: outside the perimeter a school does not exist, inside a right may lack."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from strategie.socle.droits import Droit, droits_de
from strategie.socle.models import Etablissement
from strategie.socle.queries.acces import ecole_et_roles


def etablissement_ou_404(request: HttpRequest, uai: str, droit: Droit = Droit.VOIR_ETABLISSEMENT) -> Etablissement:
    """The school, with `mes_roles` and `droits` of the person asking, in one query.

    404 when none of the person's affectations covers it; 403 when none of them gives `droit`.
    """
    [etablissement] = ecole_et_roles(uai=uai, utilisateur=request.user.pk, jour=timezone.localdate()) or [None]
    if etablissement is None or not etablissement.mes_roles:
        raise Http404("Cet établissement n'est pas dans votre périmètre.")
    etablissement.droits = droits_de(etablissement.mes_roles)
    exiger(etablissement, droit)
    timezone.activate(etablissement.academie.zone)
    return etablissement


def exiger(etablissement: Etablissement, droit: Droit) -> None:
    """403 unless the person for whom the school was fetched has the right."""
    if droit not in etablissement.droits:
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {droit.value.lower()}.")
