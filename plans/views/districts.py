"""The digital project of a district, as its animateur and the rectorat write it, and what its schools make of it."""

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.domain.cascade import (
    SaisieAxeDistrict,
    fixer_axe_district,
    lire_axe_district,
    modifier_axe_district,
    retablir_axe_district,
    retirer_axe_district,
)
from plans.interfaces.cascade import AxeDistrictForm
from plans.models import AxeDistrict
from plans.queries.cascade import (
    annees_du_projet,
    districts_confies,
    motifs_hors_competence,
    priorites_a_servir,
    projet_du_district,
    reponses_a_l_axe,
)
from plans.views.acces_district import district_ou_404
from plans.views.demande import annee_demandee, envoye
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import District
from strategie.socle.queries.academies import droits_academiques


@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """Those whose project the person writes."""
    annee = annee_scolaire(timezone.localdate())
    confies = list(districts_confies(request.user, annee))
    orienter = Droit.PILOTER_DISTRICT in droits_academiques(request.user)
    if not confies and not orienter:
        raise PermissionDenied("Les animateurs et le rectorat écrivent le projet numérique d'un district.")
    contexte = {"districts": confies, "annee": annee, "peut_orienter": orienter}
    return render(request, "plans/districts.html", contexte)


@require_safe
def projet(request: HttpRequest, cle: int) -> HttpResponse:
    """The axes of a year with the answers of the schools, and what they say is not in their hands."""
    district = district_ou_404(request, cle)
    annee = annee_demandee(request)
    axes = projet_du_district(district, annee)
    cette_annee = annee_scolaire(timezone.localdate())
    proches = {annee, cette_annee, annee_suivante(cette_annee)}
    contexte = {
        "district": district,
        "annee": annee,
        "annees": sorted({*proches, *annees_du_projet(district)}, reverse=True),
        "axes": [compte for compte in axes if not compte.axe.retire_le],
        "retires": [compte for compte in axes if compte.axe.retire_le],
        "motifs": motifs_hors_competence(district, annee) if axes else [],
    }
    return render(request, "plans/district_projet.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def axe_ajouter(request: HttpRequest, cle: int) -> HttpResponse:
    """For the year of the address, unless the form says another one."""
    district = district_ou_404(request, cle)
    annee = annee_demandee(request)
    tenu = SaisieAxeDistrict(annee, None, "", "")
    priorites = priorites_a_servir(district, annee)
    formulaire = AxeDistrictForm(envoye(request), tenu=tenu, priorites=priorites, nouveau=True)
    if request.method == "POST" and formulaire.is_valid() and (axe := _fixer(request, district, formulaire)):
        messages.success(request, "L'axe est dans le projet. Les établissements du district peuvent y répondre.")
        return redirect(_projet(district, axe.annee_scolaire))
    contexte = {"district": district, "annee": annee, "formulaire": formulaire, "axe": None}
    return render(request, "plans/district_axe_modifier.html", contexte, status=formulaire.statut)


def _fixer(request: HttpRequest, district: District, formulaire: AxeDistrictForm) -> AxeDistrict | None:
    try:
        return fixer_axe_district(
            district=district, saisie=formulaire.saisie(), auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def axe_modifier(request: HttpRequest, cle: int, axe: int) -> HttpResponse:
    """Its words; what the schools said of it stays."""
    district = district_ou_404(request, cle)
    tenu = _axe_ou_404(district, axe)
    priorites = priorites_a_servir(district, tenu.annee_scolaire, tenu.priorite_id)
    formulaire = AxeDistrictForm(envoye(request), tenu=lire_axe_district(tenu), priorites=priorites)
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, tenu, formulaire):
        messages.success(request, "L'axe est modifié.")
        return redirect(_projet(district, formulaire.cleaned_data["annee_scolaire"]))
    contexte = {"district": district, "annee": tenu.annee_scolaire, "formulaire": formulaire, "axe": tenu}
    return render(request, "plans/district_axe_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, axe: AxeDistrict, formulaire: AxeDistrictForm) -> bool:
    base, saisie = formulaire.base(), formulaire.saisie()
    try:
        conflits = modifier_axe_district(
            axe=axe, base=base, saisie=saisie, auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        return False
    if conflits:
        axe.refresh_from_db()
        formulaire.signaler(conflits, asdict(lire_axe_district(axe)))
    return not conflits


@require_safe
def axe_reponses(request: HttpRequest, cle: int, axe: int) -> HttpResponse:
    """School by school: only those who steer the district read it."""
    district = district_ou_404(request, cle)
    lu = _axe_ou_404(district, axe)
    contexte = {"district": district, "axe": lu, "reponses": reponses_a_l_axe(lu)}
    return render(request, "plans/district_axe_reponses.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def axe_retirer(request: HttpRequest, cle: int, axe: int) -> HttpResponse:
    """Asks first: the schools that serve it see it « orphelin »."""
    district = district_ou_404(request, cle)
    retire = _axe_ou_404(district, axe)
    if request.method == "POST":
        retirer_axe_district(axe=retire, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "L'axe est retiré. Les établissements qui le servent le voient orphelin.")
        return redirect(_projet(district, retire.annee_scolaire))
    reponses = [reponse for _, reponse in reponses_a_l_axe(retire) if reponse]
    servi = sum(reponse.reponse == reponse.Reponse.SERVI for reponse in reponses)
    contexte = {"district": district, "axe": retire, "servi": servi}
    return render(request, "plans/district_axe_retirer.html", contexte)


@require_POST
def axe_retablir(request: HttpRequest, cle: int, axe: int) -> HttpResponse:
    district = district_ou_404(request, cle)
    retabli = _axe_ou_404(district, axe)
    retablir_axe_district(axe=retabli, auteur=request.user)
    messages.success(request, "L'axe est de nouveau dans le projet.")
    return redirect(_projet(district, retabli.annee_scolaire))


def _axe_ou_404(district: District, cle: int) -> AxeDistrict:
    return get_object_or_404(district.axes.select_related("district__academie", "priorite"), pk=cle)


def _projet(district: District, annee: str) -> str:
    return reverse("district_projet", args=[district.pk], query={"annee": annee})
