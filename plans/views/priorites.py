"""What an académie wants its districts to work on."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.cascade import (
    SaisiePriorite,
    fixer_priorite,
    lire_priorite,
    modifier_priorite,
    retablir_priorite,
    retirer_priorite,
)
from plans.interfaces.cascade import NouvellePrioriteForm, PrioriteForm
from plans.models import PrioriteAcademique
from plans.queries.cascade import priorites_de
from plans.views.acces_district import academies_a_orienter, priorite_ou_404
from plans.views.demande import envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche


@require_safe
def priorites(request: HttpRequest) -> HttpResponse:
    """By school year, those retired last."""
    academies = academies_a_orienter(request)
    contexte = {"priorites": priorites_de(academies), "plusieurs": len(academies) > 1}
    return render(request, "plans/priorites.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest) -> HttpResponse:
    academies = academies_a_orienter(request)
    tenu = SaisiePriorite(annee_scolaire(timezone.localdate()), "")
    formulaire = NouvellePrioriteForm(envoye(request), tenu=tenu, academies=academies)
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, formulaire):
        messages.success(request, "La priorité est fixée. Les districts peuvent dire quels axes la servent.")
        return redirect("priorites")
    contexte = {"formulaire": formulaire, "priorite": None}
    return render(request, "plans/priorite_modifier.html", contexte, status=formulaire.statut)


def _fixer(request: HttpRequest, formulaire: NouvellePrioriteForm) -> bool:
    academie = formulaire.cleaned_data["academie"]
    try:
        fixer_priorite(academie=academie, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now())
    except Empeche as refus:
        formulaire.add_error("annee_scolaire", str(refus))
    return not formulaire.errors


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, cle: int) -> HttpResponse:
    priorite = priorite_ou_404(request, cle)
    formulaire = PrioriteForm(envoye(request), tenu=lire_priorite(priorite))
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, priorite, formulaire):
        messages.success(request, "La priorité est modifiée.")
        return redirect("priorites")
    contexte = {"formulaire": formulaire, "priorite": priorite}
    return render(request, "plans/priorite_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, priorite: PrioriteAcademique, formulaire: PrioriteForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = modifier_priorite(
            priorite=priorite, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        priorite.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_priorite(priorite)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, cle: int) -> HttpResponse:
    """Asks first: the axes that serve it stay."""
    priorite = priorite_ou_404(request, cle)
    if request.method == "POST":
        retirer_priorite(priorite=priorite, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "La priorité est retirée. Les axes de district qui la servaient restent.")
        return redirect("priorites")
    return render(request, "plans/priorite_retirer.html", {"priorite": priorite})


@require_POST
def retablir(request: HttpRequest, cle: int) -> HttpResponse:
    retablir_priorite(priorite=priorite_ou_404(request, cle), auteur=request.user)
    messages.success(request, "La priorité est rétablie.")
    return redirect("priorites")
