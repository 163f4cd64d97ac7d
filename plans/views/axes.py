"""What a school wants to improve: its axes, the needs that they answer, the actions that serve them."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.axes import SaisieAxe, clore_axe, lire_axe, modifier_axe, ouvrir_axe, retirer_axe, rouvrir_axe
from plans.interfaces.axes import AxeForm, lignes_d_actions, par_annee
from plans.models import Axe
from plans.queries.axes import (
    actions_de_l_axe,
    actions_sans_autre_axe,
    axes_de,
    besoins_a_choisir,
    besoins_de_l_axe,
    nombre_d_axes,
)
from plans.rules.axes import (
    AXES_PAR_AN,
    conseil,
    empechement_annee_de_l_axe,
    empechement_axe_de_plus,
    empechement_retirer_axe,
)
from plans.views.acces import plan_lisible_ou_404
from plans.views.demande import annee_demandee, cles_demandees, envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def axes(request: HttpRequest, uai: str) -> HttpResponse:
    """By school year: the open ones, then the closed ones."""
    etablissement = plan_lisible_ou_404(request, uai)
    annee, annees = (
        annee_scolaire(timezone.localdate()),
        par_annee(axes_de(etablissement, brouillons=Droit.LIRE_PLAN in etablissement.droits)),
    )
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee,
        "annees": annees,
        "nombre": sum(len(a.ouverts) + len(a.clos) for a in annees if a.annee == annee),
        "par_an": AXES_PAR_AN,
        "conseil": conseil(etablissement),
        "lit_les_besoins": Droit.LIRE_BESOINS in etablissement.droits,
        "peut_modifier": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/axes.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: HttpRequest, uai: str) -> HttpResponse:
    """For the year of the address; `?besoin=` ticks the need that it is to answer."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    annee, lus = annee_demandee(request), cles_demandees(request, "besoin")
    formulaire = _a_ouvrir(envoye(request), etablissement, annee, lus)
    if request.method == "POST" and formulaire.is_valid():
        try:
            return redirect("axe", uai, _ouvrir(request, etablissement, annee, formulaire).pk)
        except Empeche as refus:  # somebody may have opened the third one meanwhile: the form asks for a reason now
            formulaire = _a_ouvrir(envoye(request), etablissement, annee, lus)
            if formulaire.is_valid():
                formulaire.add_error(None, str(refus))
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee,
        "formulaire": formulaire,
        "empechement": empechement_annee_de_l_axe(annee, timezone.localdate()),
    }
    return render(request, "plans/axe_modifier.html", contexte, status=formulaire.statut)


def _a_ouvrir(donnees: QueryDict | None, etablissement: Etablissement, annee: str, coches: frozenset[int]) -> AxeForm:
    besoins = besoins_a_choisir(etablissement, annee, coches)
    theme = next((besoin.theme for besoin in besoins if besoin.pk in coches), "")
    raison = empechement_axe_de_plus(etablissement, annee, nombre_d_axes(etablissement, annee), "")
    propose = SaisieAxe(theme=theme, intitule="", besoins=coches)
    return AxeForm(donnees, tenu=propose, besoins=besoins, raison_attendue=raison, nouveau=True)


def _ouvrir(request: HttpRequest, etablissement: Etablissement, annee: str, formulaire: AxeForm) -> Axe:
    axe, nouveau = ouvrir_axe(
        etablissement=etablissement,
        annee=annee,
        saisie=formulaire.saisie(),
        auteur=request.user,
        maintenant=timezone.now(),
    )
    dit = "L'axe est ouvert. Ajoutez maintenant les actions qui le servent."
    messages.success(request, dit if nouveau else "Cet axe était déjà ouvert\u00a0: le voici.")
    return axe


@require_safe
def axe(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The needs it answers, and the actions that serve it with their state."""
    etablissement = plan_lisible_ou_404(request, uai)
    axe = get_object_or_404(etablissement.axes.vivants().select_related("cree_par"), pk=cle)
    lit_les_besoins = Droit.LIRE_BESOINS in etablissement.droits
    actions = actions_de_l_axe(axe, brouillons=Droit.LIRE_PLAN in etablissement.droits)
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "axe": axe,
        "lit_les_besoins": lit_les_besoins,
        "besoins": besoins_de_l_axe(axe) if lit_les_besoins else [],
        "lignes": lignes_d_actions(actions, timezone.localdate()),
        "lit_tout": Droit.LIRE_PLAN in etablissement.droits,
        "peut_modifier": Droit.MODIFIER_PLAN in etablissement.droits,
    }
    return render(request, "plans/axe.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its words, its theme, the needs it answers."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    axe = _axe_ou_404(request, etablissement, cle)
    tenu = lire_axe(axe)
    besoins = besoins_a_choisir(etablissement, axe.annee_scolaire, tenu.besoins)
    raison = f"Le {conseil(etablissement)} lira cette raison." if tenu.raison_de_plus else None
    formulaire = AxeForm(envoye(request), tenu=tenu, besoins=besoins, raison_attendue=raison)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, axe, formulaire):
        messages.success(request, "L'axe est modifié.")
        return redirect("axe", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "cap", "axe": axe, "formulaire": formulaire}
    contexte |= {"annee": axe.annee_scolaire, "empechement": None}
    return render(request, "plans/axe_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, axe: Axe, formulaire: AxeForm) -> bool:
    try:
        conflits = modifier_axe(axe=axe, base=formulaire.base(), saisie=formulaire.saisie(), auteur=request.user)
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        axe.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_axe(axe)))
    return not conflits


def _axe_ou_404(request: HttpRequest, etablissement: Etablissement, cle: int) -> Axe:
    """One in the bin has no page; what somebody was typing of it is refused by the act, with its reason."""
    siens = etablissement.axes.all() if request.method == "POST" else etablissement.axes.vivants()
    return get_object_or_404(siens, pk=cle)


@require_http_methods(["GET", "HEAD", "POST"])
def clore(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first: it stays in sight, and may be opened again."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    axe = get_object_or_404(etablissement.axes.vivants(), pk=cle)
    if request.method == "POST":
        clore_axe(axe=axe, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "L'axe est clos. Il reste lisible, avec ses actions.")
        return redirect("axe", uai, cle)
    ouvertes = [a for a in axe.actions.vivants().publiees() if not a.finie]
    contexte = {"etablissement": etablissement, "etape": "cap", "axe": axe, "ouvertes": ouvertes}
    return render(request, "plans/axe_clore.html", contexte)


@require_POST
def rouvrir(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    axe = get_object_or_404(etablissement.axes.vivants(), pk=cle)
    rouvrir_axe(axe=axe, auteur=request.user)
    messages.success(request, "L'axe est rouvert.")
    return redirect("axe", uai, cle)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first; refused while published actions rest on it only."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    axe = get_object_or_404(etablissement.axes.vivants(), pk=cle)
    empechement = None
    if request.method == "POST":
        try:
            retirer_axe(axe=axe, auteur=request.user, maintenant=timezone.now())
            messages.success(request, "L'axe est retiré. Il reste trente jours à la corbeille.")
            return redirect("axes", uai)
        except Empeche as refus:
            empechement = str(refus)
    empechement = empechement or empechement_retirer_axe([str(a) for a in actions_sans_autre_axe(axe)])
    contexte = {"etablissement": etablissement, "etape": "cap", "axe": axe, "empechement": empechement}
    return render(request, "plans/axe_retirer.html", contexte, status=422 if request.method == "POST" else 200)
