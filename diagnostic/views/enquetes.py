"""Opening a survey and following it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.domain.enquetes import (
    annuler_enquete,
    changer_les_dates,
    ouvrir_enquete,
    repondre_direction,
    tirer_coupons,
)
from diagnostic.domain.urne import ClePerdue, cle_perdue, depouiller_enquete
from diagnostic.interfaces.enquetes import (
    DatesForm,
    DirectionForm,
    Moment,
    OuvertureForm,
    PlancheForm,
    SecoursForm,
    adresse_du_lien,
    invites_en_mots,
    lignes_des_enquetes,
    message_a_envoyer,
    moment_de,
    quand_les_resultats,
    questions_annoncees,
    suivi_de_la_participation,
)
from diagnostic.interfaces.pdf_enquete import rendre_affiche_pdf, rendre_coupons_pdf
from diagnostic.interfaces.taches import programmer_le_depouillement
from diagnostic.models import Enquete
from diagnostic.queries.enquetes import enquetes_de
from diagnostic.rules import (
    empechement_annuler_enquete,
    empechement_changer_les_dates,
    empechement_repondre_direction,
    empechement_tirer_coupons,
    empechement_une_autre_enquete,
    enquetes_tenues,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from strategie.socle.views.acces import etablissement_ou_404

CLE_PERDUE = (
    "L'urne ne s'ouvre pas\u00a0: la clef secrète du serveur a changé. Les bulletins sont intacts. Demandez à "
    "l'administrateur technique de remettre l'ancienne clef parmi les clefs précédentes, puis réessayez. Si "
    "elle n'existe plus, il reste à annuler l'enquête."
)


def enquete_ou_404(request: HttpRequest, uai: str, cle: int, droit: Droit) -> Enquete:
    """A survey of this school; another's does not exist."""
    etablissement = etablissement_ou_404(request, uai, droit)
    enquete = get_object_or_404(etablissement.enquetes, pk=cle)
    enquete.etablissement = etablissement
    return enquete


def _envoye(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, were it nothing at all."""
    return request.POST if request.method == "POST" else None


@require_safe
def enquetes(request: HttpRequest, uai: str) -> HttpResponse:
    """The school's surveys, newest first."""
    etablissement = etablissement_ou_404(request, uai, Droit.LIRE_ENQUETE)
    siennes = list(enquetes_de(etablissement.pk))
    for enquete in siennes:
        enquete.etablissement = etablissement
    contexte = {
        "etablissement": etablissement,
        "etape": "diagnostic",
        "lignes": lignes_des_enquetes(siennes, timezone.now()),
        "peut_ouvrir": Droit.OUVRIR_ENQUETE in etablissement.droits,
        "empechement": empechement_une_autre_enquete(etablissement, siennes),
        "seuil": settings.SEUIL_ANONYMAT,
    }
    return render(request, "diagnostic/enquetes/liste.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: HttpRequest, uai: str) -> HttpResponse:
    """What the survey will ask, of whom and when; sent twice, it is opened once."""
    etablissement = etablissement_ou_404(request, uai, Droit.OUVRIR_ENQUETE)
    maintenant = timezone.now()
    jour = timezone.localdate(maintenant, etablissement.academie.zone)
    tenues = enquetes_tenues(etablissement.enquetes.all())
    formulaire = OuvertureForm(
        _envoye(request), etablissement=etablissement, tenues=tenues, jour=jour, seuil=settings.SEUIL_ANONYMAT
    )
    ouverte = _ouvrir(request, etablissement, formulaire) if request.method == "POST" else None
    if ouverte:
        programmer_le_depouillement(ouverte)
        etat = "s'ouvrira au jour dit" if jour < ouverte.date_ouverture else "est ouverte"
        messages.success(request, f"L'enquête {etat}. Il reste à prévenir les équipes.")
        return redirect("enquete", uai, ouverte.pk)
    contexte = {
        "etablissement": etablissement,
        "etape": "diagnostic",
        "formulaire": formulaire,
        "empechement": None if request.method == "POST" else empechement_une_autre_enquete(etablissement, tenues),
        "questions": questions_annoncees(),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "diagnostic/enquetes/ouvrir.html", contexte, status=statut)


def _ouvrir(request: HttpRequest, etablissement: Etablissement, formulaire: OuvertureForm) -> Enquete | None:
    """A page sent again, whose key has served, is no longer judged: its survey is given back."""
    cle = formulaire.cle_envoyee()
    if deja := etablissement.enquetes.filter(cle=cle).first() if cle else None:
        deja.etablissement = etablissement
        return deja
    if not formulaire.is_valid():
        return None
    ouvre = partial(
        ouvrir_enquete,
        etablissement=etablissement,
        reglages=formulaire.reglages(),
        seuil=settings.SEUIL_ANONYMAT,
        cle=formulaire.cleaned_data["cle"],
        auteur=request.user,
        maintenant=timezone.now(),
    )
    return _faire(formulaire, ouvre)


def _faire[Fait](formulaire: Form, acte: Callable[[], Fait]) -> Fait | None:
    """What the act gives; nothing when it is refused, and the form says why."""
    try:
        return acte()
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
    except ValidationError as refus:
        formulaire.add_error(None, refus.messages)
    return None


@require_safe
def enquete(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """How far it is, as little as may be said; for those who opened it, what to send."""
    suivie = enquete_ou_404(request, uai, cle, Droit.LIRE_ENQUETE)
    droits, maintenant = suivie.etablissement.droits, timezone.now()
    moment = moment_de(suivie, maintenant)
    conduit = Droit.OUVRIR_ENQUETE in droits
    invite = conduit and moment in (Moment.PREVUE, Moment.EN_COURS)
    racine = request.build_absolute_uri("/")
    contexte = {
        "etablissement": suivie.etablissement,
        "etape": "diagnostic",
        "enquete": suivie,
        "moment": moment,
        "participation": suivi_de_la_participation(suivie, moment),
        "parution": quand_les_resultats(suivie, maintenant),
        "invites": invites_en_mots(suivie),
        "conduit": conduit,
        "invite": invite,
        "lien": adresse_du_lien(racine, suivie.code) if invite and suivie.code else "",
        "message": message_a_envoyer(suivie, racine) if invite else "",
        "coupons": suivie.coupons.count() if invite and not suivie.code else 0,
        "direction": suivie.reponses_direction.count(),
        "cle_perdue": conduit and moment == Moment.A_DEPOUILLER and cle_perdue(suivie),
        "repond_pour_la_direction": Droit.REPONDRE_DIRECTION in droits,
    }
    return render(request, "diagnostic/enquetes/suivi.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its dates, as long as they have not passed."""
    modifiee = enquete_ou_404(request, uai, cle, Droit.OUVRIR_ENQUETE)
    siennes, maintenant = list(modifiee.etablissement.enquetes.all()), timezone.now()
    empechement = empechement_changer_les_dates(
        modifiee, modifiee.date_ouverture, modifiee.date_cloture, siennes, maintenant
    )
    formulaire = DatesForm(_envoye(request), enquete=modifiee, siennes=siennes, maintenant=maintenant)
    if request.method == "POST" and not empechement and formulaire.is_valid():
        change = partial(changer_les_dates, enquete=modifiee, auteur=request.user, maintenant=maintenant)
        if changee := _faire(formulaire, partial(change, **formulaire.dates)):
            programmer_le_depouillement(changee)
            messages.success(request, f"Les dates sont changées. {quand_les_resultats(changee, maintenant)}")
            return redirect("enquete", uai, cle)
    contexte = {
        "etablissement": modifiee.etablissement,
        "etape": "diagnostic",
        "enquete": modifiee,
        "formulaire": formulaire,
        "empechement": empechement,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "diagnostic/enquetes/modifier.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
def annuler(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Asks first: the ballots are destroyed unread."""
    annulee = enquete_ou_404(request, uai, cle, Droit.OUVRIR_ENQUETE)
    empechement = empechement_annuler_enquete(annulee, timezone.now(), cle_perdue=cle_perdue(annulee))
    if request.method == "POST":
        try:
            annuler_enquete(enquete=annulee, auteur=request.user, maintenant=timezone.now())
            messages.success(request, "L'enquête est annulée. Ses bulletins sont détruits, personne ne les a lus.")
            return redirect("enquetes", uai)
        except Empeche as refus:
            empechement = str(refus)
    contexte = {
        "etablissement": annulee.etablissement,
        "etape": "diagnostic",
        "enquete": annulee,
        "empechement": empechement,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "diagnostic/enquetes/annuler.html", contexte, status=statut)


@require_safe
def affiche(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The poster of the shared link."""
    affichee = enquete_ou_404(request, uai, cle, Droit.OUVRIR_ENQUETE)
    if not affichee.code or moment_de(affichee, timezone.now()) not in (Moment.PREVUE, Moment.EN_COURS):
        messages.error(request, "L'affiche sert tant que l'enquête reçoit des réponses par un lien partagé.")
        return redirect("enquete", uai, cle)
    # A probe asks for the headers only: nothing is laid out for it.
    pdf = b"" if request.method == "HEAD" else rendre_affiche_pdf(affichee, request.build_absolute_uri("/"))
    return _telecharger(pdf, f"affiche-enquete-{uai}.pdf")


@never_cache  # the page's key draws one sheet: a new sheet takes a new page
@require_http_methods(["GET", "HEAD", "POST"])
def coupons(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Draws slips and gives their sheet at once: their codes are kept nowhere."""
    tiree = enquete_ou_404(request, uai, cle, Droit.OUVRIR_ENQUETE)
    de_secours = "nombre" in request.POST
    secours = SecoursForm(request.POST if de_secours else None, enquete=tiree)
    planche = PlancheForm(None if de_secours else _envoye(request))
    demande = secours if de_secours else planche
    if request.method == "POST" and demande.is_valid():
        codes = _faire(demande, partial(_tirer, request, tiree, demande.cleaned_data))
        if codes is not None:
            return _telecharger(
                rendre_coupons_pdf(tiree, codes, request.build_absolute_uri("/")), f"coupons-enquete-{uai}.pdf"
            )
    deja = tiree.coupons.count()
    peut = partial(empechement_tirer_coupons, tiree, deja=deja > 0, maintenant=timezone.now())
    contexte = {
        "etablissement": tiree.etablissement,
        "etape": "diagnostic",
        "enquete": tiree,
        "deja": deja,
        "planche": planche,
        "secours": secours,
        "refus_planche": peut(tiree.total_invites, secours=False),
        "refus_secours": peut(1, secours=True),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "diagnostic/enquetes/coupons.html", contexte, status=statut)


def _tirer(request: HttpRequest, enquete: Enquete, demande: dict[str, Any]) -> list[str]:
    """`demande` holds the number of spare slips, or the key of the whole sheet."""
    return tirer_coupons(
        enquete=enquete,
        nombre=demande.get("nombre", enquete.total_invites),
        secours="nombre" in demande,
        auteur=request.user,
        maintenant=timezone.now(),
        cle=demande.get("cle"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def direction(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The head's answers, given openly before the results are known."""
    repondue = enquete_ou_404(request, uai, cle, Droit.REPONDRE_DIRECTION)
    avant = dict(repondue.reponses_direction.values_list("numero", "valeur"))
    formulaire = DirectionForm(_envoye(request), enquete=repondue, avant=avant)
    empechement = empechement_repondre_direction(repondue, timezone.now())
    if request.method == "POST" and formulaire.is_valid():
        repond = partial(repondre_direction, enquete=repondue, reponses=formulaire.reponses)
        _faire(formulaire, partial(repond, auteur=request.user, maintenant=timezone.now()))
        if not formulaire.errors:
            messages.success(request, "Les réponses de la direction sont enregistrées.")
            return redirect("enquete", uai, cle)
    contexte = {
        "etablissement": repondue.etablissement,
        "etape": "diagnostic",
        "enquete": repondue,
        "formulaire": formulaire,
        "empechement": empechement,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "diagnostic/enquetes/direction.html", contexte, status=statut)


@require_safe
def qui_a_repondu(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Why nobody can know, and what can be done instead."""
    enquete = enquete_ou_404(request, uai, cle, Droit.LIRE_ENQUETE)
    contexte = {
        "etablissement": enquete.etablissement,
        "etape": "diagnostic",
        "enquete": enquete,
        "relance": Droit.OUVRIR_ENQUETE in enquete.etablissement.droits
        and moment_de(enquete, timezone.now()) in (Moment.PREVUE, Moment.EN_COURS),
    }
    return render(request, "diagnostic/enquetes/qui_a_repondu.html", contexte)


@require_POST
def depouiller(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """By hand, when the worker did not do it at its hour."""
    echue = enquete_ou_404(request, uai, cle, Droit.OUVRIR_ENQUETE)
    try:
        depouiller_enquete(enquete=echue, maintenant=timezone.now())
    except (Empeche, ClePerdue) as refus:
        messages.error(request, CLE_PERDUE if isinstance(refus, ClePerdue) else str(refus))
        return redirect("enquete", uai, cle)
    messages.success(request, "Les bulletins sont dépouillés, puis détruits. Voici les résultats.")
    return redirect("enquete_resultats", uai, cle)


def _telecharger(pdf: bytes, nom: str) -> HttpResponse:
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
