"""The needs that a school keeps."""

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.besoins import (
    BesoinEcrit,
    ajouter_besoin,
    lire_besoin,
    mettre_a_l_ordre_du_jour,
    modifier_besoin,
    retenir_besoin,
    retirer_besoin,
)
from plans.interfaces.besoins import BesoinEcritForm, BesoinForm, ancre_du_besoin, groupes_de_besoins
from plans.models import Besoin
from plans.queries.axes import actions_a_justifier_sans
from plans.queries.besoins import annees_des_besoins, besoins_de_l_annee, constats_a_choisir, enquetes_sources
from plans.views.demande import annee_demandee, cles_demandees, envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def besoins(request: HttpRequest, uai: str) -> HttpResponse:
    """Those of a year, by what shows them; or the agenda of the commission (`?ordre=1`), to print."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_BESOINS)
    annee, cette_annee = annee_demandee(request), annee_scolaire(timezone.localdate())
    ordre = request.GET.get("ordre") == "1"
    siens = besoins_de_l_annee(etablissement, annee, a_l_ordre_du_jour=ordre)
    lit_les_enquetes = Droit.LIRE_ENQUETE in etablissement.droits
    enquetes = enquetes_sources(etablissement, annee) if lit_les_enquetes and siens else None
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee,
        "annees": sorted({annee, cette_annee, *annees_des_besoins(etablissement)}, reverse=True),
        "ordre": ordre,
        "besoins": siens,
        "groupes": groupes_de_besoins(etablissement, siens, enquetes),
        "inscrits": sum(besoin.a_l_ordre_du_jour for besoin in siens),
        "peut_retenir": Droit.RETENIR_BESOINS in etablissement.droits,
        "peut_ouvrir": Droit.MODIFIER_PLAN in etablissement.droits,
        "lit_les_enquetes": lit_les_enquetes,
    }
    return render(request, "plans/besoins.html", contexte)


@require_POST
def retenir(request: HttpRequest, uai: str) -> HttpResponse:
    """What the button of a page sends; back to that page."""
    etablissement = etablissement_ou_404(request, uai, Droit.RETENIR_BESOINS)
    formulaire = BesoinForm(request.POST)
    if formulaire.is_valid() and (besoin := _retenir(request, etablissement, formulaire)):
        return redirect(formulaire.cleaned_data["retour"] or _dans_la_liste(etablissement, besoin))
    contexte = {"etablissement": etablissement, "etape": "cap", "formulaire": formulaire}
    return render(request, "plans/retenir.html", contexte, status=422)


def _retenir(request: HttpRequest, etablissement: Etablissement, formulaire: BesoinForm) -> Besoin | None:
    try:
        besoin, nouveau = retenir_besoin(
            etablissement=etablissement, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None
    if nouveau:
        annuler = reverse("besoin_retirer", args=[etablissement.uai, besoin.pk])
        phrase = format_html('Le besoin est retenu. <a href="{}">Annuler</a>', annuler)
    else:
        adresse = _dans_la_liste(etablissement, besoin)
        phrase = format_html('Ce besoin était déjà retenu. <a href="{}">Le voir dans la liste</a>', adresse)
    messages.success(request, phrase)
    return besoin


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, uai: str) -> HttpResponse:
    """A need in the school's own words; `?constat=` ticks what shows it."""
    etablissement = etablissement_ou_404(request, uai, Droit.RETENIR_BESOINS)
    annee = annee_demandee(request)
    constats = constats_a_choisir(etablissement, annee)
    propose = BesoinEcrit(intitule="", constats=cles_demandees(request, "constat"))
    formulaire = BesoinEcritForm(envoye(request), tenu=propose, constats=constats, nouveau=True)
    if request.method == "POST" and formulaire.is_valid() and (fait := _ajouter(request, etablissement, formulaire)):
        return redirect(_dans_la_liste(etablissement, fait))
    contexte = {"etablissement": etablissement, "etape": "cap", "annee": annee, "formulaire": formulaire}
    return render(request, "plans/besoin.html", contexte, status=formulaire.statut)


def _ajouter(request: HttpRequest, etablissement: Etablissement, formulaire: BesoinEcritForm) -> Besoin | None:
    try:
        besoin, nouveau = ajouter_besoin(
            etablissement=etablissement,
            annee=annee_demandee(request),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None
    messages.success(request, "Le besoin est ajouté." if nouveau else "Ce besoin était déjà dans la liste.")
    return besoin


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its words, its theme, and what shows it."""
    etablissement = etablissement_ou_404(request, uai, Droit.RETENIR_BESOINS)
    besoin = _besoin_ou_404(request, etablissement, cle)
    tenu = lire_besoin(besoin)
    constats = constats_a_choisir(etablissement, besoin.annee_scolaire, tenu.constats)
    formulaire = BesoinEcritForm(envoye(request), tenu=tenu, constats=constats)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, besoin, formulaire):
        messages.success(request, "Le besoin est modifié.")
        return redirect(_dans_la_liste(etablissement, besoin))
    contexte = {"etablissement": etablissement, "etape": "cap", "besoin": besoin, "annee": besoin.annee_scolaire}
    return render(request, "plans/besoin.html", contexte | {"formulaire": formulaire}, status=formulaire.statut)


def _modifier(request: HttpRequest, besoin: Besoin, formulaire: BesoinEcritForm) -> bool:
    try:
        conflits = modifier_besoin(
            besoin=besoin, base=formulaire.base(), saisie=formulaire.saisie(), auteur=request.user
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        besoin.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_besoin(besoin)))
    return not conflits


def _besoin_ou_404(request: HttpRequest, etablissement: Etablissement, cle: int) -> Besoin:
    """One in the bin has no page; what somebody was typing of it is refused by the act, with its reason."""
    siens = etablissement.besoins.all() if request.method == "POST" else etablissement.besoins.vivants()
    return get_object_or_404(siens, pk=cle)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first, and says what rests on it."""
    etablissement = etablissement_ou_404(request, uai, Droit.RETENIR_BESOINS)
    besoin = etablissement.besoins.vivants().filter(pk=cle).first()
    if besoin is None and request.method == "POST":
        messages.info(request, "Ce besoin n'est plus dans la liste.")
        return redirect("besoins", uai)
    if besoin is None:
        raise Http404("Ce besoin n'est pas, ou n'est plus, dans la liste.")
    if request.method == "POST":
        retirer_besoin(besoin=besoin, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "Le besoin est retiré de la liste. Il reste trente jours à la corbeille.")
        return redirect(_liste(etablissement, besoin.annee_scolaire))
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "besoin": besoin,
        "axes": list(besoin.axes.vivants()),
        "actions": actions_a_justifier_sans(besoin),
    }
    return render(request, "plans/retirer.html", contexte)


@require_POST
def ordre_du_jour(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """On the commission's next agenda (`inscrit=oui`), or off it."""
    etablissement = etablissement_ou_404(request, uai, Droit.RETENIR_BESOINS)
    besoin = get_object_or_404(etablissement.besoins.vivants(), pk=cle)
    inscrit = request.POST.get("inscrit", "") == "oui"
    mettre_a_l_ordre_du_jour(besoin=besoin, inscrit=inscrit, auteur=request.user)
    fait = "est à l'ordre du jour" if inscrit else "n'est plus à l'ordre du jour"
    messages.success(request, f"Le besoin {fait} de la prochaine commission numérique.")
    return redirect(_dans_la_liste(etablissement, besoin))


def _liste(etablissement: Etablissement, annee: str) -> str:
    return reverse("besoins", args=[etablissement.uai], query={"annee": annee})


def _dans_la_liste(etablissement: Etablissement, besoin: Besoin) -> str:
    return f"{_liste(etablissement, besoin.annee_scolaire)}#{ancre_du_besoin(besoin)}"
