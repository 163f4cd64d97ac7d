"""Incidents: what does not work, to whom it was sent, how it ended."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budget.domain.equipements import Tenant
from budget.domain.incidents import (
    IncidentChange,
    clore_incident,
    lire_incident,
    modifier_incident,
    ouvrir_incident,
    rouvrir_incident,
)
from budget.interfaces.incidents import (
    ClotureForm,
    IncidentForm,
    IncidentModifieForm,
    LigneIncident,
    apres_la_cloture,
    filtres,
    lignes_d_incidents,
    signaler_le_changement,
)
from budget.models import Equipement, Incident, Lot
from budget.queries.incidents import (
    chose_de_l_incident,
    effectifs,
    filtrer,
    incidents_de,
    jours_hors_service_des_lots_nommes,
    lots_a_choisir,
    ouverts_de,
    ouverts_ou_de_l_annee,
)
from budget.queries.usages import terme_du_jour
from budget.rules.incidents import DEJA_CLOS, RIEN_A_SOI
from budget.views.acces import inventaire_ou_404
from plans.interfaces.indicateurs import signaler_le_refus
from plans.views.demande import cles_demandees, envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement

PAR_PAGE = 50


@require_safe
def incidents(request: HttpRequest, uai: str) -> HttpResponse:
    """Those open, the oldest first; then those closed this school year. Filters are in the address."""
    etablissement, jour = inventaire_ou_404(request, uai), timezone.localdate()
    annee = terme_du_jour(jour).annee
    de_l_annee = ouverts_ou_de_l_annee(incidents_de(etablissement), annee)
    choix = filtres(effectifs(de_l_annee), request.GET, request.path)
    page = Paginator(filtrer(de_l_annee, choix.choisis), PAR_PAGE).get_page(request.GET.get("page"))
    lignes = _lignes(etablissement, page)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "annee": annee,
        "groupes": [
            ("ouverts", "Ouverts", [ligne for ligne in lignes if ligne.incident.clos_le is None]),
            ("clos", f"Clos en {annee}", [ligne for ligne in lignes if ligne.incident.clos_le]),
        ],
        "page": page,
        "filtres": choix,
        "jours_des_lots": jours_hors_service_des_lots_nommes(etablissement, annee, jour),
    }
    return render(request, "budget/incidents.html", contexte)


@require_safe
def incident(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    etablissement = inventaire_ou_404(request, uai)
    (ligne,) = _lignes(etablissement, [get_object_or_404(incidents_de(etablissement), pk=cle)])
    contexte = {"etablissement": etablissement, "etape": "moyens", "ligne": ligne, "incident": ligne.incident}
    return render(request, "budget/incident.html", contexte)


@never_cache  # each page carries a new key: going back must not send the last one again
@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: HttpRequest, uai: str) -> HttpResponse:
    """On a thing (`?equipement=`), on a lot (`?lot=`), or on nothing that is counted."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    equipement, lot = _demandes(request, etablissement)
    formulaire = IncidentForm(
        envoye(request),
        jour=timezone.localdate(),
        equipement=equipement,
        lot=lot,
        lots=[] if etablissement.proprietaire_tenu else lots_a_choisir(etablissement),
        mainteneur=chose_de_l_incident(equipement, lot).mainteneur,
    )
    if request.method == "POST" and (ouvert := _ouvrir(request, etablissement, formulaire, equipement, lot)):
        suite = " L'équipement est dit «\u00a0à réparer\u00a0»." if ouvert.equipement_id else ""
        messages.success(request, f"L'incident est ouvert.{suite}")
        return redirect("incident", uai, ouvert.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "formulaire": formulaire, "equipement": equipement}
    contexte |= {"lot": lot, "deja": ouverts_de(equipement, lot)}
    contexte |= {"empechement": _rien_a_soi(etablissement, equipement, lot)}
    return render(request, "budget/incident_ouvrir.html", contexte, status=422 if request.method == "POST" else 200)


def _ouvrir(
    request: HttpRequest,
    etablissement: Etablissement,
    formulaire: IncidentForm,
    equipement: Equipement | None,
    lot: Lot | None,
) -> Incident | None:
    if not formulaire.is_valid():
        return None
    if choisi := formulaire.cleaned_data.get("lot"):
        lot = get_object_or_404(etablissement.lots.vivants(), pk=choisi)
    try:
        return ouvrir_incident(
            etablissement=etablissement,
            saisie=formulaire.saisie(),
            cle=formulaire.cleaned_data["cle"],
            tenant=_tenant(request, etablissement),
            maintenant=timezone.now(),
            equipement=equipement,
            lot=lot,
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
    return None


def _demandes(request: HttpRequest, etablissement: Etablissement) -> tuple[Equipement | None, Lot | None]:
    """What the address names, among the school's own."""
    equipements, lots = cles_demandees(request, "equipement"), cles_demandees(request, "lot")
    if equipements:
        siens = etablissement.equipements.vivants().select_related("lot", "salle")
        return get_object_or_404(siens, pk=min(equipements)), None
    return None, get_object_or_404(etablissement.lots.vivants(), pk=min(lots)) if lots else None


def _rien_a_soi(etablissement: Etablissement, equipement: Equipement | None, lot: Lot | None) -> str | None:
    """Why somebody who keeps her own things only has nothing to open here."""
    tenu = etablissement.proprietaire_tenu
    return RIEN_A_SOI if tenu and chose_de_l_incident(equipement, lot).proprietaire != tenu else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Its words, its dates, to whom it was sent, as long as it is open."""
    etablissement, tenu = _a_ecrire(request, uai, cle)
    formulaire = IncidentModifieForm(
        envoye(request), tenu=lire_incident(tenu), sur_une_ligne=tenu.equipement_id is not None
    )
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, tenu, formulaire):
        messages.success(request, "L'incident est enregistré.")
        return redirect("incident", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "incident": tenu, "formulaire": formulaire}
    contexte |= {"empechement": DEJA_CLOS if tenu.clos_le else None}
    return render(request, "budget/incident_modifier.html", contexte, status=formulaire.statut)


def _modifier(request: HttpRequest, tenu: Incident, formulaire: IncidentModifieForm) -> bool:
    try:
        conflits = modifier_incident(
            incident=tenu,
            base=formulaire.base(),
            saisie=formulaire.saisie(),
            tenant=_tenant(request, tenu.etablissement),
            maintenant=timezone.now(),
        )
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return False
    if conflits:
        tenu.refresh_from_db()
        formulaire.signaler(conflits, vars(lire_incident(tenu)))
    return not conflits


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clore(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """How it ended; the thing is said reusable, or to be retired, in the same act."""
    etablissement, tenu = _a_ecrire(request, uai, cle)
    initial = {"version": tenu.version, "clos_le": timezone.localdate()}
    formulaire = ClotureForm(envoye(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid() and (clos := _clore(request, tenu, formulaire)):
        messages.success(request, apres_la_cloture(clos))
        return redirect("incident", uai, cle)
    contexte = {"etablissement": etablissement, "etape": "moyens", "incident": tenu, "formulaire": formulaire}
    contexte |= {"empechement": DEJA_CLOS if tenu.clos_le and not formulaire.is_bound else None}
    return render(request, "budget/incident_clore.html", contexte, status=formulaire.statut)


def _clore(request: HttpRequest, tenu: Incident, formulaire: ClotureForm) -> Incident | None:
    try:
        clos = clore_incident(
            incident=tenu,
            version=formulaire.cleaned_data["version"],
            cloture=formulaire.cloture(),
            tenant=_tenant(request, tenu.etablissement),
            maintenant=timezone.now(),
        )
    except IncidentChange as refus:
        signaler_le_changement(formulaire, refus)
        return None
    except Empeche as refus:
        signaler_le_refus(formulaire, refus)
        return None
    if clos.equipement:
        clos.equipement.refresh_from_db()
    return clos


@require_POST
def rouvrir(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """For a closing made by mistake; what breaks again is a new incident."""
    etablissement, tenu = _a_ecrire(request, uai, cle)
    version = request.POST.get("version", "")
    try:
        rouvrir_incident(
            incident=tenu,
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            tenant=_tenant(request, etablissement),
        )
        messages.success(request, "L'incident est de nouveau ouvert, comme s'il n'avait pas été clos.")
    except Empeche as refus:
        messages.error(request, str(refus))
    return redirect("incident", uai, cle)


def _a_ecrire(request: HttpRequest, uai: str, cle: int) -> tuple[Etablissement, Incident]:
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    tenu = get_object_or_404(incidents_de(etablissement), pk=cle)
    tenu.etablissement = etablissement
    return etablissement, tenu


def _tenant(request: HttpRequest, etablissement: Etablissement) -> Tenant:
    return Tenant(request.user, etablissement.proprietaire_tenu)


def _lignes(etablissement: Etablissement, siens: Iterable[Incident]) -> list[LigneIncident]:
    return lignes_d_incidents(
        siens,
        timezone.localdate(),
        tient=etablissement.tient_l_inventaire,
        proprietaire=etablissement.proprietaire_tenu,
    )
