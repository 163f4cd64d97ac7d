"""What a school asks of its collectivité or of the State, and what they answer. Only the school reads it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.demandes import (
    DemandeChangee,
    faire_demande,
    modifier_demande,
    repondre_demande,
)
from plans.interfaces.demandes import (
    DemandeForm,
    DemandeModifieeForm,
    FormulaireDeDemande,
    ReponseForm,
    demande_preremplie,
    liste_de_demandes,
    rendre_lettre_pdf,
)
from plans.models import Demande
from plans.queries.demandes import demande_de, demandes_de
from plans.queries.offre import ConditionOuverte, Offre
from plans.rules.demandes import empechement_modifier_demande
from plans.views.demande import envoye
from plans.views.propositions import condition_ou_404, offre_lue
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.queries.personnes import fonction_affichee
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def demandes(request: HttpRequest, uai: str) -> HttpResponse:
    """Those that wait, then the answered ones."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "liste": liste_de_demandes(demandes_de(etablissement), timezone.localdate()),
        "peut_demander": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/demandes.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def faire(request: HttpRequest, uai: str, code: str) -> HttpResponse:
    """From a proposal, whose words fill the letter."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    offre = offre_lue(etablissement)
    condition = condition_ou_404(offre, code)
    propose = demande_preremplie(condition, condition.proposition, offre, timezone.localdate())
    formulaire = DemandeForm(envoye(request), initial=propose)
    if request.method == "POST" and _faire(request, etablissement, offre, condition, formulaire):
        return redirect("demandes", uai)
    contexte = {"etablissement": etablissement, "etape": "cap", "condition": condition, "formulaire": formulaire}
    return render(request, "plans/demande.html", contexte, status=422 if formulaire.errors else 200)


def _faire(
    request: HttpRequest,
    etablissement: Etablissement,
    offre: Offre,
    condition: ConditionOuverte,
    formulaire: DemandeForm,
) -> bool:
    if not formulaire.is_valid():
        return False
    try:
        demande = faire_demande(
            etablissement=etablissement,
            code=condition.code,
            annee=offre.annee,
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        _dire(formulaire, refus)
        return False
    lettre_pdf = reverse("demande_pdf", args=[etablissement.uai, demande.pk])
    fait = "La demande est notée. Paliers ne l'envoie pas\u00a0:"
    messages.success(request, format_html('{} <a href="{}">téléchargez la lettre (PDF)</a>.', fait, lettre_pdf))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its words and its date, while it waits."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    demande = _demande_ou_404(etablissement, cle)
    formulaire = DemandeModifieeForm(envoye(request), demande=demande)
    if request.method == "POST" and _ecrire(request, modifier_demande, demande, formulaire):
        messages.success(request, "La demande est modifiée.")
        return redirect("demandes", uai)
    contexte = {"etablissement": etablissement, "etape": "cap", "demande": demande, "formulaire": formulaire}
    contexte |= {"condition": None, "empechement": empechement_modifier_demande(demande)}
    return render(request, "plans/demande.html", contexte, status=_statut(formulaire))


@require_http_methods(["GET", "HEAD", "POST"])
def repondre(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What the party has answered."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    demande = _demande_ou_404(etablissement, cle)
    formulaire = ReponseForm(envoye(request), demande=demande, jour=timezone.localdate())
    if request.method == "POST" and _ecrire(request, repondre_demande, demande, formulaire):
        messages.success(request, "La réponse est notée.")
        return redirect("demandes", uai)
    contexte = {"etablissement": etablissement, "etape": "cap", "demande": demande, "formulaire": formulaire}
    return render(request, "plans/demande_repondre.html", contexte, status=_statut(formulaire))


def _ecrire(request: HttpRequest, acte, demande: Demande, formulaire: FormulaireDeDemande) -> bool:
    """`acte`: what changes a request of a given version."""
    if not formulaire.is_valid():
        return False
    try:
        acte(
            demande=demande,
            version=formulaire.cleaned_data["version"],
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except DemandeChangee as change:
        formulaire.repartir(change.actuelle)
    except Empeche as refus:
        _dire(formulaire, refus)
    return not formulaire.errors


def _dire(formulaire: FormulaireDeDemande, refus: Empeche) -> None:
    if isinstance(refus, SaisieRefusee):
        formulaire.refuser(refus.defauts)
    else:
        formulaire.add_error(None, str(refus))


def _statut(formulaire: FormulaireDeDemande) -> int:
    return 409 if formulaire.reparti else 422 if formulaire.errors else 200


@require_safe
def lettre(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """To print, to sign and to send."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    demande = _demande_ou_404(etablissement, cle)
    fonction = fonction_affichee(demande.faite_par, etablissement)
    pdf = b"" if request.method == "HEAD" else rendre_lettre_pdf(demande, etablissement, fonction)
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="demande-{uai}-{demande.code}.pdf"'
    return reponse


def _demande_ou_404(etablissement: Etablissement, cle: int) -> Demande:
    demande = demande_de(etablissement, cle)
    if demande is None:
        raise Http404("Cette demande n'existe pas dans cet établissement.")
    return demande
