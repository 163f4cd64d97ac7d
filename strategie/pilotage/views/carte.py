"""The map of a territory's schools."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from strategie.pilotage.interfaces.carte import CarteDuTerritoire
from strategie.pilotage.interfaces.carte_en_fichier import Planche, ecrire_svg, rendre_pdf_de_la_carte
from strategie.pilotage.interfaces.conditionnel import etag_du_territoire, si_change
from strategie.pilotage.interfaces.exports_du_tableau import fichier, nom_du_fichier
from strategie.pilotage.interfaces.filtres_du_territoire import Filtres, lire_filtres
from strategie.pilotage.queries.carte import ecoles_situees
from strategie.pilotage.queries.etablissements_du_territoire import ecoles_du_territoire
from strategie.pilotage.queries.tableau_du_territoire import annee_lue
from strategie.pilotage.queries.territoires import Territoire, territoire_ou_404
from strategie.socle.droits import Droit
from strategie.socle.interfaces.cartes import boite_lue

PROPRES = ("champ", "cadre")  # what this page asks besides the filters of the lists


@require_safe
def carte(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    """Schools by themselves, or by places where they are many; a place opens a closer look."""
    territoire = _territoire(request, niveau, cle)

    def rendre() -> HttpResponse:
        return render(request, "pilotage/territoires/carte.html", _contexte(request, territoire))

    return si_change(request, etag_du_territoire(request, territoire), rendre)


@require_safe
def svg(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    """The same map, to be put in a report; a dashboard prints it."""
    territoire = _territoire(request, niveau, cle)

    def rendre() -> HttpResponse:
        planche = _planche(request, territoire)
        return fichier(_nom(planche, "svg"), ecrire_svg(planche), "image/svg+xml")

    return si_change(request, etag_du_territoire(request, territoire), rendre)


@require_safe
def pdf(request: HttpRequest, niveau: str, cle: int) -> HttpResponse:
    planche = replace(_planche(request, _territoire(request, niveau, cle)), titree=False)
    return fichier(_nom(planche, "pdf"), rendre_pdf_de_la_carte(planche) if request.method != "HEAD" else b"")


def _planche(request: HttpRequest, territoire: Territoire) -> Planche:
    lue = _contexte(request, territoire)
    return Planche(lue["filtres"], lue["carte"], timezone.localdate())


def _nom(planche: Planche, extension: str) -> str:
    return nom_du_fichier("carte", planche.carte.territoire, planche.filtres.annee, extension)


def _territoire(request: HttpRequest, niveau: str, cle: int) -> Territoire:
    territoire = territoire_ou_404(request, niveau, cle, Droit.LIRE_TABLEAUX, Droit.LIRE_TABLEAU_DU_PARC)
    if not territoire.detaille:
        raise Http404("De la France entière, seuls les totaux se lisent.")
    return territoire


def _contexte(request: HttpRequest, territoire: Territoire) -> dict[str, Any]:
    annee, annees, questions = annee_lue(territoire, request.GET.get("annee", ""), timezone.localdate())
    demande = request.GET.copy()
    champ, cadre = (demande.pop(nom, [""])[-1] for nom in PROPRES)
    filtres = lire_filtres(demande, territoire, annee, annees, questions)
    connu, boite = champ in filtres.champs, boite_lue(cadre)
    ignores = [*filtres.ignores, *(mot[:60] for mot, bon in ((champ, connu), (cadre, boite)) if mot and not bon)]
    ecoles = ecoles_du_territoire(territoire, annee, filtres.choix, filtres.texte, timezone.localdate())
    gardes = _gardes(filtres, champ if connu else "")
    return {
        "territoire": territoire,
        "filtres": filtres,
        "ignores": ignores,
        "champs": [c for c, _ in questions.champs] if questions and filtres.champs else [],
        "champ": champ if connu else "",
        "gardes": gardes,
        "carte": CarteDuTerritoire(
            territoire=territoire,
            ecoles=ecoles_situees(ecoles, annee, champ if connu else ""),
            champ=champ if connu else "",
            cadre=boite,
            suite=f"{urlencode(gardes)}&" if gardes else "",
        ),
    }


def _gardes(filtres: Filtres, champ: str) -> list[tuple[str, str]]:
    """What a closer look keeps of this one."""
    gardes = [*filtres.caches, ("q", filtres.texte), ("champ", champ)]
    return [(nom, valeur) for nom, valeur in gardes if valeur]
