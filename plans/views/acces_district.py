"""The door of a district's pages, and of an académie's priorities."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from plans.models import PrioriteAcademique
from plans.queries.cascade import district_a_la_porte
from strategie.socle.droits import Droit, droits_de
from strategie.socle.models import Academie, District
from strategie.socle.queries.academies import academies_confiees


def district_ou_404(request: HttpRequest, cle: int, droit: Droit = Droit.PILOTER_DISTRICT) -> District:
    """404 when no affectation of the person covers the district or one of its schools; 403 when none gives `droit`."""
    district = district_a_la_porte(request.user, cle)
    if district is None or not district.mes_roles:
        raise Http404("Ce district n'est pas dans votre périmètre.")
    district.droits = droits_de(district.mes_roles)
    if droit not in district.droits:
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {droit.value.lower()}.")
    timezone.activate(district.academie.zone)
    return district


def academies_a_orienter(request: HttpRequest) -> QuerySet[Academie]:
    """Those whose priorities the person writes; 403 when there is none."""
    academies = academies_confiees(request.user, Droit.PILOTER_DISTRICT)
    if not academies:
        raise PermissionDenied("Le rectorat écrit les priorités de son académie.")
    return academies


def priorite_ou_404(request: HttpRequest, cle: int) -> PrioriteAcademique:
    """Another académie's does not exist."""
    academies_a_orienter(request)
    siennes = PrioriteAcademique.objects.allowed_to(request.user, Droit.PILOTER_DISTRICT)
    priorite = siennes.filter(pk=cle).select_related("academie").first()
    if priorite is None:
        raise Http404("Cette priorité n'est pas dans votre périmètre.")
    timezone.activate(priorite.academie.zone)
    return priorite
