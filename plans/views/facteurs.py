"""Success factors of actions: what shows, in words, that they succeed."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from plans.domain.facteurs import ajouter_facteur, lire_facteur, modifier_facteur, retirer_facteur
from plans.interfaces.indicateurs import AvecVersion, FacteurForm, FacteurModifieForm, signaler_le_refus
from plans.models import FacteurReussite
from plans.queries.indicateurs import facteurs_lisibles
from plans.rules.indicateurs import empechement_un_facteur_de_plus
from plans.views.demande import envoye
from plans.views.indicateurs import action_ou_404, adresse_de_l_action, exiger_de_suivre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.views.acces import etablissement_ou_404


def facteur_ou_404(request: HttpRequest, uai: str, cle: int) -> FacteurReussite:
    """One of an action that the person carries, or of any that she writes."""
    etablissement = etablissement_ou_404(request, uai, Droit.SUIVRE_SES_ACTIONS)
    facteur = get_object_or_404(facteurs_lisibles(etablissement), pk=cle)
    facteur.action.etablissement = etablissement
    exiger_de_suivre(request, etablissement, facteur.action)
    return facteur


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.SUIVRE_SES_ACTIONS)
    action = action_ou_404(etablissement, cle)
    exiger_de_suivre(request, etablissement, action)
    formulaire = FacteurForm(envoye(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            ajouter_facteur(action=action, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now())
            messages.success(request, "Le facteur de réussite est ajouté.")
            return redirect(adresse_de_l_action(action))
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    empechement = None if formulaire.errors else empechement_un_facteur_de_plus(action.facteurs.count())
    contexte = {"etablissement": etablissement, "etape": "moyens", "action": action, "formulaire": formulaire}
    statut = 422 if request.method == "POST" else 200
    return render(request, "plans/facteur_ajouter.html", contexte | {"empechement": empechement}, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its words, whether it is there, what shows it."""
    tenu = facteur_ou_404(request, uai, cle)
    formulaire = FacteurModifieForm(envoye(request), initial={"version": tenu.version, **asdict(lire_facteur(tenu))})
    if request.method == "POST" and formulaire.is_valid():
        try:
            modifier_facteur(
                facteur=tenu,
                version=formulaire.cleaned_data["version"],
                saisie=formulaire.saisie(),
                auteur=request.user,
                maintenant=timezone.now(),
            )
            messages.success(request, "Le facteur de réussite est enregistré.")
            return redirect(adresse_de_l_action(tenu.action))
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    return _page(request, "plans/facteur_modifier.html", tenu, formulaire)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; changed meanwhile, it shows what it says now and asks again."""
    tenu = facteur_ou_404(request, uai, cle)
    formulaire = AvecVersion(envoye(request), initial={"version": tenu.version})
    if request.method == "POST" and formulaire.is_valid():
        try:
            retirer_facteur(facteur=tenu, version=formulaire.cleaned_data["version"], auteur=request.user)
            messages.success(request, "Le facteur de réussite est retiré.")
            return redirect(adresse_de_l_action(tenu.action))
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    return _page(request, "plans/facteur_retirer.html", tenu, formulaire)


def _page(request: HttpRequest, gabarit: str, facteur: FacteurReussite, formulaire: AvecVersion) -> HttpResponse:
    contexte = {
        "etablissement": facteur.action.etablissement,
        "etape": "moyens",
        "facteur": facteur,
        "action": facteur.action,
        "formulaire": formulaire,
    }
    return render(request, gabarit, contexte, status=formulaire.statut)
