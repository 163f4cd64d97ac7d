"""The inventory's list, and its exports: what the address chooses, on screen or in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from budget.interfaces.classeur_inventaire import LIGNES_MAX, TROP, ecrire_inventaire
from budget.interfaces.colonnes import COLONNES
from budget.interfaces.panneaux import cases_des_colonnes, liens_des_filtres
from budget.interfaces.selection import (
    Selection,
    adresse_de_page,
    choisir,
    cle_demandee,
    colonnes_demandees,
    derriere,
    mots_cherches,
)
from budget.interfaces.tableau_inventaire import champs, corps_du_tableau, entetes
from budget.models import Equipement
from budget.queries.inventaire import Cle, Page, dans_l_ordre, filtrer, lire_parc, page
from budget.views.acces import inventaire_ou_404
from strategie.socle.interfaces.csv_en_sql import reponse_csv_en_sql
from strategie.socle.models import Etablissement

CLE_ILLISIBLE = "L'adresse de cette page n'a pas pu être lue\u00a0: voici le début de la liste."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Demande:
    """What is asked of a school's inventory, and the lines that answer."""

    etablissement: Etablissement
    selection: Selection
    lignes: QuerySet[Equipement]


@require_safe
def inventaire(request: HttpRequest, uai: str) -> HttpResponse:
    """What the school has first, then its lines, fifty at a time."""
    demande = _demande(request, uai)
    selection, etablissement = demande.selection, demande.etablissement
    sens, cle = cle_demandee(request.GET)
    feuillet = _page(demande, sens, cle)
    tient = _tenue_par(etablissement) if etablissement.tient_l_inventaire else None
    coches = "coches" in request.GET
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "selection": selection,
        "avis": [*selection.avis, *([CLE_ILLISIBLE] if sens and not cle else [])],
        "corps": corps_du_tableau(feuillet.lignes, selection.colonnes, uai, tient=tient, coches=coches),
        "entetes": entetes(selection.colonnes),
        "liens_des_filtres": liens_des_filtres(selection.groupes),
        "cases_des_colonnes": cases_des_colonnes(selection.colonnes),
        "tient": tient is not None,
        "coches": coches,
        **_liens(request, selection, feuillet),
    }
    return render(request, "budget/inventaire.html", contexte)


@require_safe
def en_csv(request: HttpRequest, uai: str) -> StreamingHttpResponse:
    """Every line that answers, as it is made."""
    demande = _demande(request, uai)
    colonnes = colonnes_demandees(request.GET) or COLONNES
    return reponse_csv_en_sql(
        f"inventaire-{uai}.csv", [colonne.en_base for colonne in colonnes], dans_l_ordre(demande.lignes)
    )


@require_safe
def en_xlsx(request: HttpRequest, uai: str) -> HttpResponse | FileResponse:
    """The same as a workbook, as far as a workbook goes."""
    demande = _demande(request, uai)
    colonnes = colonnes_demandees(request.GET) or COLONNES
    if demande.lignes.count() > LIGNES_MAX:
        messages.error(request, TROP)
        return redirect(reverse("inventaire", args=[uai], query=request.GET))
    lignes = dans_l_ordre(demande.lignes).values_list(*(colonne.valeur for colonne in colonnes))
    fichier = ecrire_inventaire(colonnes, lignes.iterator(chunk_size=2000))
    return FileResponse(fichier, content_type=XLSX, as_attachment=True, filename=f"inventaire-{uai}.xlsx")


def _demande(request: HttpRequest, uai: str) -> Demande:
    etablissement, jour = inventaire_ou_404(request, uai), timezone.localdate()
    mots = mots_cherches(request.GET).split()
    parc = lire_parc(etablissement, mots, jour, derriere(request.GET, jour))
    selection = choisir(parc, request.GET, reverse("inventaire", args=[uai]), jour)
    return Demande(etablissement, selection, filtrer(etablissement, selection.choisis, mots, jour))


def _page(demande: Demande, sens: str, cle: Cle | None) -> Page:
    """What follows a key; the first page when nothing follows it any more."""
    colonnes = champs(demande.selection.colonnes)
    if cle:
        trouvee = page(demande.lignes, colonnes, **{sens: cle})
        if trouvee.lignes:
            return trouvee
    return page(demande.lignes, colonnes)


def _tenue_par(etablissement: Etablissement) -> Callable[[str], bool]:
    """Whether the reader keeps the things of an owner: all of them, or hers."""
    tenu = etablissement.proprietaire_tenu
    return lambda proprietaire: not tenu or proprietaire == tenu


def _liens(request: HttpRequest, selection: Selection, feuillet: Page) -> dict[str, str]:
    chemin, uai = request.path, request.resolver_match.kwargs["uai"]
    ici = request.GET.copy()
    ici.pop("coches", None)
    retour = f"{chemin}?{ici.urlencode()}" if ici else chemin
    return {
        "suivante": adresse_de_page(selection, chemin, "apres", feuillet.apres) if feuillet.apres else "",
        "precedente": adresse_de_page(selection, chemin, "avant", feuillet.avant) if feuillet.avant else "",
        "retour": retour,
        "tout_cocher": f"{retour}{'&' if ici else '?'}coches=1#lignes",
        "csv": reverse("inventaire_csv", args=[uai], query=selection.parametres),
        "xlsx": reverse("inventaire_xlsx", args=[uai], query=selection.parametres),
        "etiquettes": reverse("etiquettes", args=[uai], query=selection.parametres),
    }
