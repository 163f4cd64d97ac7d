"""What a school makes of its district's project."""

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.domain.cascade import dire_rattachement, lire_rattachement
from plans.interfaces.cascade import RattachementForm
from plans.queries.cascade import (
    AxeARattacher,
    axe_de_son_district,
    axes_qui_peuvent_servir,
    projet_vu_de_l_ecole,
)
from plans.rules.cascade import empechement_repondre
from plans.views.acces import plan_lisible_ou_404
from plans.views.demande import annee_demandee, envoye
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def rattachements(request: HttpRequest, uai: str) -> HttpResponse:
    """The axes of the district for a year, each with what the school says of it."""
    etablissement = plan_lisible_ou_404(request, uai)
    annee, cette_annee = annee_demandee(request), annee_scolaire(timezone.localdate())
    axes = projet_vu_de_l_ecole(etablissement, annee) if etablissement.district else []
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee,
        "annees": sorted({annee, annee_precedente(cette_annee), cette_annee, annee_suivante(cette_annee)})[::-1],
        "axes": [un for un in axes if not un.orphelin],
        "orphelins": [un for un in axes if un.orphelin],
        "lit_tout": Droit.LIRE_PLAN in etablissement.droits,
        "peut_repondre": Droit.MODIFIER_PLAN in etablissement.droits,
        "pilote_le_district": Droit.PILOTER_DISTRICT in etablissement.droits,
    }
    return render(request, "plans/rattachements.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def dire(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Served by one of the school's axes, or not, and why."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    demande = axe_de_son_district(etablissement, cle)
    if demande is None:
        raise Http404("Cet axe n'est pas de votre district.")
    tenu = lire_rattachement(demande.rattachement)
    axes = axes_qui_peuvent_servir(etablissement, tenu.axe)
    formulaire = RattachementForm(envoye(request), etablissement=etablissement, tenu=tenu, axes=axes)
    if request.method == "POST" and formulaire.is_valid() and _dire(request, etablissement, demande, formulaire):
        messages.success(request, "Votre réponse est enregistrée. Le district la lit.")
        return redirect(reverse("rattachements", args=[uai], query={"annee": demande.axe.annee_scolaire}))
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "axe": demande.axe,
        "a_redire": demande.a_redire,
        "formulaire": formulaire,
        "empechement": empechement_repondre(etablissement, demande.axe),
    }
    return render(request, "plans/rattachement.html", contexte, status=formulaire.statut)


def _dire(
    request: HttpRequest, etablissement: Etablissement, demande: AxeARattacher, formulaire: RattachementForm
) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    dire = {"base": base, "saisie": saisie, "auteur": request.user, "maintenant": timezone.now()}
    try:
        conflits = dire_rattachement(etablissement=etablissement, axe_district=demande.axe, **dire)
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        relu = axe_de_son_district(etablissement, demande.axe.pk)
        formulaire.signaler(conflits, asdict(lire_rattachement(relu.rattachement if relu else None)))
    return not conflits
