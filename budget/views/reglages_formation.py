"""What an académie calls the training made for one school, and from how many people."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from budget.domain.reglages_formation import lire_reglages, regler_formation
from budget.interfaces.reglages_formation import ReglagesForm
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees


@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: HttpRequest) -> HttpResponse:
    """Of the académie of the address (`?academie=`), or of the person's first."""
    academie, les_siennes = _a_la_porte(request)
    formulaire = ReglagesForm(envoye(request), tenus=lire_reglages(academie))
    if request.method == "POST" and formulaire.is_valid() and _regler(request, academie, formulaire):
        messages.success(request, "Les réglages sont enregistrés. Les demandes à venir les suivent déjà.")
        return redirect(reverse("reglages_formation", query={"academie": academie.pk}))
    contexte = {"academie": academie, "academies": les_siennes, "formulaire": formulaire}
    return render(request, "budget/reglages_formation.html", contexte, status=formulaire.statut)


def _a_la_porte(request: HttpRequest) -> tuple[Academie, list[Academie]]:
    """Another's does not exist; 403 for somebody who settles nothing."""
    les_siennes = list(academies_confiees(request.user, Droit.REGLER_FORMATION))
    if not les_siennes:
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {Droit.REGLER_FORMATION.value.lower()}.")
    demandee = request.GET.get("academie")
    for sienne in les_siennes:
        if demandee in (None, str(sienne.pk)):
            return sienne, les_siennes
    raise Http404("Cette académie n'est pas la vôtre.")


def _regler(request: HttpRequest, academie: Academie, formulaire: ReglagesForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = regler_formation(
            academie=academie, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, asdict(lire_reglages(academie)))
    return not conflits
