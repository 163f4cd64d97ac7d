"""The schools of a territory as rows: of the list, of the heat table, and of their files."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from strategie.pilotage.interfaces.filtres_du_territoire import Filtres
from strategie.pilotage.models import SyntheseEtablissement
from strategie.pilotage.queries.etablissements_du_territoire import EcoleComptee, PageDEcoles
from strategie.socle.droits import Droit
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.interfaces.pdf import rendre_pdf
from strategie.socle.models import Etablissement
from strategie.socle.rules import quantieme

NB = "\u00a0"
NON_ETABLI = "non établi"
ETATS = {str(e.value): str(e.label) for e in SyntheseEtablissement.Diagnostic}
NON_SIGNE = SafeString(
    '<td class="chaleur vide"><span aria-hidden="true">–</span><span class="visually-hidden">non signé</span></td>'
)
CLASSES = {"signe": "etiquette fait", "brouillon": "etiquette attention"}


def etat_en_mots(comptee: EcoleComptee) -> str:
    """In a narrow column: « signé le 3 nov. », the school year being said above; « fermé » if it has closed."""
    dit = ETATS[comptee.diagnostic].lower()
    if comptee.signe_le:
        dit = _signe_le(comptee.signe_le)
    return f"{dit}, fermé" if comptee.ecole.etat == Etablissement.Etat.FERME else dit


@cache
def _signe_le(jour: datetime.date) -> str:
    return f"signé le {quantieme(jour)} {date_format(jour, 'N')}".replace(" ", NB)


def etiquette(comptee: EcoleComptee) -> SafeString:
    classe = CLASSES.get(comptee.diagnostic, "etiquette")
    return format_html('<span class="{}">{}</span>', classe, etat_en_mots(comptee))


# --- The heat table ------------------------------------------------------------------------------------------------
def cellule_de_chaleur(comptee: EcoleComptee, champ: str) -> SafeString:
    """The palier in words and by a pattern; what is not established beside it."""
    palier = comptee.paliers.get(champ)
    if palier is None:
        return NON_SIGNE
    return _cellule(palier, incertain=champ in comptee.non_etablis)


@cache
def _cellule(palier: int, *, incertain: bool) -> SafeString:
    suite = format_html("<small>{}{}{}</small>", palier + 1, NB, NON_ETABLI) if incertain else ""
    return format_html('<td class="chaleur c{}"><strong>{}</strong>{}</td>', palier, palier, suite)


@dataclass(frozen=True)
class Entete:
    """The heading of a column that sorts; `sens`: « ascending », « descending » or nothing."""

    libelle: str
    adresse: str
    sens: str


def entetes_de_chaleur(filtres: Filtres) -> list[Entete]:
    """By name first; a champ sorts from its highest palier, then from its lowest."""
    tri = filtres.tri
    entetes = [Entete("Établissement", filtres.adresse(tri=""), "" if tri.champ else "ascending")]
    for champ, _ in filtres.questions.champs if filtres.questions else ():
        ici = tri.champ == champ.code
        suivant = champ.code if ici and tri.decroissant else f"-{champ.code}"
        sens = ("descending" if tri.decroissant else "ascending") if ici else ""
        entetes.append(Entete(champ.libelle, filtres.adresse(tri=suivant), sens))
    return entetes


def corps_de_chaleur(page: PageDEcoles, filtres: Filtres, adresse: str) -> SafeString:
    """Rows by hundreds: written without a template for each cell. `adresse`: of a school, with « UAI » in its place."""
    return format_html_join(
        "\n",
        '<tr><th scope="row"><a href="{}">{}</a> <span class="discret">{}</span></th>{}<td>{}</td></tr>',
        (
            (
                adresse.replace("0000000A", comptee.ecole.uai),
                comptee.ecole.nom,
                comptee.ecole.commune,
                SafeString("".join(cellule_de_chaleur(comptee, champ) for champ in filtres.champs)),
                etiquette(comptee),
            )
            for comptee in page.ecoles
        ),
    )


# --- On paper -----------------------------------------------------------------------------------------------------
def imprimer_la_liste(filtres: Filtres, ecoles: Sequence[EcoleComptee], jour: datetime.date) -> bytes:
    lignes = [(comptee.ecole, etat_en_mots(comptee)) for comptee in ecoles]
    return _imprimer("pilotage/pdf/etablissements.html", "Établissements", filtres, jour, lignes)


def imprimer_la_chaleur(filtres: Filtres, ecoles: Sequence[EcoleComptee], jour: datetime.date) -> bytes:
    lignes = [
        (
            comptee.ecole,
            [(comptee.paliers.get(champ), champ in comptee.non_etablis) for champ in filtres.champs],
            etat_en_mots(comptee),
        )
        for comptee in ecoles
    ]
    return _imprimer(
        "pilotage/pdf/carte_de_chaleur.html", "Paliers par établissement et par champ", filtres, jour, lignes
    )


def _imprimer(gabarit: str, titre: str, filtres: Filtres, jour: datetime.date, lignes: Sequence[object]) -> bytes:
    territoire = filtres.territoire
    contexte = {"territoire": territoire, "filtres": filtres, "jour": jour, "lignes": lignes, "titre_h1": titre}
    return rendre_pdf(gabarit, contexte, titre=f"{titre} · {territoire.titre}", auteur="Paliers")


# --- The files -----------------------------------------------------------------------------------------------------
def colonnes_des_ecoles(filtres: Filtres) -> list[Colonne[EcoleComptee]]:
    """Diagnostics for those who may read them; the others get the schools alone."""
    colonnes: list[Colonne[EcoleComptee]] = [
        Colonne("UAI", lambda ligne: ligne.ecole.uai),
        Colonne("Établissement", lambda ligne: ligne.ecole.nom),
        Colonne("Type", lambda ligne: ligne.ecole.get_type_display()),
        Colonne("État", lambda ligne: ligne.ecole.get_etat_display()),
        Colonne("Commune", lambda ligne: ligne.ecole.commune),
        Colonne("District", lambda ligne: ligne.ecole.district.nom if ligne.ecole.district else ""),
        Colonne("Élèves", lambda ligne: ligne.ecole.effectif),
    ]
    if Droit.LIRE_TABLEAUX not in filtres.territoire.droits:
        return colonnes
    colonnes += [
        Colonne(f"Diagnostic {filtres.annee}", lambda ligne: ETATS[ligne.diagnostic]),
        Colonne("Signé le", lambda ligne: ligne.signe_le),
    ]
    for champ, _ in filtres.questions.champs if filtres.questions else ():
        colonnes += _colonnes_d_un_champ(champ.code, champ.libelle)
    return colonnes


def _colonnes_d_un_champ(code: str, libelle: str) -> Sequence[Colonne[EcoleComptee]]:
    return (
        Colonne(f"Palier : {libelle}", lambda ligne: ligne.paliers.get(code)),
        Colonne(f"Palier suivant : {libelle}", lambda ligne: NON_ETABLI if code in ligne.non_etablis else ""),
    )
