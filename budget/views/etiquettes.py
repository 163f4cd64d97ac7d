"""Labels of the inventory, and what opens when one is read."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from budget.domain.equipements import Tenant, constater
from budget.domain.etiquettes import numeroter
from budget.interfaces.agir import cles_cochees
from budget.interfaces.controle import SANS_SALLE
from budget.interfaces.etiquettes import FeuillesForm, rendre_etiquettes_pdf
from budget.interfaces.selection import Selection, choisir, derriere, mots_cherches
from budget.models import Equipement
from budget.queries.controle import siens
from budget.queries.etiquettes import a_numeroter, compter, etiquetees, par_etiquette
from budget.queries.inventaire import filtrer, lire_parc
from budget.rules.controle import debut_du_controle
from budget.rules.equipements import A_LA_FOIS
from budget.rules.etiquettes import PLANCHES
from budget.views.acces import inventaire_ou_404
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement

MONTREES = 12


@dataclass(frozen=True)
class Demande:
    """What the address chooses: the ticked lines, else those that answer to the same filters as the list's."""

    cles: frozenset[int]
    selection: Selection
    lignes: QuerySet[Equipement]


@require_http_methods(["GET", "HEAD", "POST"])
def etiquettes(request: HttpRequest, uai: str) -> HttpResponse:
    """Which things, as the address says; a POST gives a tag to those of them that have none."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    demande = _demande(request, etablissement)
    if request.method == "POST":
        _numeroter(request, etablissement, demande.lignes)
        return redirect(request.get_full_path())
    return render(request, "budget/etiquettes.html", _contexte(etablissement, demande))


@require_safe
def pdf(request: HttpRequest, uai: str) -> HttpResponse:
    """The sheets; where nothing has a tag, back to the page that gives some."""
    etablissement = inventaire_ou_404(request, uai, ecrire=True)
    demande = _demande(request, etablissement)
    lignes = etiquetees(demande.lignes)
    feuilles = FeuillesForm(FeuillesForm.D_OFFICE | request.GET.dict(), nombre=(nombre := lignes.count()))
    if not nombre:
        return redirect(f"{reverse('etiquettes', args=[uai])}?{request.GET.urlencode()}")
    if not feuilles.is_valid():
        return render(request, "budget/etiquettes.html", _contexte(etablissement, demande, feuilles), status=422)
    planche, premiere = PLANCHES[feuilles.cleaned_data["planche"]], feuilles.cleaned_data["premiere"]
    choses = () if request.method == "HEAD" else lignes[feuilles.tranche]

    def adresse(etiquette: str) -> str:
        return request.build_absolute_uri(reverse("equipement_scan", args=[uai, etiquette]))

    octets = rendre_etiquettes_pdf(etablissement, choses, planche, premiere, adresse) if choses else b""
    entetes = {"Content-Disposition": f'attachment; filename="etiquettes-{uai}.pdf"'}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)


@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest, uai: str, etiquette: str) -> HttpResponse:
    """What a label opens: its sheet; or first, while this year's check is not done, the check of its room too."""
    etablissement = inventaire_ou_404(request, uai, ecrire=request.method == "POST")
    chose = par_etiquette(etablissement, etiquette)
    if chose is None:
        contexte = {"etablissement": etablissement, "etape": "moyens", "etiquette": etiquette}
        return render(request, "budget/scan_inconnu.html", contexte, status=404)
    if request.method == "POST":
        _noter_vu(request, etablissement, chose)
        return redirect("equipement", uai, chose.pk)
    annee = annee_scolaire(timezone.localdate())
    deja = chose.vu_le is not None and chose.vu_le >= debut_du_controle(annee)
    tenue = etablissement.tient_l_inventaire and etablissement.proprietaire_tenu in ("", chose.proprietaire)
    if deja or not tenue or chose.etat == Equipement.Etat.SORTI:
        return redirect("equipement", uai, chose.pk)
    contexte = {"etablissement": etablissement, "etape": "moyens", "chose": chose, "annee": annee}
    contexte["salle"] = chose.salle_id or SANS_SALLE
    return render(request, "budget/scan.html", contexte)


def _numeroter(request: HttpRequest, etablissement: Etablissement, lignes: QuerySet[Equipement]) -> None:
    cles = list(a_numeroter(lignes).values_list("pk", flat=True)[:A_LA_FOIS])
    tenant = Tenant(request.user, etablissement.proprietaire_tenu)
    try:
        numerotees = numeroter(etablissement=etablissement, cles=cles, tenant=tenant)
    except Empeche as refus:
        messages.error(request, str(refus))
        return
    if numerotees:
        de, a = numerotees[0].etiquette, numerotees[-1].etiquette
        bornes = f"de {de} à {a}" if len(numerotees) > 1 else de
        messages.success(request, f"C'est numéroté\u00a0: {bornes}. Imprimez les étiquettes et collez-les.")
    else:
        messages.warning(request, "Tout a déjà une étiquette.")


def _noter_vu(request: HttpRequest, etablissement: Etablissement, chose: Equipement) -> None:
    tenant = Tenant(request.user, etablissement.proprietaire_tenu)
    try:
        constater(etablissement=etablissement, cles=[chose.pk], tenant=tenant, maintenant=timezone.now())
        messages.success(request, "C'est noté\u00a0: vu aujourd'hui.")
    except Empeche as refus:
        messages.error(request, str(refus))


def _demande(request: HttpRequest, etablissement: Etablissement) -> Demande:
    jour, cles = timezone.localdate(), cles_cochees(request.GET)
    mots = mots_cherches(request.GET).split()
    chemin = reverse("etiquettes", args=[etablissement.uai])
    parc = lire_parc(etablissement, mots, jour, derriere(request.GET, jour))
    selection = choisir(parc, request.GET, chemin, jour)
    lignes = siens(etablissement, etablissement.proprietaire_tenu)
    if cles:
        return Demande(cles, selection, lignes.filter(pk__in=cles))
    return Demande(cles, selection, lignes & filtrer(etablissement, selection.choisis, mots, jour))


def _contexte(etablissement: Etablissement, demande: Demande, refusees: FeuillesForm | None = None) -> dict[str, Any]:
    comptes = compter(demande.lignes)
    return {
        "etablissement": etablissement,
        "etape": "moyens",
        "cles": sorted(demande.cles),
        "selection": demande.selection,
        "comptes": comptes,
        "a_la_fois": min(comptes.sans, A_LA_FOIS),
        "montrees": etiquetees(demande.lignes)[:MONTREES],
        "feuilles": refusees or FeuillesForm(None, nombre=comptes.pretes),
    }
