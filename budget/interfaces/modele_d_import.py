"""The empty table to fill in: our own columns, and what each of them expects."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlsxwriter

from budget.interfaces.colonnes import COLONNES, ColonneInventaire
from budget.interfaces.lecture_d_inventaire import LONGUEURS
from budget.interfaces.sources_d_inventaire import MODE_D_EMPLOI
from budget.rules.equipements import NOMBRE_MAX
from strategie.socle.interfaces.exports import BOM
from strategie.socle.rules import decimal_en_phrase

FEUILLE = "Inventaire"
A_REMPLIR = tuple(colonne for colonne in COLONNES if colonne.importable)
CONSIGNES = (
    "Une ligne par chose numérotée (numéro de série ou étiquette), ou une ligne pour plusieurs choses pareilles\u00a0: "
    "dites alors leur nombre.",
    "Seule la désignation est nécessaire, ou à défaut la marque et le modèle. Une case vide n'efface rien.",
    "Une ligne se reconnaît à son numéro de série, sinon à son étiquette\u00a0: renvoyée avec un changement, elle "
    "change l'inventaire. Sans l'un ni l'autre, elle s'ajoute une fois, puis se modifie à l'écran.",
    "Une salle ou un lot que l'établissement n'a pas encore est créé. Ne notez aucun nom d'élève ni de personnel.",
    "Avant d'écrire, Paliers montre ce qui serait ajouté, changé ou refusé, case par case.",
)
EXPLICATIONS = {
    "categorie": "Un des mots de la liste ; un autre mot est deviné, sinon noté « Autre ».",
    "nombre": f"De 1 à {decimal_en_phrase(NOMBRE_MAX)} ; 1 si la case est vide.",
    "salle": "Le nom que tout le monde emploie : B12, CDI, Chariot 2.",
    "lot": "Ce qui est arrivé ensemble pour un même usage : Tablettes 2026.",
    "prix": "D'une seule chose, en euros : 349,90.",
    "etat": "Réutilisable si la case est vide.",
    "domaine": "Pédagogique si la case est vide.",
    "destination": "Où va ce qui est sorti.",
}
TEXTE_XLSX, LIGNES_PREVUES = "@", 1_000


def modele_csv() -> str:
    return BOM + ";".join(colonne.entete for colonne in A_REMPLIR) + "\r\n"


def modele_xlsx() -> bytes:
    """Columns of text, so that no number loses its zeros; lists where words are expected; then how to fill it in."""
    sortie = io.BytesIO()
    classeur = xlsxwriter.Workbook(sortie, {"in_memory": True})
    titre = classeur.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    texte = classeur.add_format({"num_format": TEXTE_XLSX})
    long = classeur.add_format({"text_wrap": True, "valign": "top"})
    feuille = classeur.add_worksheet(FEUILLE)
    feuille.freeze_panes(1, 1)
    for place, colonne in enumerate(A_REMPLIR):
        feuille.set_column(place, place, max(14, len(colonne.entete) // 2 + 8), texte)
        feuille.write_string(0, place, colonne.entete, titre)
        if colonne.choix and sum(len(mot) + 1 for mot in colonne.choix.values()) < 255:  # Excel's own limit
            liste = {"validate": "list", "source": list(colonne.choix.values()), "error_type": "information"}
            feuille.data_validation(1, place, LIGNES_PREVUES, place, liste)
    aide = classeur.add_worksheet(MODE_D_EMPLOI)
    aide.set_column(0, 0, 34, long)
    aide.set_column(1, 1, 90, long)
    for rang, (nom, explication) in enumerate(_aide()):
        aide.write_string(rang, 0, nom, titre if not rang else long)
        aide.write_string(rang, 1, explication, long)
    classeur.close()
    return sortie.getvalue()


def _aide() -> Iterator[tuple[str, str]]:
    yield "Comment remplir", CONSIGNES[0]
    yield from (("", consigne) for consigne in CONSIGNES[1:])
    yield from ((colonne.entete, attendu(colonne)) for colonne in A_REMPLIR)


def attendu(colonne: ColonneInventaire) -> str:
    """What a cell of this column may hold, in a sentence."""
    dites = [EXPLICATIONS[colonne.code]] if colonne.code in EXPLICATIONS else []
    if colonne.choix:
        dites.append(f"Valeurs : {', '.join(colonne.choix.values())}.")
    elif colonne.code.endswith(("_le", "_au")):
        dites.append("Une date : 01/09/2026 ou 2026-09-01.")
    elif colonne.code in LONGUEURS:
        dites.append(f"{LONGUEURS[colonne.code]} caractères au plus.")
    return " ".join(dites)
