"""The « pourquoi » of a school: its vision, and the paliers it aims at."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.vision import ecrire_vision, fixer_objectif, lire_vision, retirer_objectif
from plans.interfaces.vision import ObjectifForm, VisionForm
from plans.queries.vision import pourquoi, vision_de
from plans.views.acces import plan_lisible_ou_404
from plans.views.demande import envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def vision(request: HttpRequest, uai: str) -> HttpResponse:
    """What the school wants, and how far each aim is."""
    etablissement = plan_lisible_ou_404(request, uai)
    contexte = {
        "etablissement": etablissement,
        "etape": "pourquoi",
        "pourquoi": pourquoi(etablissement),
        "peut_ecrire": Droit.MODIFIER_PLAN in etablissement.droits,
        "lit_tout": Droit.LIRE_PLAN in etablissement.droits,
    }
    return render(request, "plans/vision.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str) -> HttpResponse:
    """Two people may write at once: what they changed apart is merged, the rest is shown to the last of them."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    tenu = asdict(lire_vision(vision_de(etablissement)))
    formulaire = VisionForm(envoye(request), tenu=tenu, nouveau=False)
    if request.method == "POST" and formulaire.is_valid() and _ecrire(request, etablissement, formulaire):
        messages.success(request, "La vision est enregistrée.")
        return redirect("pourquoi", uai)
    contexte = {"etablissement": etablissement, "etape": "pourquoi", "formulaire": formulaire}
    return render(request, "plans/vision_modifier.html", contexte, status=formulaire.statut)


def _ecrire(request: HttpRequest, etablissement: Etablissement, formulaire: VisionForm) -> bool:
    conflits = ecrire_vision(
        etablissement=etablissement,
        base=formulaire.base(),
        saisie=formulaire.saisie(),
        auteur=request.user,
        maintenant=timezone.now(),
    )
    if conflits:
        formulaire.signaler(conflits, asdict(lire_vision(vision_de(etablissement))))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def fixer(request: HttpRequest, uai: str) -> HttpResponse:
    """An aim: a champ, a palier, a school year."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    contenu = pourquoi(etablissement)
    annee = annee_scolaire(timezone.localdate())
    formulaire = ObjectifForm(envoye(request), champs=contenu.champs, annee=annee)
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, etablissement, formulaire):
        messages.success(request, "L'objectif est fixé.")
        return redirect("pourquoi", uai)
    contexte = {"etablissement": etablissement, "etape": "pourquoi", "formulaire": formulaire, "pourquoi": contenu}
    return render(request, "plans/objectif.html", contexte, status=422 if formulaire.errors else 200)


def _fixer(request: HttpRequest, etablissement: Etablissement, formulaire: ObjectifForm) -> bool:
    try:
        fixer_objectif(
            etablissement=etablissement, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    return not formulaire.errors


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    objectif = get_object_or_404(etablissement.objectifs, pk=cle)
    contenu = pourquoi(etablissement)
    if request.method == "POST":
        retirer_objectif(objectif=objectif, auteur=request.user)
        messages.success(request, "L'objectif est retiré.")
        return redirect("pourquoi", uai)
    contexte = {
        "etablissement": etablissement,
        "etape": "pourquoi",
        "objectif": objectif,
        "champ": contenu.champs.get(objectif.champ, objectif.champ),
    }
    return render(request, "plans/objectif_retirer.html", contexte)
