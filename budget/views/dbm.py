"""Corrections of the budget (DBM): the list, one of them, its movements, its adoption."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budget.domain.dbm import (
    DBMChangee,
    adopter_dbm,
    creer_dbm,
    fixer_mouvement,
    lire_dbm,
    modifier_dbm,
    rejeter_dbm,
)
from budget.interfaces.dbm import AdoptionForm, AvecVersionDBM, DBMForm, MouvementForm
from budget.models import DecisionModificative
from budget.queries.dbm import dbm_de, effets_de, lignes_a_corriger
from budget.queries.exercices import empechement_d_ecrire
from budget.rules.dbm import empechement_adopter, empechement_ecrire_dbm
from budget.views.acces_budget import dbm_ou_404, etablissement_a_dbm_ou_404, exercice_demande
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement


@require_safe
def liste(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_a_dbm_ou_404(request, uai, Droit.LIRE_BUDGET)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "decisions": dbm_de(etablissement),
        "tient": Droit.TENIR_BUDGET in etablissement.droits,
    }
    return render(request, "budget/dbm.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_a_dbm_ou_404(request, uai, Droit.TENIR_BUDGET)
    formulaire = DBMForm(envoye(request), tenue=None, exercice=exercice_demande(request))
    if request.method == "POST" and formulaire.is_valid() and (creee := _creer(request, etablissement, formulaire)):
        messages.success(request, f"La {creee} est en projet\u00a0: dites quelles lignes elle change.")
        return redirect("dbm_voir", uai, creee.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "decision": None}
    return render(request, "budget/dbm_saisir.html", contexte, status=formulaire.statut)


def _creer(request: HttpRequest, etablissement: Etablissement, formulaire: DBMForm) -> DecisionModificative | None:
    try:
        return creer_dbm(
            etablissement=etablissement,
            exercice=formulaire.cleaned_data["exercice"],
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


@require_safe
def voir(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What it changes; while it is a project, its movements are written here."""
    decision = dbm_ou_404(request, uai, cle, Droit.LIRE_BUDGET)
    return _page(request, decision, None)


def _page(request: HttpRequest, decision: DecisionModificative, formulaire: MouvementForm | None) -> HttpResponse:
    etablissement = decision.etablissement
    effets, clos = effets_de(decision), empechement_d_ecrire(etablissement, decision.exercice)
    tient = Droit.TENIR_BUDGET in etablissement.droits
    modifiable = tient and not clos and empechement_ecrire_dbm(decision) is None
    if modifiable and formulaire is None:
        formulaire = MouvementForm(None, version=decision.version, lignes=_lignes(decision))
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "decision": decision,
        "effets": effets,
        "desequilibre": effets.desequilibre(decision.code),
        "formulaire": formulaire,
        "modifiable": modifiable,
        "clos": clos,
        "adoptable": empechement_adopter(decision, len(effets.lignes)) is None and not effets.empechements,
    }
    return render(request, "budget/dbm_voir.html", contexte, status=formulaire.statut if formulaire else 200)


def _lignes(decision: DecisionModificative) -> object:
    return lignes_a_corriger(decision.etablissement, decision.exercice)


@require_POST
def mouvement(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """One line's; sent again with another amount, it replaces the last."""
    decision = dbm_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    formulaire = MouvementForm(request.POST, version=decision.version, lignes=_lignes(decision))
    if formulaire.is_valid() and _fixer(request, decision, formulaire):
        messages.success(request, "Le mouvement est enregistré.")
        return redirect("dbm_voir", uai, cle)
    return _page(request, decision, formulaire)


def _fixer(request: HttpRequest, decision: DecisionModificative, formulaire: MouvementForm) -> bool:
    try:
        fixer_mouvement(
            decision=decision,
            version=formulaire.cleaned_data["version"],
            ligne=formulaire.cleaned_data["ligne"],
            montant=formulaire.cleaned_data["montant"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        _signaler(formulaire, refus)
        return False
    return True


def _signaler(formulaire: AvecVersionDBM, refus: Empeche) -> None:
    formulaire.add_error(None, str(refus))
    if isinstance(refus, DBMChangee):
        formulaire.signaler(refus.actuelle)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its words, as long as it is a project."""
    decision = dbm_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    etablissement = decision.etablissement
    formulaire = DBMForm(envoye(request), tenue=lire_dbm(decision), exercice=decision.exercice)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, decision, formulaire):
        messages.success(request, "La décision est enregistrée.")
        return redirect("dbm_voir", uai, cle)
    refus = empechement_ecrire_dbm(decision) or empechement_d_ecrire(etablissement, decision.exercice)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "decision": decision}
    contexte |= {"empechement": refus}
    return render(request, "budget/dbm_saisir.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, decision: DecisionModificative, formulaire: DBMForm) -> bool:
    try:
        conflits = modifier_dbm(
            decision=decision,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        decision.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_dbm(decision)))
    return not conflits


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adopter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What the board decided is noted here; the lines change at once."""
    decision = dbm_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    initial = {"version": decision.version, "adoptee_le": timezone.localdate()}
    formulaire = AdoptionForm(envoye(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid() and _adopter(request, decision, formulaire):
        messages.success(request, f"La {decision} est adoptée\u00a0: ses lignes ont changé.")
        return redirect("dbm_voir", uai, cle)
    effets = effets_de(decision)
    refus = empechement_adopter(decision, len(effets.lignes))
    contexte = {
        "etablissement": decision.etablissement,
        "etape": "moyens",
        "decision": decision,
        "effets": effets,
        "desequilibre": effets.desequilibre(decision.code),
        "formulaire": formulaire,
        "empechement": refus or empechement_d_ecrire(decision.etablissement, decision.exercice),
    }
    return render(request, "budget/dbm_adopter.html", contexte, status=formulaire.statut)


def _adopter(request: HttpRequest, decision: DecisionModificative, formulaire: AdoptionForm) -> bool:
    try:
        adopter_dbm(
            decision=decision,
            version=formulaire.cleaned_data["version"],
            adoptee_le=formulaire.cleaned_data["adoptee_le"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        _signaler(formulaire, refus)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def rejeter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The lines stay as they are."""
    decision = dbm_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    formulaire = AvecVersionDBM(envoye(request), initial={"version": decision.version})
    if request.method == "POST" and formulaire.is_valid() and _rejeter(request, decision, formulaire):
        messages.success(request, f"La {decision} est rejetée\u00a0: rien n'a changé dans le budget.")
        return redirect("dbm_voir", uai, cle)
    refus = empechement_ecrire_dbm(decision) or empechement_d_ecrire(decision.etablissement, decision.exercice)
    contexte = {"etablissement": decision.etablissement, "etape": "moyens", "decision": decision}
    contexte |= {"formulaire": formulaire, "empechement": refus}
    return render(request, "budget/dbm_rejeter.html", contexte, status=formulaire.statut)


def _rejeter(request: HttpRequest, decision: DecisionModificative, formulaire: AvecVersionDBM) -> bool:
    try:
        rejeter_dbm(
            decision=decision,
            version=formulaire.cleaned_data["version"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        _signaler(formulaire, refus)
        return False
    return True
