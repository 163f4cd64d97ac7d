"""One line of the budget: its sheet, adding it, changing it, taking it away."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.corbeille_du_budget import empechement_de_retirer_ligne, retirer_ligne
from budget.domain.lignes import creer_ligne, lire_ligne, modifier_ligne
from budget.interfaces.lignes import LigneForm, fiche_de_la_ligne, nouvelle_ligne
from budget.models import LigneBudget
from budget.queries.exercices import empechement_d_ecrire
from budget.queries.lignes import financements_de_la_ligne, mouvements_de_la_ligne
from budget.views.acces_budget import choix_de_liens, exercice_demande, liens_demandes, ligne_ou_404
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def ligne(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What it is for, what pays for it, what corrected it."""
    lue = ligne_ou_404(request, uai, cle, Droit.LIRE_BUDGET)
    etablissement = lue.etablissement
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "ligne": lue,
        "fiche": fiche_de_la_ligne(lue, financements_de_la_ligne(lue), mouvements_de_la_ligne(lue)),
        "empechement": empechement_d_ecrire(etablissement, lue.exercice),
        "tient": Droit.TENIR_BUDGET in etablissement.droits,
        "lit_le_plan": Droit.LIRE_PLAN in etablissement.droits,
    }
    return render(request, "budget/ligne.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """For the exercice of the address, and linked to what it names."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_BUDGET)
    jour, liens = timezone.localdate(), liens_demandes(request)
    formulaire = LigneForm(
        envoye(request),
        etablissement=etablissement,
        tenue=nouvelle_ligne(etablissement, exercice_demande(request), jour, liens),
        nouvelle=True,
        jour=jour,
        choix_de_liens=choix_de_liens(etablissement, dict.fromkeys(liens)),
    )
    if request.method == "POST" and formulaire.is_valid() and (creee := _creer(request, etablissement, formulaire)):
        messages.success(request, f"La ligne est dans le budget {creee.exercice}.")
        return redirect("ligne", uai, creee.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "ligne": None}
    return render(request, "budget/ligne_saisir.html", contexte, status=formulaire.statut)


def _creer(request: HttpRequest, etablissement: Etablissement, formulaire: LigneForm) -> LigneBudget | None:
    try:
        return creer_ligne(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    lue = ligne_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    etablissement, tenue = lue.etablissement, lire_ligne(lue)
    liens = {nom: getattr(tenue, nom) for nom in ("action", "achat", "formation")}
    formulaire = LigneForm(
        envoye(request),
        etablissement=etablissement,
        tenue=tenue,
        nouvelle=False,
        jour=timezone.localdate(),
        choix_de_liens=choix_de_liens(etablissement, liens),
    )
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, lue, formulaire):
        messages.success(request, "La ligne est enregistrée.")
        return redirect("ligne", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "ligne": lue}
    contexte |= {"empechement": empechement_d_ecrire(etablissement, lue.exercice)}
    return render(request, "budget/ligne_saisir.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, lue: LigneBudget, formulaire: LigneForm) -> bool:
    try:
        conflits = modifier_ligne(
            ligne=lue,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        lue.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_ligne(lue)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To the bin, where it waits thirty days."""
    lue = ligne_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    empechement = empechement_de_retirer_ligne(lue)
    if request.method == "POST":
        try:
            retirer_ligne(ligne=lue, auteur=request.user, maintenant=timezone.now())
        except Empeche as refus:
            empechement = str(refus)
        else:
            messages.success(request, "La ligne est à la corbeille, pour trente jours.")
            return redirect(reverse("budget", args=[uai], query={"exercice": lue.exercice}))
    contexte = {"etablissement": lue.etablissement, "etape": "moyens", "ligne": lue, "empechement": empechement}
    return render(request, "budget/ligne_retirer.html", contexte, status=422 if request.method == "POST" else 200)
