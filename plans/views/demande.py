"""What a request asks of a page of the plan."""

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire


def annee_demandee(request: HttpRequest) -> str:
    """The school year of the address, or the one it is where the school is."""
    annee = request.GET.get("annee") or annee_scolaire(timezone.localdate())
    if not est_une_annee(annee):
        raise Http404("Cette année scolaire n'existe pas.")
    return annee


def cles_demandees(request: HttpRequest, nom: str) -> frozenset[int]:
    """The keys that the address gives under this name; anything else is forgotten."""
    return frozenset(int(cle) for cle in request.GET.getlist(nom) if cle.isascii() and cle.isdigit() and len(cle) < 19)


def envoye(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, were it nothing at all."""
    return request.POST if request.method == "POST" else None
