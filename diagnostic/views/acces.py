"""The door of the diagnostic's pages."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from diagnostic.models import Diagnostic
from strategie.socle.droits import Droit, droits_de
from strategie.socle.views.acces import exiger


def diagnostic_ou_404(request: HttpRequest, uai: str, annee: str, droit: Droit) -> Diagnostic:
    """The school's diagnostic of the year, with the rights of the person asking, in one query."""
    diagnostic = (
        Diagnostic.objects.avec_roles(request.user)
        .select_related("etablissement__academie", "etablissement__departement")
        .select_related("campagne__academie", "campagne__referentiel")
        .filter(etablissement__uai=uai, campagne__annee_scolaire=annee)
        .first()
    )
    if diagnostic is None or not diagnostic.mes_roles:
        raise Http404("Ce diagnostic n'est pas dans votre périmètre.")
    etablissement = diagnostic.etablissement
    etablissement.mes_roles, etablissement.droits = diagnostic.mes_roles, droits_de(diagnostic.mes_roles)
    exiger(etablissement, droit)
    timezone.activate(etablissement.academie.zone)
    return diagnostic
