"""Chasing schools from a list, and the log of every message."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.interfaces.campagnes import FiltreSuiviForm
from diagnostic.models import Campagne
from diagnostic.queries.campagnes import campagne_confiee
from plans.views.demande import envoye
from strategie.pilotage.domain.rappels import reessayer as reessayer_un_rappel
from strategie.pilotage.domain.relances import relancer as relancer_les_etablissements
from strategie.pilotage.interfaces.apercu_relance import page_de_relance
from strategie.pilotage.interfaces.courriels_rappels import racine_du_site
from strategie.pilotage.interfaces.rappels import (
    FiltreJournalForm,
    LigneDuJournal,
    RelanceForm,
    colonnes_du_journal,
)
from strategie.pilotage.interfaces.taches_des_rappels import envoyer_apres
from strategie.pilotage.models import Rappel, Relance
from strategie.pilotage.queries.rappels import (
    academies_a_relancer,
    campagnes_en_cours,
    comptes_par_etat,
    districts_a_relancer,
    districts_du_journal,
    etablissements_a_relancer,
    page_du_journal,
)
from strategie.pilotage.queries.rappels import journal as journal_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees
from strategie.socle.templatetags.paliers import compte


def _academies(request: HttpRequest) -> list[Academie]:
    """403 for somebody who chases nobody."""
    academies = list(academies_a_relancer(request.user))
    if not academies:
        raise PermissionDenied("Votre rôle ne permet pas cette action\u00a0: relancer des établissements.")
    return academies


def _campagne_ou_404(request: HttpRequest, cle: int) -> Campagne:
    """Another académie's does not exist."""
    campagne = campagne_confiee(academies_a_relancer(request.user), cle)
    if campagne is None:
        _academies(request)
        raise Http404("Cette campagne n'est pas dans votre périmètre.")
    timezone.activate(campagne.academie.zone)
    return campagne


def _racine(request: HttpRequest) -> str:
    return racine_du_site(request.build_absolute_uri("/"))


# --- From the list ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def relancer(request: HttpRequest, cle: int) -> HttpResponse:
    """The preview of what would leave, to whom and why, page by page; then the sending."""
    campagne = _campagne_ou_404(request, cle)
    formulaire = RelanceForm(envoye(request), racine=_racine(request))
    if request.method == "POST" and formulaire.is_valid() and "aller" not in request.POST:
        relance = _envoyer(request, campagne, formulaire)
        if relance is not None:
            return redirect(reverse("rappels", query={"relance": relance.pk}))
    filtre = FiltreSuiviForm(
        request.GET,
        districts=districts_a_relancer(campagne, request.user),
        libelle=campagne.academie.libelle_district,
    )
    etablissements = etablissements_a_relancer(campagne, request.user, **filtre.filtres)
    comptes = academies_confiees(request.user, Droit.GERER_CAMPAGNES).filter(pk=campagne.academie_id).exists()
    contexte = page_de_relance(
        campagne, etablissements, formulaire, request.user,
        numero=request.POST.get("aller") or request.POST.get("page", ""), comptes=comptes, maintenant=timezone.now(),
    )  # fmt: skip
    contexte |= {"filtre": filtre, "filtree": any(filtre.filtres.values())}
    return render(request, "pilotage/relancer.html", contexte, status=422 if formulaire.errors else 200)


def _envoyer(request: HttpRequest, campagne: Campagne, formulaire: RelanceForm) -> Relance | None:
    saisie: dict[str, Any] = formulaire.cleaned_data
    try:
        relance = relancer_les_etablissements(
            campagne=campagne,
            choisis=formulaire.choisis,
            mot=saisie["mot"],
            adresse_du_site=formulaire.racine,
            cle=saisie["cle"],
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None
    envoyer_apres(formulaire.racine)
    nombre = relance.rappels.exclude(etat=Rappel.Etat.ECARTE).count()
    messages.success(request, f"{compte(nombre, 'message part,messages partent')}. Suivez-les ci-dessous.")
    return relance


# --- The log --------------------------------------------------------------------------------------------------------
def _filtre(request: HttpRequest) -> FiltreJournalForm:
    return FiltreJournalForm(request.GET, districts=districts_du_journal(request.user))


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Every message about the schools that the person may chase, newest first."""
    academies = _academies(request)
    filtre = _filtre(request)
    lus = journal_de(request.user, **filtre.filtres)
    apres = request.GET.get("apres", "")
    page = page_du_journal(lus, int(apres) if apres.isascii() and apres.isdigit() and len(apres) < 19 else None)
    timezone.activate(academies[0].zone)
    comptes = comptes_par_etat(lus)
    contexte = {
        "campagnes": campagnes_en_cours(academies, timezone.now()),
        "regle": academies_confiees(request.user, Droit.GERER_CAMPAGNES).exists(),
        "filtre": filtre,
        "filtree": any(filtre.filtres.values()),
        "lignes": [LigneDuJournal(rappel) for rappel in page.lignes],
        "suivante": page.suivante,
        "debut": not apres,
        "comptes": [(etat, comptes.get(etat.value, 0)) for etat in Rappel.Etat if comptes.get(etat.value)],
        "total": sum(comptes.values()),
        "partis": comptes.get(Rappel.Etat.ENVOYE, 0),
    }
    return render(request, "pilotage/rappels.html", contexte)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The log as the filters keep it, whole."""
    _academies(request)
    lus = journal_de(request.user, **_filtre(request).filtres)
    lignes = (LigneDuJournal(rappel) for rappel in lus.iterator(chunk_size=500))
    return reponse_csv("rappels.csv", colonnes_du_journal(), lignes)


@require_POST
def reessayer(request: HttpRequest, cle: int) -> HttpResponse:
    """A message that the mail server refused for good, tried again."""
    _academies(request)
    rappel = journal_de(request.user).filter(pk=cle).first()
    if rappel is None:
        raise Http404("Ce message n'est pas dans votre périmètre.")
    if reessayer_un_rappel(rappel=rappel, auteur=request.user):
        envoyer_apres(_racine(request))
        messages.success(request, "Le message va repartir.")
    else:
        messages.info(request, "Ce message n'est plus en échec\u00a0: rien n'est envoyé.")
    return redirect("rappels")
