"""Actions: their page, their form, what takes them out of draft or away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.actions import (
    Modification,
    SaisieAction,
    creer_action,
    lire_saisie,
    modifier_action,
    publier_action,
    retirer_action,
)
from plans.interfaces.actions import ActionForm, a_renvoyer, choisies, conflits_dits, saisie_proposee
from plans.interfaces.indicateurs import suivi_de_l_action
from plans.interfaces.page_action import contexte_de_l_action
from plans.interfaces.suivi_d_une_action import CommentaireForm
from plans.models import Action
from plans.queries.page_action import choix_de_l_action, derniers_changements, page_de_l_action
from plans.rules.actions import empechement_parent
from plans.views.acces import plan_lisible_ou_404
from plans.views.demande import cles_demandees, envoye
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


def action_ou_404(etablissement: Etablissement, cle: int) -> Action:
    """One of the school's own, that is not in the bin."""
    action = get_object_or_404(etablissement.actions.vivants().select_related("parent"), pk=cle)
    action.etablissement = etablissement
    return action


@require_safe
def action(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Where it stands, what justifies it, who does what and when, and what became of it."""
    etablissement, jour = plan_lisible_ou_404(request, uai), timezone.localdate()
    page = page_de_l_action(etablissement, cle, brouillons=Droit.LIRE_PLAN in etablissement.droits)
    if page is None:
        raise Http404("Cette action n'est pas, ou n'est plus, dans le plan.")
    suivi = suivi_de_l_action(etablissement, page.action, request.user, jour, request.path)
    contexte = contexte_de_l_action(etablissement, page, suivi, request.user, jour)
    return render(request, "plans/action.html", contexte | {"commenter": CommentaireForm()})


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def creer(request: HttpRequest, uai: str) -> HttpResponse:
    """In draft, for the axe (`?axe=`) or under the action (`?parent=`) of the address, with the `?levier=` and the
    `?intitule=` that another page proposes; sent twice, it is one.
    """
    etablissement, jour = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN), timezone.localdate()
    parent = _parent_demande(request, etablissement)
    choix = choix_de_l_action(etablissement, jour)
    axes = cles_demandees(request, "axe") & {axe.cle for axe in choix.axes}
    proposee = saisie_proposee(jour, axes, parent, request.GET)
    formulaire = ActionForm(envoye(request), choix=choix, tenue=proposee, jour=jour, sous_action=parent is not None)
    if request.method == "POST" and (creee := _creer(request, etablissement, formulaire, parent)):
        messages.success(request, "L'action est créée, en brouillon. Voici ce qui lui manque pour être publiée.")
        return redirect("action", uai, creee.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "parent": parent}
    contexte |= {"empechement": empechement_parent(parent)}
    return render(request, "plans/action_modifier.html", contexte, status=422 if request.method == "POST" else 200)


def _parent_demande(request: HttpRequest, etablissement: Etablissement) -> Action | None:
    cles = cles_demandees(request, "parent")
    return action_ou_404(etablissement, min(cles)) if cles else None


def _creer(
    request: HttpRequest, etablissement: Etablissement, formulaire: ActionForm, parent: Action | None
) -> Action | None:
    if not formulaire.is_valid():
        return None
    try:
        return creer_action(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
            parent=parent,
            cle=formulaire.cleaned_data["cle"],
        )
    except SaisieRefusee as refus:
        formulaire.placer(refus.defauts)
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        formulaire.changer_de_cle()
    return None


@never_cache  # going back shows what is kept now, not what the page once said
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """What two people change apart is merged; of what they change alike, the last of them chooses."""
    etablissement, jour = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN), timezone.localdate()
    tenue = action_ou_404(etablissement, cle)
    formulaire = ActionForm(
        choisies(request.POST) if request.method == "POST" else None,
        choix=choix_de_l_action(etablissement, jour, tenue),
        tenue=lire_saisie(tenue),
        jour=jour,
        sous_action=tenue.parent_id is not None,
    )
    if request.method == "POST" and (faite := _modifier(request, tenue, formulaire)):
        if faite.conflits:
            return _faire_choisir(request, tenue, faite, formulaire)
        messages.success(request, "L'action est enregistrée.")
        return redirect("action", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "action": tenue}
    return render(request, "plans/action_modifier.html", contexte, status=422 if request.method == "POST" else 200)


def _modifier(request: HttpRequest, action: Action, formulaire: ActionForm) -> Modification | None:
    base: SaisieAction | None = formulaire.base()
    if base is None:
        formulaire.add_error(None, INCOMPLETE)
    if base is None or not formulaire.is_valid():
        return None
    try:
        return modifier_action(
            action=action, base=base, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now()
        )
    except SaisieRefusee as refus:
        formulaire.placer(refus.defauts)
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    return None


def _faire_choisir(request: HttpRequest, action: Action, faite: Modification, formulaire: ActionForm) -> HttpResponse:
    """For each field, what was typed and what is kept; nothing of either is lost."""
    colonnes = faite.conflits.keys() - {"contributeurs"}
    contexte = {
        "etablissement": action.etablissement,
        "etape": "moyens",
        "action": action,
        "conflits": conflits_dits(formulaire, faite.conflits, derniers_changements(action, colonnes)),
        "envoi": a_renvoyer(request.POST),
        "oublie": any(nom.startswith("tenu-") for nom in request.POST),
    }
    return render(request, "plans/action_conflit.html", contexte, status=409)


@require_POST
def publier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Refused, it says all that lacks; the page of the action leads to each."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    publiee = action_ou_404(etablissement, cle)
    try:
        publier_action(action=publiee, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "L'action est publiée\u00a0: elle est à venir.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("action", uai, cle)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first, and says which sub-actions go along."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    retiree = action_ou_404(etablissement, cle)
    sous_actions = list(retiree.sous_actions.vivants())
    empechement = _retirer(request, retiree) if request.method == "POST" else ""
    if empechement is None:
        messages.success(request, "L'action est à la corbeille. Elle peut en revenir pendant trente jours.")
        return redirect("moyens", uai)
    contexte = {"etablissement": etablissement, "etape": "moyens", "action": retiree, "sous_actions": sous_actions}
    statut = 422 if request.method == "POST" else 200
    return render(request, "plans/action_retirer.html", contexte | {"empechement": empechement}, status=statut)


def _retirer(request: HttpRequest, action: Action) -> str | None:
    """Why not, or None once it is done."""
    avec = request.POST.get("avec_sous_actions") == "oui"
    try:
        retirer_action(action=action, avec_sous_actions=avec, auteur=request.user, maintenant=timezone.now())
    except Empeche as refus:
        return str(refus)
    return None
