"""The seed's table, editable: irritants, needs, axes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.matrice import delier as delier_de
from plans.domain.matrice import relier as relier_a
from plans.interfaces.matrice import Offre, RelierForm, lignes_affichees
from plans.queries.axes import actions_justifiees, besoins_a_choisir, nombre_d_axes
from plans.queries.besoins import annees_des_besoins, constats_a_choisir
from plans.queries.matrice import axes_a_choisir, besoins_relies, groupes_de_la_matrice
from plans.views.demande import annee_demandee, cles_demandees, envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def matrice(request: HttpRequest, uai: str) -> HttpResponse:
    """By theme, each group of needs on one row, as the seed lays it out; made to be printed too."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BESOINS)
    annee = annee_demandee(request)
    annees = {annee, annee_scolaire(timezone.localdate()), *annees_des_besoins(etablissement)}
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee,
        "annees": sorted(annees, reverse=True),
        "lignes": lignes_affichees(groupes_de_la_matrice(etablissement, annee), annee),
        "peut_relier": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/matrice.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def relier(request: HttpRequest, uai: str) -> HttpResponse:
    """Link what is there and what is typed; `?constat=`, `?besoin=` and `?axe=` are ticked, their links shown."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    annee = annee_demandee(request)
    formulaire = _a_relier(request, etablissement, annee)
    if request.method == "POST" and formulaire.is_valid() and _relier(request, etablissement, annee, formulaire):
        messages.success(request, "C'est relié.")
        return redirect(reverse("matrice", args=[uai], query={"annee": annee}))
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee,
        "formulaire": formulaire,
        "relies": besoins_relies(etablissement, cles_demandees(request, "besoin")),
        "suite": request.GET.urlencode(),
    }
    return render(request, "plans/relier.html", contexte, status=422 if formulaire.errors else 200)


def _a_relier(request: HttpRequest, etablissement: Etablissement, annee: str) -> RelierForm:
    coches = {nom: cles_demandees(request, nom) for nom in ("constat", "besoin", "axe")}
    return RelierForm(
        envoye(request),
        etablissement=etablissement,
        annee=annee,
        axes_de_l_annee=nombre_d_axes(etablissement, annee),
        offerts=Offre(
            constats_a_choisir(etablissement, annee, coches["constat"]),
            besoins_a_choisir(etablissement, annee, coches["besoin"]),
            axes_a_choisir(etablissement, annee, coches["axe"]),
        ),
        initial={f"{nom}s": sorted(cles) for nom, cles in coches.items()},
    )


def _relier(request: HttpRequest, etablissement: Etablissement, annee: str, formulaire: RelierForm) -> bool:
    try:
        relier_a(
            etablissement=etablissement,
            annee=annee,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    return not formulaire.errors


@require_POST
def delier(request: HttpRequest, uai: str) -> HttpResponse:
    """Undo one link of a need (`constat` or `axe`); says which published actions nothing justifies any more."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    recu = {nom: request.POST.get(nom, "") for nom in ("besoin", "constat", "axe")}
    cles = {nom: int(cle) for nom, cle in recu.items() if cle.isascii() and cle.isdigit() and len(cle) < 19}
    besoin = get_object_or_404(etablissement.besoins, pk=cles.pop("besoin", 0))
    avant = actions_justifiees(etablissement)
    delier_de(besoin=besoin, auteur=request.user, **cles)
    messages.success(request, "Le lien est défait.")
    apres = {action.pk for action in actions_justifiees(etablissement)}
    if perdues := ", ".join(f"«\u00a0{action}\u00a0»" for action in avant if action.pk not in apres):
        messages.warning(request, f"Plus aucun besoin adossé à un fait ne justifie\u00a0: {perdues}.")
    return redirect(f"{reverse('matrice_relier', args=[uai])}?{request.GET.urlencode()}")
