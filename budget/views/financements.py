"""What pays: noting it, changing it, taking it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from budget.domain.corbeille_du_budget import empechement_de_retirer_financement, retirer_financement
from budget.domain.financements import creer_financement, lire_financement, modifier_financement
from budget.interfaces.financements import FinancementForm, nouveau_financement
from budget.models import Financement, LigneBudget
from budget.queries.budget import lignes_de
from budget.queries.exercices import empechement_d_ecrire
from budget.queries.financements import objets_a_financer
from budget.views.acces_budget import exercice_demande, financement_ou_404, liens_demandes
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import cles_demandees, envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """For a line (`?ligne=`), for a purchase (`?achat=`), or for the exercice of the address."""
    etablissement = etablissement_ou_404(request, uai, Droit.TENIR_BUDGET)
    ligne, achat = _ligne_demandee(request, etablissement), liens_demandes(request)["achat"]
    exercice, jour = ligne.exercice if ligne else exercice_demande(request), timezone.localdate()
    formulaire = FinancementForm(
        envoye(request),
        etablissement=etablissement,
        tenu=nouveau_financement(exercice, jour, ligne=ligne, achat=achat),
        nouveau=True,
        jour=jour,
        objets=objets_a_financer(etablissement, exercice, ligne=ligne.pk if ligne else None, achat=None),
    )
    if request.method == "POST" and formulaire.is_valid() and (cree := _creer(request, etablissement, formulaire)):
        messages.success(request, "Le financement est noté.")
        return redirect(_retour(cree))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "financement": None}
    contexte |= {"exercice": exercice, "ligne": ligne}
    return render(request, "budget/financement_saisir.html", contexte, status=formulaire.statut)


def _ligne_demandee(request: HttpRequest, etablissement: Etablissement) -> LigneBudget | None:
    cles = cles_demandees(request, "ligne")
    return get_object_or_404(lignes_de(etablissement), pk=min(cles)) if cles else None


def _creer(request: HttpRequest, etablissement: Etablissement, formulaire: FinancementForm) -> Financement | None:
    try:
        return creer_financement(
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
    lu = financement_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    etablissement, tenu = lu.etablissement, lire_financement(lu)
    formulaire = FinancementForm(
        envoye(request),
        etablissement=etablissement,
        tenu=tenu,
        nouveau=False,
        jour=timezone.localdate(),
        objets=objets_a_financer(etablissement, lu.exercice, ligne=tenu.ligne, achat=tenu.achat),
    )
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, lu, formulaire):
        messages.success(request, "Le financement est enregistré.")
        return redirect(_retour(lu))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "financement": lu}
    contexte |= {"exercice": lu.exercice, "ligne": lu.ligne}
    contexte |= {"empechement": empechement_d_ecrire(etablissement, lu.exercice)}
    return render(request, "budget/financement_saisir.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, lu: Financement, formulaire: FinancementForm) -> bool:
    try:
        conflits = modifier_financement(
            financement=lu,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        lu.refresh_from_db()
        formulaire.signaler_les_conflits(conflits, lire_financement(lu))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To the bin, where it waits thirty days."""
    lu = financement_ou_404(request, uai, cle, Droit.TENIR_BUDGET)
    empechement = empechement_de_retirer_financement(lu)
    if request.method == "POST":
        try:
            retirer_financement(financement=lu, auteur=request.user, maintenant=timezone.now())
        except Empeche as refus:
            empechement = str(refus)
        else:
            messages.success(request, "Le financement est à la corbeille, pour trente jours.")
            return redirect(_retour(lu))
    contexte = {"etablissement": lu.etablissement, "etape": "moyens", "financement": lu, "empechement": empechement}
    contexte |= {"retour": _retour(lu)}
    return render(request, "budget/financement_retirer.html", contexte, status=422 if request.method == "POST" else 200)


def _retour(financement: Financement) -> str:
    """Where it is read: on its line, or among what pays for the exercice."""
    uai = financement.etablissement.uai
    if financement.ligne_id:
        return reverse("ligne", args=[uai, financement.ligne_id])
    return reverse("budget", args=[uai], query={"exercice": financement.exercice}, fragment="financements")
