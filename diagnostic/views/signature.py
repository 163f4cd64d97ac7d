"""Checking everything, signing, opening again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.signature import rouvrir_diagnostic, signer_diagnostic
from diagnostic.interfaces.formulaires import ReouvertureForm, SignatureForm
from diagnostic.interfaces.pdf import rendre_pdf_diagnostic
from diagnostic.models import Diagnostic
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import EtatDiagnostic, etat_du_diagnostic
from diagnostic.rules import empechement_rouvrir, empechement_signer
from diagnostic.views.acces import diagnostic_ou_404, sa_part
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.queries.personnes import fonction_affichee


@require_http_methods(["GET", "HEAD", "POST"])
def verifier(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    """Every answer with a link to change it, what signing would say, and the signature itself."""
    droit = Droit.SIGNER if request.method == "POST" else Droit.LIRE_BROUILLON
    diagnostic = diagnostic_ou_404(request, uai, annee, droit)
    formulaire = SignatureForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid() and _signer(request, diagnostic, formulaire):
        return redirect(reverse("diagnostic_resultats", args=[uai, annee], fragment="haut"))
    if not diagnostic.modifiable:
        return redirect("diagnostic_resultats", uai, annee)
    return _page_de_verification(request, etat_du_diagnostic(diagnostic), formulaire)


def _page_de_verification(request: HttpRequest, etat: EtatDiagnostic, formulaire: SignatureForm) -> HttpResponse:
    diagnostic, maintenant = etat.diagnostic, timezone.now()
    jour = diagnostic.campagne.jour_local(maintenant)
    if not formulaire.is_bound:
        fonction = fonction_affichee(request.user, diagnostic.etablissement)
        formulaire.initial = {"nom": str(request.user), "fonction": fonction}
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "etat": etat,
        "formulaire": formulaire,
        "jour": jour,
        "lu": empreinte(json_canonique(contenu_du_diagnostic(etat, jour))),
        "empechement": empechement_signer(
            diagnostic, etat.repondus, maintenant, contradictions=len(etat.contradictions_bloquantes)
        ),
        "peut_signer": Droit.SIGNER in diagnostic.etablissement.droits,
        "peut_repondre": Droit.REPONDRE in diagnostic.etablissement.droits,
        "sa_part": sa_part(diagnostic),
    }
    return render(request, "diagnostic/verifier.html", contexte, status=422 if formulaire.errors else 200)


def _signer(request: HttpRequest, diagnostic: Diagnostic, formulaire: SignatureForm) -> bool:
    saisie = formulaire.cleaned_data
    try:
        copie = signer_diagnostic(
            diagnostic=diagnostic,
            version=saisie["version"],
            lu=saisie["lu"],
            nom=saisie["nom"],
            fonction=saisie["fonction"],
            auteur=request.user,
            maintenant=timezone.now(),
            rendre_pdf=rendre_pdf_diagnostic,
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    messages.success(request, f"La version {copie.version} du diagnostic est signée. Son PDF est prêt.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def rouvrir(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    diagnostic = diagnostic_ou_404(request, uai, annee, Droit.SIGNER)
    formulaire = ReouvertureForm(request.POST or None)
    maintenant = timezone.now()
    if request.method == "POST" and formulaire.is_valid():
        try:
            rouvrir_diagnostic(
                diagnostic=diagnostic,
                motif=formulaire.cleaned_data["motif"],
                auteur=request.user,
                maintenant=maintenant,
            )
        except Empeche as refus:
            formulaire.add_error(None, str(refus))
        else:
            messages.success(
                request, "Le diagnostic est rouvert\u00a0: vous pouvez changer les réponses, puis le signer."
            )
            return redirect("diagnostic_verifier", uai, annee)
    contexte = {
        "etablissement": diagnostic.etablissement,
        "etape": "diagnostic",
        "diagnostic": diagnostic,
        "formulaire": formulaire,
        "empechement": empechement_rouvrir(diagnostic, maintenant),
    }
    return render(request, "diagnostic/rouvrir.html", contexte, status=422 if formulaire.errors else 200)
