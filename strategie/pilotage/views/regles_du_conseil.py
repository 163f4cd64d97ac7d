"""What an académie says of its boards' delays."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.pilotage.domain.regles_du_conseil import fixer_regles, lire_regles
from strategie.pilotage.interfaces.regles_du_conseil import ReglesForm
from strategie.pilotage.queries.regles_du_conseil import regles_fixees
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees


@require_http_methods(["GET", "HEAD", "POST"])
def regles(request: HttpRequest) -> HttpResponse:
    """Of the académie of the address (`?academie=`), or of the person's first."""
    academie, les_siennes = _a_la_porte(request)
    formulaire = ReglesForm(envoye(request), tenues=lire_regles(academie))
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, academie, formulaire):
        messages.success(request, "Les délais sont enregistrés. Les séances à venir les suivent déjà.")
        return redirect(reverse("regles_du_conseil", query={"academie": academie.pk}))
    contexte = {
        "academie": academie,
        "academies": les_siennes,
        "formulaire": formulaire,
        "fixees": regles_fixees(academie),
    }
    return render(request, "pilotage/regles_du_conseil.html", contexte, status=formulaire.statut)


def _a_la_porte(request: HttpRequest) -> tuple[Academie, list[Academie]]:
    """Another's does not exist; 403 for somebody who settles nothing."""
    les_siennes = list(academies_confiees(request.user, Droit.GERER_REFERENTIEL))
    if not les_siennes:
        raise PermissionDenied(
            "Votre rôle ne permet pas cette action\u00a0: fixer les délais du conseil d'une académie."
        )
    demandee = request.GET.get("academie")
    for sienne in les_siennes:
        if demandee in (None, str(sienne.pk)):
            return sienne, les_siennes
    raise Http404("Cette académie n'est pas la vôtre.")


def _fixer(request: HttpRequest, academie: Academie, formulaire: ReglesForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = fixer_regles(
            academie=academie, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, asdict(lire_regles(academie)))
    return not conflits
