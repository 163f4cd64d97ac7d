"""What an académie wants of reminders, and what a person wants of them: on a page, or by the link of an e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.pilotage.domain.reglages_rappels import (
    arreter_un_courriel,
    lire_reglages,
    regler_les_rappels,
    reprendre_un_courriel,
)
from strategie.pilotage.interfaces.courriels_rappels import destinataire_du_jeton
from strategie.pilotage.interfaces.rappels import ReglagesRappelsForm, premiere, reglages_montrables
from strategie.pilotage.models import SorteDeCourriel
from strategie.pilotage.queries.rappels import arrets_de, derniers_recus, reglages_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees


# --- The académie ---------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: HttpRequest) -> HttpResponse:
    """Of the académie of the address (`?academie=`), or of the person's first."""
    les_siennes = list(academies_confiees(request.user, Droit.GERER_CAMPAGNES))
    if not les_siennes:
        raise PermissionDenied("Votre rôle ne permet pas cette action\u00a0: régler les rappels d'une académie.")
    academie = premiere(les_siennes, request.GET.get("academie"))
    if academie is None:
        raise Http404("Cette académie n'est pas la vôtre.")
    formulaire = ReglagesRappelsForm(envoye(request), tenus=lire_reglages(academie))
    if request.method == "POST" and formulaire.is_valid() and _regler(request, academie, formulaire):
        messages.success(request, "Les rappels sont réglés. Les prochains en tiennent compte.")
        return redirect(reverse("rappels_reglages", query={"academie": academie.pk}))
    contexte = {
        "academie": academie,
        "academies": les_siennes,
        "formulaire": formulaire,
        "fixes": reglages_de(academie),
    }
    return render(request, "pilotage/rappels_reglages.html", contexte, status=formulaire.statut)


def _regler(request: HttpRequest, academie: Academie, formulaire: ReglagesRappelsForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = regler_les_rappels(
            academie=academie, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, reglages_montrables(lire_reglages(academie)))
    return not conflits


# --- The person -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def mes_courriels(request: HttpRequest) -> HttpResponse:
    """What she receives, stopped or taken up again; and what she received."""
    personne = request.user
    if request.method == "POST":
        _changer(request)
        return redirect("mes_courriels")
    arretes = arrets_de(personne)
    contexte = {
        "sortes": [(sorte, sorte.value in arretes) for sorte in SorteDeCourriel],
        "recus": derniers_recus(personne),
    }
    return render(request, "pilotage/mes_courriels.html", contexte)


def _changer(request: HttpRequest) -> None:
    choix = {f"arreter-{sorte.value}": sorte for sorte in SorteDeCourriel}
    reprises = {f"reprendre-{sorte.value}": sorte for sorte in SorteDeCourriel}
    demande = request.POST.get("faire", "")
    if demande in choix:
        arreter_un_courriel(personne=request.user, sorte=choix[demande], maintenant=timezone.now())
        messages.success(request, "C'est noté\u00a0: vous ne recevrez plus ces messages.")
    elif demande in reprises:
        reprendre_un_courriel(personne=request.user, sorte=reprises[demande])
        messages.success(request, "C'est noté\u00a0: vous recevrez de nouveau ces messages.")
    else:
        messages.info(request, "Rien n'a changé\u00a0: ce choix n'existe pas.")


# A mail program asks by POST without cookie nor page of ours (RFC 8058): what the link carries, signed, is the right.
# It stops one kind of e-mail for one person, and can do nothing else.
@csrf_exempt
@login_not_required
@never_cache
@sensitive_variables("jeton")
@require_http_methods(["GET", "HEAD", "POST"])
def arreter(request: HttpRequest, jeton: str) -> HttpResponse:
    """A page with one button; a POST answers without redirecting, as mail programs ask."""
    trouve = destinataire_du_jeton(jeton)
    contexte = {"fait": False, "sorte": trouve[1] if trouve else None}
    if trouve and request.method == "POST":
        arreter_un_courriel(personne=trouve[0], sorte=trouve[1], maintenant=timezone.now())
        contexte["fait"] = True
    reponse = render(request, "pilotage/arreter_rappels.html", contexte, status=200 if trouve else 404)
    reponse["X-Robots-Tag"] = "noindex, nofollow"
    return reponse
