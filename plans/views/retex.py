"""Returns of experience of a school, and those that its district shares."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.retex import dire_utile, lire_constat, modifier_constat, noter_constat
from plans.interfaces.retex import ConstatForm, NouveauConstatForm
from plans.models import Constat, Theme
from plans.queries.retex import constats_de, par_theme, partage_ou_rien, partages_du_district
from plans.rules.retex import peut_ecrire_constat
from plans.views.demande import envoye
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404


@require_safe
def retex(request: HttpRequest, uai: str) -> HttpResponse:
    """What the school has noted, by theme."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PLAN)
    filtres = _filtres(request)
    constats = constats_de(etablissement, **filtres)
    for constat in constats:
        constat.modifiable = peut_ecrire_constat(constat, request.user, etablissement.droits)
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "annee": annee_scolaire(timezone.localdate()),
        "groupes": par_theme(constats),
        "nombre": len(constats),
        "themes": Theme,
        "filtres": filtres,
        "peut_noter": Droit.COMMENTER_PLAN in etablissement.droits,
    }
    return render(request, "plans/retex.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def noter(request: HttpRequest, uai: str) -> HttpResponse:
    etablissement = etablissement_ou_404(request, uai, Droit.COMMENTER_PLAN)
    formulaire = NouveauConstatForm(envoye(request), tenu=_filtres(request), nouveau=True)
    if request.method == "POST" and formulaire.is_valid() and _noter(request, etablissement, formulaire):
        messages.success(request, "Le constat est noté.")
        return redirect("retex", uai)
    contexte = {"etablissement": etablissement, "etape": "cap", "formulaire": formulaire}
    return render(request, "plans/constat.html", contexte, status=formulaire.statut)


def _noter(request: HttpRequest, etablissement: Etablissement, formulaire: NouveauConstatForm) -> bool:
    try:
        noter_constat(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    return not formulaire.errors


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    constat = _ecrit_ou_403(request, uai, cle)
    formulaire = ConstatForm(envoye(request), tenu=asdict(lire_constat(constat)), nouveau=False)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, constat, formulaire):
        messages.success(request, "Le constat est modifié.")
        return redirect("retex", uai)
    contexte = {"etablissement": constat.etablissement, "etape": "cap", "constat": constat, "formulaire": formulaire}
    return render(request, "plans/constat.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, constat: Constat, formulaire: ConstatForm) -> bool:
    try:
        conflits = modifier_constat(
            constat=constat,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        constat.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_constat(constat)))
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first, and says which needs rest on it."""
    constat = _ecrit_ou_403(request, uai, cle)
    if request.method == "POST":
        mettre_a_la_corbeille(objet=constat, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "Le constat est à la corbeille, pour trente jours.")
        return redirect("retex", uai)
    contexte = {
        "etablissement": constat.etablissement,
        "etape": "cap",
        "constat": constat,
        "besoins": list(constat.besoins.vivants()),
    }
    return render(request, "plans/constat_retirer.html", contexte)


@require_safe
def partages(request: HttpRequest, uai: str) -> HttpResponse:
    """The district's library."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_PARTAGES)
    filtres = _filtres(request) | {"texte": request.GET.get("q", "")[:200].replace("\0", "").strip()}
    contexte = {
        "etablissement": etablissement,
        "etape": "cap",
        "page": partages_du_district(etablissement, apres=request.GET.get("apres", ""), **filtres),
        "themes": Theme,
        "filtres": filtres,
        "peut_dire": Droit.COMMENTER_PLAN in etablissement.droits,
        "lit_le_plan": Droit.LIRE_PLAN in etablissement.droits,
    }
    return render(request, "plans/retex_partages.html", contexte)


@require_POST
def utile(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """« Utile chez nous » (`utile=oui`), or no more."""
    etablissement = etablissement_ou_404(request, uai, Droit.COMMENTER_PLAN)
    constat = partage_ou_rien(etablissement, cle)
    if constat is None:
        raise Http404("Ce constat n'est pas partagé dans le district.")
    dit = request.POST.get("utile") == "oui"
    try:
        dire_utile(
            constat=constat, etablissement=etablissement, utile=dit, auteur=request.user, maintenant=timezone.now()
        )
        messages.success(request, "C'est noté\u00a0: utile chez nous." if dit else "Ce n'est plus dit utile chez nous.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("retex_partages", uai)


def _filtres(request: HttpRequest) -> dict[str, str]:
    """What the address asks for; an unknown value asks for nothing."""
    theme, sens = request.GET.get("theme", ""), request.GET.get("sens", "")
    return {"theme": theme if theme in Theme else "", "sens": sens if sens in Constat.Sens else ""}


def _ecrit_ou_403(request: HttpRequest, uai: str, cle: int) -> Constat:
    etablissement = etablissement_ou_404(request, uai, Droit.COMMENTER_PLAN)
    constat = get_object_or_404(etablissement.constats.filter(supprime_le=None), pk=cle)
    constat.etablissement = etablissement
    if not peut_ecrire_constat(constat, request.user, etablissement.droits):
        raise PermissionDenied("Un constat se modifie par la personne qui l'a noté, ou par qui écrit le plan.")
    return constat
