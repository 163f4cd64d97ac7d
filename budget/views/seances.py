"""Sessions of a training: dated, changed, held, given up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from budget.domain.seances import ajouter_seance, annuler_seance, lire_seance, modifier_seance, tenir_seance
from budget.interfaces.seances import AnnulationForm, PresentsForm, SeanceForm
from budget.models import BesoinFormation, Seance
from budget.queries.couverture import effectifs_de
from budget.rules.seances import (
    empechement_annuler_seance,
    empechement_modifier_seance,
    empechement_prevoir,
    empechement_tenir_seance,
)
from budget.views.acces_formation import formation_ou_404, formations_a_ecrire_ou_404, seance_ou_404
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche, SaisieRefusee


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = formations_a_ecrire_ou_404(request, uai)
    formation = formation_ou_404(etablissement, cle)
    formulaire = SeanceForm(envoye(request), tenue=None)
    if request.method == "POST" and formulaire.is_valid() and _ajouter(request, formation, formulaire):
        messages.success(request, "La séance est ajoutée.")
        return redirect("formation", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formation": formation, "formulaire": formulaire}
    contexte |= {"empechement": empechement_prevoir(formation.etat)}
    return render(request, "budget/seance_modifier.html", contexte, status=formulaire.statut)


def _ajouter(request: HttpRequest, formation: BesoinFormation, formulaire: SeanceForm) -> bool:
    cle = formulaire.cleaned_data["cle"]
    try:
        ajouter_seance(formation=formation, saisie=formulaire.saisie(), cle=cle, auteur=request.user)
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return not formulaire.errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What two people change apart is merged; what they change alike is shown to the last of them."""
    etablissement = formations_a_ecrire_ou_404(request, uai)
    seance = seance_ou_404(etablissement, cle)
    formation = seance.formation
    formulaire = SeanceForm(envoye(request), tenue=lire_seance(seance))
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, seance, formulaire):
        messages.success(request, "La séance est enregistrée.")
        return redirect("formation", uai, formation.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formation": formation, "formulaire": formulaire}
    empechement = empechement_prevoir(formation.etat) or empechement_modifier_seance(seance.etat)
    contexte |= {"seance": seance, "empechement": empechement}
    return render(request, "budget/seance_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, seance: Seance, formulaire: SeanceForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = modifier_seance(
            seance=seance, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        seance.refresh_from_db()
        formulaire.signaler(conflits, vars(lire_seance(seance)))
    return not conflits


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def presents(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """How many of each team were there; a held session is corrected here too."""
    etablissement = formations_a_ecrire_ou_404(request, uai)
    seance = seance_ou_404(etablissement, cle)
    formation, effectifs = seance.formation, effectifs_de(etablissement.pk, seance.formation.annee_scolaire)
    formulaire = PresentsForm(envoye(request), seance=seance, effectifs=effectifs)
    if request.method == "POST" and formulaire.is_valid() and _tenir(request, seance, formulaire):
        messages.success(request, "Les présents sont comptés.")
        return redirect("formation", uai, formation.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formation": formation, "formulaire": formulaire}
    contexte |= {"seance": seance, "empechement": _pas_de_presents(seance)}
    return render(request, "budget/seance_presents.html", contexte, status=_statut(request))


def _pas_de_presents(seance: Seance) -> str | None:
    return (
        empechement_modifier_seance(seance.etat)
        or empechement_prevoir(seance.formation.etat, tenir=True)
        or empechement_tenir_seance(seance.jour, timezone.localdate())
    )


def _tenir(request: HttpRequest, seance: Seance, formulaire: PresentsForm) -> bool:
    version = formulaire.cleaned_data["version"]
    try:
        tenir_seance(
            seance=seance,
            version=version,
            presents=formulaire.presents(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except SaisieRefusee as refus:
        formulaire.placer(refus.defauts)
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        seance.refresh_from_db()
        formulaire.a_relire(seance)
    return not formulaire.errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annuler(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """With a reason, kept on the sheet."""
    etablissement = formations_a_ecrire_ou_404(request, uai)
    seance = seance_ou_404(etablissement, cle)
    formation = seance.formation
    formulaire = AnnulationForm(envoye(request), seance=seance)
    empechement = empechement_modifier_seance(seance.etat) or empechement_annuler_seance(formation.etat, seance.etat)
    if request.method == "POST" and not empechement and formulaire.is_valid():
        lu = formulaire.cleaned_data
        try:
            annuler_seance(seance=seance, version=lu["version"], raison=lu["raison"], auteur=request.user)
            messages.success(request, "La séance est annulée.")
            return redirect("formation", uai, formation.pk)
        except Empeche as refus:
            formulaire.add_error("raison", str(refus))
    contexte = {"etablissement": etablissement, "etape": "moyens", "formation": formation, "formulaire": formulaire}
    contexte |= {"seance": seance, "empechement": empechement}
    return render(request, "budget/seance_annuler.html", contexte, status=_statut(request))


def _statut(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
