"""Versions of the référentiel: read, prepared, compared, published; and the campaign that moves to one."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostic.domain.reprises import changer_la_version
from diagnostic.domain.versions import preparer_version, publier_version, supprimer_brouillon
from diagnostic.interfaces.referentiels import PreparerForm, VersionDeCampagneForm
from diagnostic.models import Campagne, Referentiel
from diagnostic.queries.campagnes import campagnes_suivies
from diagnostic.queries.comparaison import comparer as comparer_les_versions
from diagnostic.queries.comparaison import lire_version
from diagnostic.queries.effets import deplacement, dernier_jour, effets_de_la_version
from diagnostic.queries.referentiels import (
    ascendance,
    defauts_de_publication,
    descendance,
    empreinte_de_la_suite,
    suite_de,
    versions_lisibles,
)
from diagnostic.rules import empechement_changer_la_version
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees


def academies_ou_403(request: HttpRequest) -> QuerySet[Academie]:
    academies = academies_confiees(request.user, Droit.GERER_REFERENTIEL)
    if not academies:
        raise PermissionDenied("Le rectorat fait évoluer le référentiel de son académie.")
    return academies


def version_ou_404(request: HttpRequest, pk: int) -> Referentiel:
    """A version that the person's académies may read; 403 for who holds no académie."""
    version = versions_lisibles(academies_ou_403(request)).filter(pk=pk).first()
    if version is None:
        raise Http404("Cette version n'est pas dans votre périmètre.")
    return version


def brouillon_ou_404(request: HttpRequest, pk: int) -> Referentiel:
    """A version that can still be changed."""
    version = version_ou_404(request, pk)
    if version.publie:
        raise PermissionDenied("Cette version est publiée\u00a0: elle ne change plus. Préparez-en une nouvelle.")
    return version


@require_safe
def referentiels(request: HttpRequest) -> HttpResponse:
    academies = academies_ou_403(request)
    contexte = {"versions": versions_lisibles(academies), "formulaire": PreparerForm(academies=academies)}
    return render(request, "diagnostic/referentiels/liste.html", contexte)


@require_POST
def preparer(request: HttpRequest, pk: int) -> HttpResponse:
    academies, version = academies_ou_403(request), version_ou_404(request, pk)
    formulaire = PreparerForm(request.POST, academies=academies)
    if not formulaire.is_valid():
        messages.error(request, "Choisissez l'académie pour laquelle préparer cette version.")
        return redirect("referentiel", pk)
    try:
        brouillon = preparer_version(
            precedent=version, academie=formulaire.cleaned_data["academie"], auteur=request.user
        )
    except Empeche as refus:
        messages.error(request, str(refus))
        return redirect("referentiel", pk)
    return redirect("referentiel", brouillon.pk)


@require_safe
def referentiel(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_ou_404(request, pk)
    contexte = {
        "version": version,
        "champs": lire_version(version),
        "regles": version.regles.select_related("si", "alors"),
        "formulaire": PreparerForm(academies=academies_ou_403(request)) if version.publie else None,
    }
    return render(request, "diagnostic/referentiels/version.html", contexte)


@require_safe
def comparer(request: HttpRequest, pk: int) -> HttpResponse:
    """With the version before, or with the ancestor that `avec` names."""
    version = version_ou_404(request, pk)
    avant = ascendance(version)[1:]
    if not avant:
        raise Http404("Cette version n'en suit aucune.")
    avec = request.GET.get("avec", str(avant[0].pk))
    choisie = next((ancetre for ancetre in avant if str(ancetre.pk) == avec), None)
    if choisie is None:
        raise Http404("Cette version n'est pas l'une de celles d'avant.")
    contexte = {"version": version, "avant": avant, "comparaison": comparer_les_versions(version, choisie)}
    return render(request, "diagnostic/referentiels/comparer.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def publier(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong, by name; else who is asked again, and the button."""
    version = version_ou_404(request, pk)
    if version.publie:
        messages.info(request, f"« {version} » est publiée.")
        return redirect("referentiel", pk)
    maintenant, refus = timezone.now(), ""
    if request.method == "POST":
        try:
            publier_version(referentiel=version, auteur=request.user, maintenant=maintenant, lu=request.POST.get("lu"))
        except Empeche as empeche:
            refus = str(empeche)
        else:
            messages.success(request, f"« {version} » est publiée. Les campagnes peuvent maintenant l'utiliser.")
            return redirect("referentiel", pk)
    suite = suite_de(version)
    defauts = defauts_de_publication(suite)
    jour = maintenant.astimezone(version.academie.zone).date()
    effets = [] if defauts else effets_de_la_version(suite, version.academie, jour)
    contexte = {"version": version, "defauts": defauts, "effets": effets, "refus": refus}
    contexte["lu"] = empreinte_de_la_suite(suite)
    return render(request, "diagnostic/referentiels/publier.html", contexte, status=422 if refus else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    version = brouillon_ou_404(request, pk)
    if request.method == "POST":
        try:
            supprimer_brouillon(referentiel=version, auteur=request.user)
            messages.success(request, f"Le brouillon de « {version} » est supprimé.")
        except Empeche as refus:
            messages.error(request, str(refus))
        return redirect("referentiels")
    return render(request, "diagnostic/referentiels/supprimer.html", {"version": version})


@require_http_methods(["GET", "HEAD", "POST"])
def campagne_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Moving a campaign to a later version: what it does, then the act."""
    campagne = _campagne_ou_404(request, pk)
    versions = descendance(campagne.referentiel, campagne.academie)
    donnees = request.POST if request.method == "POST" else request.GET or None
    formulaire = VersionDeCampagneForm(donnees, versions=versions)
    choisie, maintenant = formulaire.choisie, timezone.now()
    refus = _refus(campagne, choisie, maintenant) if choisie else None
    if request.method == "POST" and choisie and not refus:
        try:
            changer_la_version(campagne=campagne, referentiel=choisie, auteur=request.user, maintenant=maintenant)
        except Empeche as empeche:  # a colleague has just moved it
            refus = str(empeche)
        else:
            messages.success(request, f"La campagne {campagne.annee_scolaire} suit maintenant « {choisie} ».")
            return redirect("campagne", pk)
    contexte = {"campagne": campagne, "versions": versions, "formulaire": formulaire, "choisie": choisie}
    contexte |= {"refus": refus, "deplacement": deplacement(campagne, choisie) if choisie and not refus else None}
    statut = 422 if formulaire.errors or (request.method == "POST" and refus) else 200
    return render(request, "diagnostic/referentiels/campagne.html", contexte, status=statut)


def _refus(campagne: Campagne, version: Referentiel, maintenant: datetime.datetime) -> str | None:
    """Why the campaign may not move to this version, which follows its own."""
    return empechement_changer_la_version(
        campagne, version, suit=True, fin=dernier_jour(campagne), maintenant=maintenant
    )


def _campagne_ou_404(request: HttpRequest, pk: int) -> Campagne:
    academies = academies_confiees(request.user, Droit.GERER_CAMPAGNES)
    if not academies:
        raise PermissionDenied("Le rectorat conduit les campagnes de son académie.")
    campagne = campagnes_suivies(academies).filter(pk=pk).first()
    if campagne is None:
        raise Http404("Cette campagne n'est pas dans votre périmètre.")
    return campagne
