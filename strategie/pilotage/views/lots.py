"""Files made in number for a territory: asked for, followed, stopped, taken up again, carried away as a zip."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from strategie.pilotage.domain.lots import arreter_lot, ouvrir_lot, reprendre_lot
from strategie.pilotage.interfaces.lots import LotForm, reste_en_mots, zip_du_lot
from strategie.pilotage.interfaces.taches_des_lots import lancer
from strategie.pilotage.models import LotDeDossiers
from strategie.pilotage.queries.lots import (
    Avancement,
    Territoire,
    cadence_du_lot,
    comptes_du_territoire,
    dossiers_du_lot,
    lots_confies,
    territoire_du_lot,
    territoires_confies,
)
from strategie.pilotage.rules.lots import empechement_arreter, empechement_ouvrir, empechement_reprendre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Utilisateur

LOTS_PAR_PAGE, ECHECS_MONTRES = 50, 200
SUIVRE = 10  # seconds between two readings of a page that is followed


def territoires_ou_403(lecteur: Utilisateur) -> list[Territoire]:
    territoires = territoires_confies(lecteur)
    if not territoires:
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {Droit.LANCER_LOT.value.lower()}.")
    return territoires


def lot_ou_404(request: HttpRequest, cle: int) -> LotDeDossiers:
    """403 for who has no territory; another's batch does not exist."""
    lot = lots_confies(request.user).filter(pk=cle).first()
    if lot is None:
        territoires_ou_403(request.user)
        raise Http404("Ce lot n'est pas dans votre périmètre.")
    timezone.activate(lot.academie.zone)
    return lot


@require_safe
def lots(request: HttpRequest) -> HttpResponse:
    territoires_ou_403(request.user)
    page = Paginator(lots_confies(request.user), LOTS_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "lots": [(lot, territoire_du_lot(lot), Avancement(lot, timezone.now())) for lot in page]}
    return render(request, "pilotage/lots/lots.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: HttpRequest) -> HttpResponse:
    """The form, then how many files that makes, then the batch."""
    territoires = territoires_ou_403(request.user)
    envoye = request.POST if request.method == "POST" else request.GET or None
    formulaire = LotForm(envoye, territoires=territoires, exercice=timezone.localdate().year)
    if not formulaire.is_valid():
        statut = 422 if envoye is not None else 200
        return render(request, "pilotage/lots/ouvrir.html", {"formulaire": formulaire}, status=statut)
    if request.method == "POST" and (lot := _ouvrir(request, formulaire)):
        return redirect(_suivi(lot.pk))
    return _confirmer(request, formulaire)


def _ouvrir(request: HttpRequest, formulaire: LotForm) -> LotDeDossiers | None:
    try:
        lot = ouvrir_lot(**formulaire.cleaned_data, auteur=request.user, maintenant=timezone.now())
    except Empeche:
        return None  # the page that confirms says it
    lancer(lot)
    messages.success(
        request, "Le lot est ouvert. Les dossiers se font en arrière-plan\u00a0: vous pouvez quitter la page."
    )
    return lot


def _confirmer(request: HttpRequest, formulaire: LotForm) -> HttpResponse:
    territoire, exercice = formulaire.cleaned_data["territoire"], formulaire.cleaned_data["exercice"]
    comptes = comptes_du_territoire(territoire)
    contexte = {
        "territoire": territoire,
        "exercice": exercice,
        "comptes": comptes,
        "empechement": empechement_ouvrir(a_faire=comptes.a_faire, exercice=exercice),
        "cle": uuid.uuid4(),
    }
    return render(request, "pilotage/lots/confirmer.html", contexte, status=422 if request.method == "POST" else 200)


@require_safe
def lot(request: HttpRequest, cle: int) -> HttpResponse:
    """How far it is. Followed (`?suivre=oui`), the page reads itself again, because its reader asked for it."""
    ouvert = lot_ou_404(request, cle)
    etat = Avancement(ouvert, timezone.now(), cadence_du_lot(ouvert))
    suivi = etat.en_cours and request.GET.get("suivre") == "oui"
    contexte = {
        "lot": ouvert,
        "territoire": territoire_du_lot(ouvert),
        "etat": etat,
        "reste": reste_en_mots(etat.reste),
        "suivi": suivi,
        "secondes": SUIVRE,
        "echecs": dossiers_du_lot(ouvert, request.user).exclude(erreur="")[:ECHECS_MONTRES],
        "arretable": not empechement_arreter(arrete=ouvert.arrete_le is not None, restants=ouvert.restants),
        "reprenable": (etat.muet or not etat.en_cours)
        and not empechement_reprendre(sans_dossier=etat.sans_dossier, restants=ouvert.restants),
    }
    reponse = render(request, "pilotage/lots/lot.html", contexte)
    if suivi:
        reponse["Refresh"] = str(SUIVRE)
    return reponse


@require_POST
def arreter(request: HttpRequest, cle: int) -> HttpResponse:
    ouvert = lot_ou_404(request, cle)
    try:
        arreter_lot(lot=ouvert, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "Le lot est arrêté. Les dossiers faits restent\u00a0; vous pourrez le reprendre.")
    except Empeche as refus:
        messages.warning(request, str(refus))
    return redirect("lot_de_dossiers", cle)


@require_POST
def reprendre(request: HttpRequest, cle: int) -> HttpResponse:
    ouvert = lot_ou_404(request, cle)
    try:
        reprendre_lot(lot=ouvert, auteur=request.user)
        lancer(ouvert)
        messages.success(request, "Le lot reprend\u00a0: chaque établissement sans dossier est essayé de nouveau.")
    except Empeche as refus:
        messages.warning(request, str(refus))
    return redirect(_suivi(cle))


def _suivi(lot: int) -> str:
    return reverse("lot_de_dossiers", args=[lot], query={"suivre": "oui"})


@require_safe
def zip(request: HttpRequest, cle: int) -> StreamingHttpResponse:
    """Its PDFs with a summary, of the schools that the reader follows today."""
    ouvert = lot_ou_404(request, cle)
    return zip_du_lot(ouvert, list(dossiers_du_lot(ouvert, request.user)))
