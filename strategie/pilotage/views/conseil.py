"""Meetings of the board: noted beforehand, completed afterwards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plans.interfaces.indicateurs import AvecVersion, signaler_le_refus
from plans.views.demande import envoye
from strategie.pilotage.domain.conseil import avertissements
from strategie.pilotage.domain.seances import lire_seance, modifier_seance, noter_seance, retirer_seance
from strategie.pilotage.interfaces.seances import SeanceForm
from strategie.pilotage.models import SeanceDuConseil
from strategie.pilotage.queries.deliberations import seances_de, seances_et_actes, tenue_de
from strategie.pilotage.queries.regles_du_conseil import regles_de
from strategie.pilotage.rules.seances import empechement_modifier_seance, empechement_retirer_seance
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404

NOTEE = "La séance est notée."


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    regles = regles_de(etablissement)
    formulaire = SeanceForm(envoye(request), tenu=None, regles=regles, nouveau=True)
    if request.method == "POST" and formulaire.is_valid() and (seance := _noter(request, etablissement, formulaire)):
        _dire(request, seance, NOTEE)
        return redirect("evaluation", uai)
    contexte = _contexte(etablissement, formulaire=formulaire, seance=None, regles=regles)
    return render(request, "pilotage/seance_saisir.html", contexte, status=formulaire.statut)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    seance = get_object_or_404(seances_de(etablissement), pk=cle)
    seance.etablissement, regles = etablissement, regles_de(etablissement)
    formulaire = SeanceForm(envoye(request), tenu=lire_seance(seance), regles=regles)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, seance, formulaire):
        _dire(request, seance, "La séance est enregistrée.")
        return redirect("evaluation", uai)
    refus = empechement_modifier_seance(seance.votes)
    contexte = _contexte(etablissement, formulaire=formulaire, seance=seance, regles=regles, empechement=refus)
    return render(request, "pilotage/seance_saisir.html", contexte, status=formulaire.statut)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; a meeting that has no act."""
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    seance = get_object_or_404(seances_et_actes(etablissement), pk=cle)
    formulaire = AvecVersion(envoye(request), initial={"version": seance.version})
    if request.method == "POST" and formulaire.is_valid():
        try:
            retirer_seance(seance=seance, version=formulaire.cleaned_data["version"], auteur=request.user)
            messages.success(request, "La séance est retirée.")
            return redirect("evaluation", uai)
        except Empeche as refus:
            signaler_le_refus(formulaire, refus)
    refus = empechement_retirer_seance(seance.votes, len(seance.actes))
    contexte = _contexte(etablissement, formulaire=formulaire, seance=seance, empechement=refus)
    return render(request, "pilotage/seance_retirer.html", contexte, status=formulaire.statut)


def _contexte(etablissement: Etablissement, **autres: object) -> dict[str, object]:
    return {"etablissement": etablissement, "etape": "evaluation"} | autres


def _noter(request: HttpRequest, etablissement: Etablissement, formulaire: SeanceForm) -> SeanceDuConseil | None:
    try:
        return noter_seance(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


def _modifier(request: HttpRequest, seance: SeanceDuConseil, formulaire: SeanceForm) -> bool:
    try:
        conflits = modifier_seance(
            seance=seance,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        formulaire.signaler(conflits, vars(lire_seance(seance)))
    return not conflits


def _dire(request: HttpRequest, seance: SeanceDuConseil, fait: str) -> None:
    """What may be held against the vote is said as soon as it is noted, and stops nothing."""
    messages.success(request, fait)
    for phrase in avertissements(regles_de(seance.etablissement), tenue_de(seance)):
        messages.warning(request, phrase)
