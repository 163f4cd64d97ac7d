"""How long a collectivité means its equipment to serve."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.durees import fixer_durees, lire_durees
from budget.interfaces.durees import DureesForm
from budget.models import DureeDeVie
from budget.queries.durees import collectivites_confiees, lignes_des_durees
from plans.interfaces.historique import actes_dits, instant_demande
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Collectivite
from strategie.socle.queries.historique import Suivies, page_d_historique

SUIVIES = (Suivies(DureeDeVie, "collectivite", nom="durée", feminin=True, resume="categorie"),)


@require_http_methods(["GET", "HEAD", "POST"])
def durees(request: HttpRequest) -> HttpResponse:
    """All the categories in one form."""
    collectivite, les_siennes = _a_la_porte(request)
    formulaire = DureesForm(envoye(request), tenu=lire_durees(collectivite))
    if request.method == "POST" and formulaire.is_valid() and _fixer(request, collectivite, formulaire):
        messages.success(request, "Les durées sont enregistrées. Les chiffres de chaque parc les suivent déjà.")
        return redirect(reverse("durees_de_vie", query={"collectivite": collectivite.pk}))
    contexte = {
        "collectivite": collectivite,
        "collectivites": les_siennes,
        "etablissements": collectivite.etablissements.count(),
        "formulaire": formulaire,
        "lignes": formulaire.lignes(lignes_des_durees(collectivite)),
    }
    return render(request, "budget/durees.html", contexte, status=formulaire.statut)


@require_safe
def historique(request: HttpRequest) -> HttpResponse:
    """Who changed which, and when; what went back to the proposal too."""
    collectivite, _ = _a_la_porte(request)
    avant = instant_demande(request.GET.get("avant", ""))
    page = page_d_historique(collectivite, SUIVIES, avant)
    suivante = page.suivante.isoformat() if page.suivante else ""
    contexte = {"collectivite": collectivite, "actes": actes_dits(page.actes), "avant": avant, "suivante": suivante}
    return render(request, "budget/durees_historique.html", contexte)


def _a_la_porte(request: HttpRequest) -> tuple[Collectivite, list[Collectivite]]:
    """The collectivité of the address, else the person's first; another's does not exist. 403 without one."""
    les_siennes = list(collectivites_confiees(request.user))
    if not les_siennes:
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {Droit.FIXER_DUREES.value.lower()}.")
    demandee = request.GET.get("collectivite")
    for sienne in les_siennes:
        if demandee in (None, str(sienne.pk)):
            return sienne, les_siennes
    raise Http404("Cette collectivité n'est pas la vôtre.")


def _fixer(request: HttpRequest, collectivite: Collectivite, formulaire: DureesForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = fixer_durees(
            collectivite=collectivite, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        formulaire.signaler(conflits, lire_durees(collectivite))
    return not conflits
