"""The door of the pages by which a rectorat makes and draws its districts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from strategie.socle.droits import Droit
from strategie.socle.models import Academie, District
from strategie.socle.queries.academies import academies_confiees
from strategie.socle.queries.districts import district_a_dessiner


def academies_a_dessiner(request: HttpRequest) -> QuerySet[Academie]:
    """403 for somebody who draws districts nowhere."""
    academies = academies_confiees(request.user, Droit.DESSINER_DISTRICTS)
    if not academies:
        raise PermissionDenied("Le rectorat dessine les districts de son académie.")
    return academies


def academie_ou_404(request: HttpRequest, code: str) -> Academie:
    """Another académie is not this person's to draw."""
    academie = next((une for une in academies_a_dessiner(request) if une.code == code), None)
    if academie is None:
        raise Http404("Cette académie n'est pas dans votre périmètre.")
    timezone.activate(academie.zone)
    return academie


def district_ou_404(request: HttpRequest, cle: int) -> District:
    """With its académie; another académie's does not exist."""
    district = district_a_dessiner(request.user, cle)
    if district is None:
        academies_a_dessiner(request)
        raise Http404("Ce district n'est pas dans votre périmètre.")
    timezone.activate(district.academie.zone)
    return district
