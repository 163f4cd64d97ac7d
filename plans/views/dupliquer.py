"""A plan copied: to which school and year, then what of it."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from plans.domain.dupliquer import Choix, dupliquer_plan
from plans.interfaces.dupliquer import Destination, groupes_a_copier, lire_choix, phrase_de_la_copie
from plans.queries.dupliquer import etablissements_ou_copier
from plans.queries.plan import etendue_du_plan, lire_plan
from plans.rules.besoins import est_une_annee
from plans.rules.dupliquer import empechement_dupliquer
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_http_methods(["GET", "HEAD", "POST"])
def dupliquer(request: HttpRequest, uai: str) -> HttpResponse:
    """`annee`: what is copied; `vers` and `annee_cible`: where to. Nothing is made before the button."""
    etablissement, jour = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN), timezone.localdate()
    annee = request.GET.get("annee") or annee_scolaire(jour)
    if not est_une_annee(annee):
        raise Http404("Cette année scolaire n'existe pas.")
    possibles = list(etablissements_ou_copier(request.user))
    destination = _destination(request, etablissement, possibles, jour)
    refus = empechement_dupliquer(etablissement, annee, destination.etablissement, destination.annee, jour)
    choix = lire_choix(request.POST) if request.method == "POST" else None
    if choix is not None and refus is None:
        try:
            return _copier(request, etablissement, annee, destination, choix)
        except Empeche as empechement:
            refus = str(empechement)
    contexte = _contexte(etablissement, annee, destination, choix, jour)
    contexte |= {"refus": refus, "possibles": possibles}
    return render(request, "plans/dupliquer.html", contexte, status=200 if choix is None else 422)


def _destination(
    request: HttpRequest, etablissement: Etablissement, possibles: list[Etablissement], jour: datetime.date
) -> Destination:
    """This school next year, unless another one that is hers to write is asked for."""
    vers = request.GET.get("vers") or etablissement.uai
    cible = next((possible for possible in possibles if possible.uai == vers), None)
    if cible is None:
        raise Http404("Cet établissement n'est pas dans votre périmètre.")
    return Destination(cible, request.GET.get("annee_cible") or annee_suivante(annee_scolaire(jour)))


def _copier(
    request: HttpRequest, etablissement: Etablissement, annee: str, destination: Destination, choix: Choix
) -> HttpResponse:
    copie = dupliquer_plan(
        source=etablissement,
        annee=annee,
        cible=destination.etablissement,
        annee_cible=destination.annee,
        choix=choix,
        auteur=request.user,
        maintenant=timezone.now(),
    )
    messages.success(request, phrase_de_la_copie(copie))
    return redirect(reverse("moyens", args=[destination.etablissement.uai], query={"annee": destination.annee}))


def _contexte(
    etablissement: Etablissement, annee: str, destination: Destination, choix: Choix | None, jour: datetime.date
) -> dict[str, object]:
    cette_annee = annee_scolaire(jour)
    plan = lire_plan(etablissement, annee, jour, brouillons=True)
    etendue = etendue_du_plan(etablissement, jour, brouillons=True)
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "annees": sorted({annee, cette_annee, *etendue.annees}, reverse=True),
        "destination": destination,
        "annees_cibles": [cette_annee, annee_suivante(cette_annee)],
        "ailleurs": destination.etablissement.pk != etablissement.pk,
        "groupes": groupes_a_copier(plan, destination, etablissement, choix),
        "raison": choix.raison_de_plus if choix else "",
    }
