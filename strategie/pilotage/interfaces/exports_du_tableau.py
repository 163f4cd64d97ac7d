"""A dashboard as files: one line a figure, or the page on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.text import slugify

from strategie.pilotage.interfaces.blocs_du_territoire import Cellule
from strategie.pilotage.interfaces.carte_en_fichier import Planche
from strategie.pilotage.interfaces.tableau_du_territoire import PageDuTableau
from strategie.pilotage.queries.territoires import Territoire
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.interfaces.pdf import rendre_pdf


def nom_du_fichier(sujet: str, territoire: Territoire, annee: str, extension: str) -> str:
    return f"{sujet}-{slugify(territoire.nom)}-{annee}.{extension}"


def fichier(nom: str, contenu: bytes | str, sorte: str = "application/pdf") -> HttpResponse:
    return HttpResponse(contenu, content_type=sorte, headers={"Content-Disposition": f'attachment; filename="{nom}"'})


@dataclass(frozen=True)
class LigneExportee:
    bloc: str
    table: str
    ligne: str
    colonne: str
    cellule: Cellule


COLONNES: tuple[Colonne[LigneExportee], ...] = (
    Colonne("Rubrique", lambda ligne: ligne.bloc),
    Colonne("Tableau", lambda ligne: ligne.table),
    Colonne("Ligne", lambda ligne: ligne.ligne),
    Colonne("Colonne", lambda ligne: ligne.colonne),
    Colonne("Valeur", lambda ligne: ligne.cellule.valeur),
    Colonne("Unité", lambda ligne: ligne.cellule.unite),
)


def lignes_exportees(page: PageDuTableau) -> Iterator[LigneExportee]:
    """One line a figure of the page; what the page does not show is not here either."""
    for bloc in page.blocs:
        for table in bloc.tables:
            for ligne in table.lignes:
                libelle = f"{ligne.libelle} ({ligne.precision})" if ligne.precision else ligne.libelle
                for colonne, cellule in zip(table.entetes[1:], ligne.cellules, strict=True):
                    yield LigneExportee(bloc.titre, table.legende, libelle, colonne, cellule)


def rendre_pdf_du_tableau(page: PageDuTableau, planche: Planche | None, seuils: Mapping[str, int]) -> bytes:
    """The page on paper, every line of its tables included, and its map where schools may be read."""
    territoire, jour = page.territoire, page.tableau.jour
    contexte = {"page": page, "planche": planche, "territoire": territoire, "jour": jour, "seuils": seuils}
    contexte["titre_h1"] = f"Tableau de bord {page.tableau.annee if page.tableau.annees else ''}"
    titre = f"Tableau de bord · {territoire.titre}"
    return rendre_pdf("pilotage/pdf/territoire.html", contexte, titre=titre, auteur="Paliers")
