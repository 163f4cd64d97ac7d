"""The campaigns of an académie, as its rectorat opens, follows and changes them."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from diagnostic.domain.campagnes import (
    CHANGEE_ENTRE_TEMPS,
    Reglages,
    modifier_campagne,
    ouvrir_campagne,
    prolonger_campagne,
    retirer_prolongation,
)
from diagnostic.interfaces.campagnes import (
    CampagneForm,
    FiltreSuiviForm,
    ProlongationForm,
    ReglagesForm,
    TableSuivi,
    colonnes_du_suivi,
)
from diagnostic.models import Campagne
from diagnostic.queries.campagnes import annee_a_ouvrir, campagne_confiee, campagnes_suivies
from diagnostic.queries.suivi import (
    districts_de,
    etablissements_suivis,
    page_suivie,
    prolongations_de,
    totaux,
    toutes_les_lignes,
)
from diagnostic.rules import empechement_changer_l_ouverture, empechement_retirer_prolongation
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv
from strategie.socle.models import Academie
from strategie.socle.queries.academies import academies_confiees
from strategie.socle.templatetags.paliers import compte


def exiger_un_rectorat(academies: QuerySet[Academie]) -> None:
    """403 for somebody who opens campaigns nowhere."""
    if not academies:
        raise PermissionDenied("Le rectorat ouvre et suit les campagnes de son académie.")


def campagne_ou_404(request: HttpRequest, cle: int) -> Campagne:
    """With its académie and its référentiel; another académie's does not exist."""
    academies = academies_confiees(request.user, Droit.GERER_CAMPAGNES)
    campagne = campagne_confiee(academies, cle)
    if campagne is None:
        exiger_un_rectorat(academies)
        raise Http404("Cette campagne n'est pas dans votre périmètre.")
    timezone.activate(campagne.academie.zone)
    return campagne


@require_http_methods(["GET", "HEAD", "POST"])
def campagnes(request: HttpRequest) -> HttpResponse:
    """Those of the person's académies, and the form that opens the next one."""
    academies = academies_confiees(request.user, Droit.GERER_CAMPAGNES)
    exiger_un_rectorat(academies)
    initial = {"annee_scolaire": annee_a_ouvrir(academies, timezone.localdate())}
    formulaire = CampagneForm(request.POST or None, academies=academies, initial=initial)
    if request.method == "POST" and formulaire.is_valid() and (campagne := _ouvrir(request, formulaire)):
        messages.success(request, f"La campagne {campagne.annee_scolaire} est ouverte.")
        return redirect("campagne", campagne.pk)
    contexte = {"campagnes": campagnes_suivies(academies), "formulaire": formulaire}
    return render(request, "diagnostic/campagnes.html", contexte, status=422 if formulaire.errors else 200)


def _ouvrir(request: HttpRequest, formulaire: CampagneForm) -> Campagne | None:
    ouvrir = partial(ouvrir_campagne, **formulaire.cleaned_data)
    return _faire(formulaire, partial(ouvrir, auteur=request.user, maintenant=timezone.now()))


def _faire[Fait](formulaire: Form, acte: Callable[[], Fait]) -> Fait | None:
    """What the act gives; nothing when it is refused, each refusal then at its field."""
    try:
        return acte()
    except ValidationError as refus:
        for champ, phrases in refus.update_error_dict({}).items():
            formulaire.add_error(champ if champ in formulaire.fields else None, phrases)
        return None


@require_safe
def campagne(request: HttpRequest, cle: int) -> HttpResponse:
    """The follow-up: figures, then the schools as the filters keep them, fifty at a time."""
    suivie = campagne_ou_404(request, cle)
    filtre = _filtre(request, suivie)
    page = page_suivie(
        suivie,
        etablissements_suivis(suivie, **filtre.filtres),
        request.GET.get("apres", "").replace("\x00", "")[:400],
    )
    contexte = {
        "campagne": suivie,
        "totaux": totaux(suivie),
        "prolongations": prolongations_de(suivie),
        "filtre": filtre,
        "filtree": any(filtre.filtres.values()),
        "page": page,
        "tableau": TableSuivi(page.lignes, campagne=suivie),
    }
    return render(request, "diagnostic/campagne.html", contexte)


def _filtre(request: HttpRequest, campagne: Campagne) -> FiltreSuiviForm:
    academie = campagne.academie
    return FiltreSuiviForm(request.GET, districts=academie.districts.all(), libelle=academie.libelle_district)


@require_safe
def campagne_export(request: HttpRequest, cle: int) -> StreamingHttpResponse:
    """The list as the filters keep it, whole, for a spreadsheet."""
    suivie = campagne_ou_404(request, cle)
    etablissements = etablissements_suivis(suivie, **_filtre(request, suivie).filtres)
    nom = f"campagne-{suivie.annee_scolaire}-{slugify(suivie.academie.nom)}.csv"
    return reponse_csv(nom, colonnes_du_suivi(suivie), toutes_les_lignes(suivie, etablissements))


@require_http_methods(["GET", "HEAD", "POST"])
def campagne_modifier(request: HttpRequest, cle: int) -> HttpResponse:
    """Its dates and its days of correction, for all of its schools."""
    modifiee = campagne_ou_404(request, cle)
    maintenant = timezone.now()
    ouverte = empechement_changer_l_ouverture(modifiee, modifiee.jour_local(maintenant))
    formulaire = ReglagesForm(request.POST or None, campagne=modifiee, ouverte=bool(ouverte))
    vu = request.POST.get("vu", "") if request.POST else str(Reglages.de(modifiee))
    if request.method == "POST" and formulaire.is_valid():
        modifier = partial(modifier_campagne, campagne=modifiee, voulus=formulaire.reglages, vu=vu)
        changes = _faire(formulaire, partial(modifier, auteur=request.user, maintenant=maintenant))
        if changes is not None:
            return _dire_les_changements(request, modifiee, "Les dates de la campagne sont enregistrées", changes)
        if formulaire.has_error(NON_FIELD_ERRORS, CHANGEE_ENTRE_TEMPS):
            modifiee.refresh_from_db()
            vu = str(Reglages.de(modifiee))
    contexte = {
        "campagne": modifiee,
        "formulaire": formulaire,
        "vu": vu,
        "ouverte": ouverte,
        "totaux": totaux(modifiee),
        "prolongations": prolongations_de(modifiee),
    }
    return render(request, "diagnostic/campagne_modifier.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def campagne_prolonger(request: HttpRequest, cle: int) -> HttpResponse:
    """More time for a district."""
    prolongee = campagne_ou_404(request, cle)
    districts, libelle = districts_de(prolongee), prolongee.academie.libelle_district
    formulaire = ProlongationForm(
        request.POST or None, districts=districts, libelle=libelle, initial={"district": request.GET.get("district")}
    )
    if request.method == "POST" and formulaire.is_valid():
        prolonger = partial(prolonger_campagne, campagne=prolongee, **formulaire.cleaned_data)
        changes = _faire(formulaire, partial(prolonger, auteur=request.user, maintenant=timezone.now()))
        if changes is not None:
            return _dire_les_changements(request, prolongee, "La prolongation est accordée", changes)
    contexte = {"campagne": prolongee, "formulaire": formulaire, "districts": districts}
    return render(request, "diagnostic/campagne_prolonger.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def prolongation_retirer(request: HttpRequest, cle: int, prolongation: int) -> HttpResponse:
    """Back to the campaign's own deadline, once confirmed."""
    campagne = campagne_ou_404(request, cle)
    retiree = prolongations_de(campagne).filter(pk=prolongation).first()
    if retiree is None:
        messages.info(request, "Cette prolongation est déjà retirée.")
        return redirect("campagne", campagne.pk)
    maintenant = timezone.now()
    empechement = empechement_retirer_prolongation(campagne, maintenant)
    if request.method == "POST" and not empechement:
        changes = retirer_prolongation(prolongation=retiree, auteur=request.user, maintenant=maintenant)
        return _dire_les_changements(request, campagne, "La prolongation est retirée", changes)
    contexte = {"campagne": campagne, "prolongation": retiree, "empechement": empechement}
    statut = 422 if request.method == "POST" else 200
    return render(request, "diagnostic/prolongation_retirer.html", contexte, status=statut)


def _dire_les_changements(request: HttpRequest, campagne: Campagne, fait: str, changes: int) -> HttpResponse:
    combien = compte(changes, "établissement a une nouvelle date,établissements ont une nouvelle date")
    messages.success(request, f"{fait}\u00a0: {combien}." if changes else f"{fait}.")
    return redirect("campagne", campagne.pk)
