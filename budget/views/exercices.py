"""Closing an exercice once its accounts are, opening it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from budget.domain.exercices import clore_exercice, rouvrir_exercice
from budget.interfaces.exercices import ReouvertureForm
from budget.queries.budget import Selection, synthese
from budget.queries.exercices import exercice_lu
from budget.rules.exercices import empechement_clore, empechement_exercice, empechement_rouvrir
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.views.acces import etablissement_ou_404


@require_http_methods(["GET", "HEAD", "POST"])
def clore(request: HttpRequest, uai: str, annee: int) -> HttpResponse:
    """The page says what would no longer change."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_BUDGET)
    civile = timezone.localdate().year
    refus = empechement_exercice(annee, civile) or empechement_clore(exercice_lu(etablissement, annee), civile)
    if request.method == "POST":
        try:
            clore_exercice(etablissement=etablissement, annee=annee, auteur=request.user, maintenant=timezone.now())
        except Empeche as empeche:
            refus = str(empeche)
        else:
            messages.success(request, f"L'exercice {annee} est clos.")
            return redirect(_retour(uai, annee))
    contexte = {"etablissement": etablissement, "etape": "moyens", "annee": annee, "retour": _retour(uai, annee)}
    contexte |= {"empechement": refus, "lu": synthese(etablissement, Selection(exercice=annee))}
    return render(request, "budget/exercice_clore.html", contexte, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rouvrir(request: HttpRequest, uai: str, annee: int) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.ARBITRER_BUDGET)
    formulaire = ReouvertureForm(envoye(request))
    refus = empechement_rouvrir(exercice_lu(etablissement, annee))
    if request.method == "POST" and formulaire.is_valid():
        try:
            rouvrir_exercice(
                etablissement=etablissement,
                annee=annee,
                raison=formulaire.cleaned_data["raison"],
                auteur=request.user,
                maintenant=timezone.now(),
            )
        except Empeche as empeche:
            signaler_le_refus(formulaire, empeche)
        else:
            messages.success(request, f"L'exercice {annee} est de nouveau ouvert.")
            return redirect(_retour(uai, annee))
    contexte = {"etablissement": etablissement, "etape": "moyens", "annee": annee, "retour": _retour(uai, annee)}
    contexte |= {"empechement": refus, "formulaire": formulaire}
    return render(request, "budget/exercice_rouvrir.html", contexte, status=422 if request.method == "POST" else 200)


def _retour(uai: str, annee: int) -> str:
    return reverse("budget", args=[uai], query={"exercice": annee})
