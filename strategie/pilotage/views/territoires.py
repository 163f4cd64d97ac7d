"""Dashboards of territories: what an animateur and the rectorat open in the morning."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from strategie.pilotage.interfaces.carte import CarteDuTerritoire
from strategie.pilotage.interfaces.carte_en_fichier import Planche
from strategie.pilotage.interfaces.conditionnel import cle_du_contenu, etag_du_territoire, si_change
from strategie.pilotage.interfaces.ecoles_du_territoire import (
    colonnes_des_ecoles,
    corps_de_chaleur,
    entetes_de_chaleur,
    etiquette,
    imprimer_la_chaleur,
    imprimer_la_liste,
)
from strategie.pilotage.interfaces.exports_du_tableau import (
    COLONNES,
    fichier,
    lignes_exportees,
    nom_du_fichier,
    rendre_pdf_du_tableau,
)
from strategie.pilotage.interfaces.filtres_du_territoire import Filtres, lire_filtres, lisible
from strategie.pilotage.interfaces.tableau_du_territoire import TITRES, PageDuTableau
from strategie.pilotage.queries.carte import ecoles_situees
from strategie.pilotage.queries.etablissements_du_territoire import (
    TAILLE_CARTE,
    Tri,
    ecoles_du_territoire,
    lettres_de,
    page_d_ecoles,
    toutes_les_ecoles,
)
from strategie.pilotage.queries.tableau_du_territoire import (
    ACADEMIES_MINIMUM,
    SEUIL_DES_BUDGETS,
    SEUIL_DES_REPARTITIONS,
    annee_lue,
    lire_tableau,
)
from strategie.pilotage.queries.territoires import Territoire, territoire_ou_404, territoires_de
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import reponse_csv, reponse_xlsx

LECTURE = (Droit.LIRE_TABLEAUX, Droit.LIRE_TABLEAU_DU_PARC)
SEUILS = {"repartitions": SEUIL_DES_REPARTITIONS, "budgets": SEUIL_DES_BUDGETS, "academies": ACADEMIES_MINIMUM}
UNE_ECOLE = "0000000A"
# A page of thirty: what lays out paper takes time and memory for each line.
ECOLES_IMPRIMEES = 250
TROP_D_ECOLES = (
    f"Le PDF s'arrête à {ECOLES_IMPRIMEES}\u00a0établissements, et ce choix en compte davantage\u00a0: filtrez-le, "
    "choisissez un territoire plus petit, ou prenez le classeur (XLSX), qui les a tous."
)


@require_safe
def territoires(request: HttpRequest) -> HttpResponse:
    """Those that the person follows; straight to the only one."""
    siens = territoires_de(request.user)
    if not siens:
        raise PermissionDenied("Votre rôle ne suit aucun territoire.")
    if len(siens) == 1:
        return redirect("tableau_territoire", siens[0].niveau, siens[0].cle)
    lit_la_nation = any(Droit.LIRE_TABLEAUX in territoire.droits for territoire in siens)
    return render(request, "pilotage/territoires/territoires.html", {"siens": siens, "lit_la_nation": lit_la_nation})


@require_safe
def calculs(request: HttpRequest) -> HttpResponse:
    """How each figure is made, in one page."""
    contexte = {"seuils": SEUILS, "calculs": list(TITRES.items())}
    return render(request, "pilotage/territoires/calculs.html", contexte)


# --- At a glance ---------------------------------------------------------------------------------------------------
@require_safe
def tableau(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    """A territory in one page; a browser that has seen it asks whether it has changed."""
    territoire = territoire_ou_404(request, niveau, cle, *LECTURE)

    def rendre() -> HttpResponse:
        cle_gardee = cle_du_contenu(territoire, request.GET.get("annee", ""))
        contenu = caches["memoire"].get_or_set(cle_gardee, lambda: _contenu(request, territoire))
        return render(request, "pilotage/territoires/tableau.html", {"territoire": territoire, "contenu": contenu})

    return si_change(request, etag_du_territoire(request, territoire), rendre)


def _contenu(request: HttpRequest, territoire: Territoire) -> SafeString:
    """Nothing of the reader but her rights: the process keeps it for the next one."""
    page, voulue = _page(request, territoire), lisible(request.GET.get("annee", ""))
    contexte = {
        "territoire": territoire,
        "page": page,
        "annee_inconnue": voulue if voulue not in ("", *page.tableau.annees) else "",
        "lit_les_tableaux": Droit.LIRE_TABLEAUX in territoire.droits,
        "seuils": SEUILS,
    }
    return render_to_string("pilotage/territoires/_tableau.html", contexte)


@require_safe
def tableau_csv(request: HttpRequest, niveau: str, cle: int) -> HttpResponseBase:
    territoire = territoire_ou_404(request, niveau, cle, *LECTURE)
    page = _page(request, territoire)
    nom = nom_du_fichier("tableau", territoire, page.tableau.annee, "csv")
    return reponse_csv(nom, COLONNES, lignes_exportees(page))


@require_safe
def tableau_xlsx(request: HttpRequest, niveau: str, cle: int) -> HttpResponseBase:
    territoire = territoire_ou_404(request, niveau, cle, *LECTURE)
    page = _page(request, territoire)
    nom = nom_du_fichier("tableau", territoire, page.tableau.annee, "xlsx")
    return reponse_xlsx(nom, "Tableau", COLONNES, lignes_exportees(page))


@require_safe
def tableau_pdf(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    territoire = territoire_ou_404(request, niveau, cle, *LECTURE)
    page = _page(request, territoire)
    octets = rendre_pdf_du_tableau(page, _planche(page), SEUILS) if request.method != "HEAD" else b""
    return fichier(nom_du_fichier("tableau", territoire, page.tableau.annee, "pdf"), octets)


def _planche(page: PageDuTableau) -> Planche | None:
    """The map of all its schools; those of the nation are nobody's to read."""
    territoire, tableau = page.territoire, page.tableau
    if not territoire.detaille:
        return None
    filtres = lire_filtres(QueryDict(), territoire, tableau.annee, tableau.annees, None)
    ecoles = ecoles_du_territoire(territoire, tableau.annee, filtres.choix, filtres.texte, tableau.jour)
    carte = CarteDuTerritoire(territoire, ecoles_situees(ecoles, tableau.annee))
    return Planche(filtres, carte, tableau.jour, titree=False)


def _page(request: HttpRequest, territoire: Territoire) -> PageDuTableau:
    return PageDuTableau(lire_tableau(territoire, request.GET.get("annee", ""), timezone.localdate()))


# --- Behind the figures --------------------------------------------------------------------------------------------
def _filtres(request: HttpRequest, niveau: str, cle: int, *droits: Droit) -> Filtres:
    """The schools of the nation do not exist for anybody."""
    territoire = territoire_ou_404(request, niveau, cle, *droits)
    if not territoire.detaille:
        raise Http404("De la France entière, seuls les totaux se lisent.")
    annee, annees, questions = annee_lue(territoire, request.GET.get("annee", ""), timezone.localdate())
    return lire_filtres(request.GET, territoire, annee, annees, questions)


def _ecoles(filtres: Filtres) -> Any:
    return ecoles_du_territoire(filtres.territoire, filtres.annee, filtres.choix, filtres.texte, timezone.localdate())


@require_safe
def etablissements(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    """The schools behind a figure, by name, fifty at a time."""
    filtres = _filtres(request, niveau, cle, *LECTURE)
    ecoles = _ecoles(filtres)
    page = page_d_ecoles(ecoles, filtres.annee, filtres.champs, apres=filtres.apres)
    contexte = {
        "territoire": filtres.territoire,
        "filtres": filtres,
        "page": page,
        "nombre": ecoles.count(),
        "lignes": [(comptee.ecole, etiquette(comptee)) for comptee in page.ecoles],
        "lit_les_tableaux": Droit.LIRE_TABLEAUX in filtres.territoire.droits,
    }
    return render(request, "pilotage/territoires/etablissements.html", contexte)


@require_safe
def carte_de_chaleur(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    """Schools × champs, a hundred at a time: sorted, filtered, never a ranking."""
    filtres = _filtres(request, niveau, cle, Droit.LIRE_TABLEAUX)
    ecoles = _ecoles(filtres)
    page = page_d_ecoles(
        ecoles, filtres.annee, filtres.champs,
        apres=filtres.apres, lettre=filtres.lettre, tri=filtres.tri, taille=TAILLE_CARTE,
    )  # fmt: skip
    longue = (page.suivante or not page.debut) and not filtres.tri.champ
    contexte = {
        "territoire": filtres.territoire,
        "filtres": filtres,
        "page": page,
        "entetes": entetes_de_chaleur(filtres),
        "corps": corps_de_chaleur(page, filtres, reverse("etablissement", args=[UNE_ECOLE])),
        "lettres": lettres_de(ecoles) if longue else [],
    }
    return render(request, "pilotage/territoires/carte_de_chaleur.html", contexte)


@require_safe
def etablissements_csv(request: HttpRequest, niveau: str, cle: int) -> HttpResponseBase:
    return _exporter(request, niveau, cle, "csv", reponse_csv)


@require_safe
def etablissements_xlsx(request: HttpRequest, niveau: str, cle: int) -> HttpResponseBase:
    return _exporter(request, niveau, cle, "xlsx", lambda nom, *suite: reponse_xlsx(nom, "Établissements", *suite))


def _exporter(
    request: HttpRequest, niveau: str, cle: int, extension: str, repondre: Callable[..., HttpResponseBase]
) -> HttpResponseBase:
    """All the schools that answer to the filters, whatever their number."""
    filtres = _filtres(request, niveau, cle, *LECTURE)
    lignes = toutes_les_ecoles(_ecoles(filtres), filtres.annee, filtres.champs)
    nom = nom_du_fichier("etablissements", filtres.territoire, filtres.annee, extension)
    return repondre(nom, colonnes_des_ecoles(filtres), lignes)


@require_safe
def etablissements_pdf(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    filtres = replace(_filtres(request, niveau, cle, *LECTURE), tri=Tri())
    return _imprimer(request, filtres, "etablissements_du_territoire", imprimer_la_liste)


@require_safe
def carte_de_chaleur_pdf(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    filtres = _filtres(request, niveau, cle, Droit.LIRE_TABLEAUX)
    return _imprimer(request, filtres, "carte_de_chaleur", imprimer_la_chaleur)


def _imprimer(request: HttpRequest, filtres: Filtres, page: str, imprimer: Callable[..., bytes]) -> HttpResponse:
    """All the schools that answer to the filters, in the page's order; too many, and the page says where to go."""
    territoire = filtres.territoire
    lues = page_d_ecoles(_ecoles(filtres), filtres.annee, filtres.champs, tri=filtres.tri, taille=ECOLES_IMPRIMEES)
    if lues.suivante:
        messages.warning(request, TROP_D_ECOLES)
        return redirect(reverse(page, args=[territoire.niveau, territoire.cle]) + filtres.adresse())
    octets = imprimer(filtres, lues.ecoles, timezone.localdate()) if request.method != "HEAD" else b""
    return fichier(nom_du_fichier(page.replace("_", "-"), territoire, filtres.annee, "pdf"), octets)
