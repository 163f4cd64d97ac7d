"""An académie words the proposals in its own way, for its schools."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.views.referentiels import academies_ou_403
from plans.domain.adaptations import adapter_proposition, revenir_au_texte_national
from plans.interfaces.adaptations import AdaptationForm, groupes_de_propositions, lire_recherche
from plans.interfaces.historique import actes_dits, instant_demande
from plans.queries.adaptations import (
    PropositionAcademique,
    historique_de_l_adaptation,
    libelles_des_champs,
    proposition_academique,
    propositions_academiques,
)
from plans.queries.propositions import propositions_nationales
from plans.views.demande import envoye
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.models import Academie


@require_safe
def propositions(request: HttpRequest) -> HttpResponse:
    """Each proposal, and whether the académie words it."""
    academies = list(academies_ou_403(request))
    choisie = request.GET.get("academie", "")
    academie = next((une for une in academies if une.code == choisie), academies[0])
    recherche, champs = lire_recherche(request.GET), libelles_des_champs()
    toutes = propositions_academiques(academie)
    retenues = [ligne for ligne in toutes if recherche.retient(ligne)]
    contexte = {
        "academie": academie,
        "academies": academies,
        "recherche": recherche,
        "champs": champs,
        "groupes": groupes_de_propositions(retenues, champs),
        "nombre": len(retenues),
        "total": len(toutes),
        "adaptees": sum(ligne.adaptee is not None for ligne in toutes),
    }
    return render(request, "plans/adaptations.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def adapter(request: HttpRequest, academie: str, code: str) -> HttpResponse:
    """Two people may write at once: what they changed apart is merged, the rest is shown to the last of them."""
    sienne, ligne = _ligne_ou_404(request, academie, code)
    formulaire = AdaptationForm(envoye(request), tenu=ligne.proposition.texte)
    if request.method == "POST" and formulaire.is_valid() and _adapter(request, sienne, code, formulaire):
        messages.success(request, f"La proposition {code} est enregistrée pour l'académie.")
        return redirect(_dans_la_liste(sienne, code))
    contexte = _contexte(sienne, ligne) | {"formulaire": formulaire}
    return render(request, "plans/adaptation.html", contexte, status=formulaire.statut)


def _adapter(request: HttpRequest, academie: Academie, code: str, formulaire: AdaptationForm) -> bool:
    try:
        conflits = adapter_proposition(
            academie=academie,
            nationale=propositions_nationales()[code],
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except SaisieRefusee as refus:
        formulaire.refuser(refus.defauts)
        return False
    if conflits:
        formulaire.repartir(conflits, proposition_academique(academie, code).proposition.texte)
    return not conflits


@require_http_methods(["GET", "HEAD", "POST"])
def revenir(request: HttpRequest, academie: str, code: str) -> HttpResponse:
    """Asks first, both texts side by side."""
    sienne, ligne = _ligne_ou_404(request, academie, code)
    if request.method == "POST":
        revenir_au_texte_national(academie=sienne, code=code, auteur=request.user)
        messages.success(request, f"La proposition {code} est de nouveau celle du texte national.")
        return redirect(_dans_la_liste(sienne, code))
    if ligne.adaptee is None:
        messages.info(request, "Cette proposition est déjà celle du texte national.")
        return redirect(_dans_la_liste(sienne, code))
    return render(request, "plans/adaptation_revenir.html", _contexte(sienne, ligne))


@require_safe
def historique(request: HttpRequest, academie: str, code: str) -> HttpResponse:
    """Who worded it, when, before and after."""
    sienne, ligne = _ligne_ou_404(request, academie, code)
    avant = instant_demande(request.GET.get("avant", ""))
    page = historique_de_l_adaptation(sienne, code, avant)
    contexte = _contexte(sienne, ligne) | {
        "actes": actes_dits(page.actes),
        "avant": avant,
        "suivante": page.suivante.isoformat() if page.suivante else "",
    }
    return render(request, "plans/adaptation_historique.html", contexte)


def _ligne_ou_404(request: HttpRequest, academie: str, code: str) -> tuple[Academie, PropositionAcademique]:
    sienne = academies_ou_403(request).filter(code=academie).first()
    ligne = proposition_academique(sienne, code) if sienne else None
    if sienne is None or ligne is None:
        raise Http404("Cette proposition n'existe pas dans votre périmètre.")
    timezone.activate(sienne.zone)
    return sienne, ligne


def _dans_la_liste(academie: Academie, code: str) -> str:
    return f"{reverse('propositions_academiques', query={'academie': academie.code})}#{code}"


def _contexte(academie: Academie, ligne: PropositionAcademique) -> dict[str, object]:
    code = ligne.proposition.code
    return {
        "academie": academie,
        "ligne": ligne,
        "nationale": propositions_nationales()[code],
        "liste": _dans_la_liste(academie, code),
    }
