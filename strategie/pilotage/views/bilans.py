"""The yearly report of a school, as a page and as files; the slides that an académie puts in place of ours."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import envoye
from strategie.pilotage.domain.bilan import deposer_modele, ecrire_mot, revenir_au_modele_commun
from strategie.pilotage.interfaces.bilan import MotForm, contexte_du_bilan, imprimer_bilan
from strategie.pilotage.interfaces.bilan_pptx import ecrire_presentation
from strategie.pilotage.interfaces.modele_pptx import PPTX, ModeleForm, modele_de_paliers
from strategie.pilotage.queries.bilan import annees_du_bilan, bilan, modele_de, mot_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Academie, Etablissement
from strategie.socle.queries.academies import academies_confiees
from strategie.socle.views.acces import etablissement_ou_404


def _annee(request: HttpRequest, etablissement: Etablissement) -> tuple[str, Any]:
    """The year of the address, among those that have something to tell, or the one to tell first."""
    annees = annees_du_bilan(etablissement, timezone.localdate())
    demandee = request.GET.get("annee") or annees.defaut
    if demandee not in annees.avec_des_faits:
        raise Http404("L'établissement n'a pas de bilan de cette année.")
    return demandee, annees.avec_des_faits


@require_safe
def voir(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DOSSIER)
    annee, annees = _annee(request, etablissement)
    contexte = contexte_du_bilan(bilan(etablissement, annee, timezone.localdate())) | {
        "etablissement": etablissement,
        "etape": "evaluation",
        "annee": annee,
        "annees": annees,
        "ecrit": Droit.PREPARER_DOSSIER in etablissement.droits,
        "ecran": True,
    }
    return render(request, "pilotage/bilan.html", contexte)


@require_safe
def pdf(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DOSSIER)
    annee, _ = _annee(request, etablissement)
    octets = b"" if request.method == "HEAD" else imprimer_bilan(bilan(etablissement, annee, timezone.localdate()))
    return _fichier(octets, f"bilan-{uai}-{annee}.pdf", "application/pdf")


@require_safe
def pptx(request: HttpRequest, uai: str) -> HttpResponse:
    """On the académie's slides, or on ours."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_DOSSIER)
    annee, _ = _annee(request, etablissement)
    octets = b"" if request.method == "HEAD" else _diapositives(etablissement, annee)
    return _fichier(octets, f"bilan-{uai}-{annee}.pptx", PPTX)


def _diapositives(etablissement: Etablissement, annee: str) -> bytes:
    modele = modele_de(etablissement.academie_id)
    return ecrire_presentation(
        bilan(etablissement, annee, timezone.localdate()),
        bytes(modele.contenu) if modele else modele_de_paliers(),
    )


def _fichier(octets: bytes, nom: str, type_mime: str) -> HttpResponse:
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return HttpResponse(octets, content_type=type_mime, headers=entetes)


@require_http_methods(["GET", "HEAD", "POST"])
def mot(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.PREPARER_DOSSIER)
    annee, _ = _annee(request, etablissement)
    tenu = mot_de(etablissement, annee)
    formulaire = MotForm(envoye(request), tenu=tenu.texte if tenu else "")
    if request.method == "POST" and formulaire.is_valid() and _ecrire(request, etablissement, annee, formulaire):
        messages.success(request, "Votre mot ouvre le bilan.")
        return redirect(reverse("bilan", args=[uai], query={"annee": annee}))
    contexte = {"etablissement": etablissement, "etape": "evaluation", "annee": annee, "formulaire": formulaire}
    return render(request, "pilotage/bilan_mot.html", contexte, status=formulaire.statut)


def _ecrire(request: HttpRequest, etablissement: Etablissement, annee: str, formulaire: MotForm) -> bool:
    try:
        conflits = ecrire_mot(
            etablissement=etablissement,
            annee=annee,
            base=formulaire.lu()["texte"],
            texte=formulaire.cleaned_data["texte"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        tenu = mot_de(etablissement, annee)
        formulaire.signaler(conflits, {"texte": tenu.texte if tenu else ""})
    return not conflits


# --- The slides of an académie -------------------------------------------------------------------------------------
def _academie(request: HttpRequest) -> tuple[Academie, list[Academie]]:
    """Of the address (`?academie=`), or the person's first; another's does not exist, 403 for who settles nothing."""
    les_siennes = list(academies_confiees(request.user, Droit.GERER_REFERENTIEL))
    if not les_siennes:
        raise PermissionDenied(
            "Votre rôle ne permet pas cette action\u00a0: choisir le modèle de bilan d'une académie."
        )
    demandee = request.GET.get("academie")
    for sienne in les_siennes:
        if demandee in (None, str(sienne.pk)):
            return sienne, les_siennes
    raise Http404("Cette académie n'est pas la vôtre.")


@require_http_methods(["GET", "HEAD", "POST"])
def modele(request: HttpRequest) -> HttpResponse:
    academie, les_siennes = _academie(request)
    formulaire = ModeleForm(envoye(request), request.FILES or None)
    if request.method == "POST" and "revenir" in request.POST:
        revenir_au_modele_commun(academie=academie, auteur=request.user)
        messages.success(request, "Les bilans de l'académie reprennent le modèle de Paliers.")
        return redirect(reverse("modele_de_bilan", query={"academie": academie.pk}))
    if request.method == "POST" and formulaire.is_valid():
        deposer_modele(
            academie=academie,
            presentation=formulaire.cleaned_data["fichier"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
        messages.success(request, "Le modèle est déposé. Les bilans de l'académie le suivent dès maintenant.")
        return redirect(reverse("modele_de_bilan", query={"academie": academie.pk}))
    contexte = {
        "academie": academie,
        "academies": les_siennes,
        "formulaire": formulaire,
        "tenu": modele_de(academie),
    }
    return render(request, "pilotage/modele_de_bilan.html", contexte, status=422 if formulaire.errors else 200)


@require_safe
def modele_fichier(request: HttpRequest) -> HttpResponse:
    """The slides in force, to redraw them in a presentation software."""
    academie, _ = _academie(request)
    tenu = modele_de(academie)
    return _fichier(bytes(tenu.contenu) if tenu else modele_de_paliers(), "modele-de-bilan.pptx", PPTX)
