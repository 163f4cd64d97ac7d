"""Answering a survey: no account, no cookie, nothing kept of who asks.

These views read what is posted and the clock, and nothing else of the request: neither user, session nor messages.
Their pages are made without the request, so that no template can either. They are exempt from CSRF tokens: a token
protects what a cookie would do in somebody's name, and these pages have no cookie; what is posted stands on the code.
"""

from collections.abc import Callable
from types import MappingProxyType

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.anonymat import SEUIL_TEXTES
from diagnostic.domain.bulletins import BulletinTropLong
from diagnostic.domain.designations import designations
from diagnostic.domain.urne import Depot, deposer
from diagnostic.interfaces.repondre import (
    CHOISIR_UN_GROUPE,
    TEXTE_TROP_LOURD,
    Envoi,
    groupe_choisi,
    groupes_invites,
    lire_envoi,
    minutes,
    page_des_questions,
    secret_de,
)
from diagnostic.queries.enquetes import Porte, porte_au_code
from diagnostic.queries.noms import noms_de_l_equipe
from diagnostic.rules import PORTE_CLOSE, PORTE_FUTURE, PORTE_INCONNUE, URNE_PLEINE, empechement_entrer

CODE_MAX = 100  # typed with spaces and dashes
ENVOI_MAX = 1_000_000  # bytes: what the page sends takes ten thousand, a text pasted by mistake a hundred
ENVOI_TROP_LOURD = "Cet envoi est trop lourd\u00a0: rien n'est enregistré."
ENVOI_ILLISIBLE = "Cet envoi n'a pas pu être lu\u00a0: rien n'est enregistré."
STATUTS = MappingProxyType(
    {
        PORTE_INCONNUE: 404,
        PORTE_FUTURE: 403,
        PORTE_CLOSE: 410,
        URNE_PLEINE: 409,
        ENVOI_TROP_LOURD: 413,
        ENVOI_ILLISIBLE: 400,
    }
)

Vue = Callable[[HttpRequest], HttpResponse]


def sans_compte(vue: Vue) -> Vue:
    """Open to all, and what is posted stays out of reports of errors."""
    protegee = sensitive_variables()(sensitive_post_parameters()(vue))
    return login_not_required(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(protegee)))


@sans_compte
def entree(request: HttpRequest) -> HttpResponse:
    """Asks for the code; then says what is recorded, and asks for the group."""
    if request.method != "POST":
        return _page("entree")
    return _au_code(request, _avant_de_commencer)


@sans_compte
def questions(request: HttpRequest) -> HttpResponse:
    """All the questions put to the group that was chosen, on one page."""
    return _au_code(request, lambda porte: _questions(request, porte))


@sans_compte
def envoyer(request: HttpRequest) -> HttpResponse:
    """Puts the ballot in the urn. One that comes again is answered alike."""
    return _au_code(request, lambda porte: _envoyer(request, porte))


@login_not_required
@require_safe
def merci(request: HttpRequest) -> HttpResponse:
    return _page("merci")


@login_not_required
@require_safe
def anonymat(request: HttpRequest) -> HttpResponse:
    """What is recorded, what comes out of it, and what it does not protect from."""
    return _page("anonymat", seuil=settings.SEUIL_ANONYMAT, seuil_textes=SEUIL_TEXTES, contact=settings.CONTACT)


def _au_code(request: HttpRequest, suite: Callable[[Porte], HttpResponse]) -> HttpResponse:
    """What the code that was posted opens; one that opens nothing says so, and nothing more.

    Asked for in another way (a reload, an address typed), the page starts again from the code.
    """
    if request.method != "POST":
        return redirect("enquete_entree")
    envoye = _ce_qui_est_envoye(request)
    if isinstance(envoye, str):
        return _refus(envoye)
    porte = porte_au_code(envoye.get("code", "")[:CODE_MAX])
    if porte is None:
        return _refus(PORTE_INCONNUE)
    if empechement := empechement_entrer(porte, timezone.now()):
        return _refus(empechement)
    return suite(porte)


def _ce_qui_est_envoye(request: HttpRequest) -> QueryDict | str:
    """Or the sentence that refuses it: left to Django, what cannot be read would be logged with its minute."""
    longueur = request.META.get("CONTENT_LENGTH") or "0"
    if not longueur.isdecimal() or int(longueur) > ENVOI_MAX:
        return ENVOI_TROP_LOURD
    try:
        return request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return ENVOI_ILLISIBLE


def _avant_de_commencer(porte: Porte, erreur: str = "") -> HttpResponse:
    contexte = {"porte": porte, "groupes": groupes_invites(porte), "minutes": minutes(porte), "erreur": erreur}
    return _page("commencer", statut=422 if erreur else 200, seuil_textes=SEUIL_TEXTES, **contexte)


def _questions(request: HttpRequest, porte: Porte, envoi: Envoi | None = None) -> HttpResponse:
    """`envoi`: what was refused, shown again as it was typed."""
    groupe = groupe_choisi(porte, request.POST)
    if groupe is None:
        return _avant_de_commencer(porte, CHOISIR_UN_GROUPE)
    page = page_des_questions(porte, groupe, request.POST, envoi)
    return _page("questions", statut=422 if envoi else 200, page=page)


def _envoyer(request: HttpRequest, porte: Porte) -> HttpResponse:
    groupe = groupe_choisi(porte, request.POST)
    if groupe is None:
        return _avant_de_commencer(porte, CHOISIR_UN_GROUPE)
    envoi = lire_envoi(porte, groupe, request.POST)
    if envoi.texte_a_verifier:
        noms = noms_de_l_equipe(porte.enquete, porte.jour_local(timezone.now()))
        envoi.designations = designations(envoi.texte, noms)
    if envoi.refuse:
        return _questions(request, porte, envoi)
    try:
        depot = deposer(porte=porte, secret=secret_de(porte, envoi), bulletin=envoi.bulletin)
    except BulletinTropLong:
        envoi.erreurs["texte"] = TEXTE_TROP_LOURD
        return _questions(request, porte, envoi)
    if depot is Depot.RECU:
        return HttpResponse(status=303, headers={"Location": reverse("enquete_merci")})
    return _refus(PORTE_CLOSE if depot is Depot.FERMEE else URNE_PLEINE)


def _refus(phrase: str) -> HttpResponse:
    return _page("refus", statut=STATUTS[phrase], phrase=phrase)


def _page(gabarit: str, *, statut: int = 200, **contexte: object) -> HttpResponse:
    """Made without the request: no context processor runs, and nothing in a template knows who is asking."""
    reponse = HttpResponse(render_to_string(f"enquete/{gabarit}.html", contexte), status=statut)
    reponse._has_been_logged = True  # Django's log would keep the minute at which somebody was refused
    return reponse
