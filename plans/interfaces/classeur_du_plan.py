"""The workbook of a plan: sheets to change and to send back, then the seed's table and its matrix to read."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from plans.interfaces.feuilles_du_plan import (
    FACTEURS,
    FEUILLES,
    INDICATEURS,
    PLAN,
    RELEVES,
    Cellule,
    ColonneDuPlan,
    FeuilleDuPlan,
    Mots,
    montrer,
    repere,
)
from plans.interfaces.tableau_du_plan import COLONNES
from plans.interfaces.tableau_en_mots import COLONNES_MATRICE, LigneEnMots, matrice_en_mots
from plans.queries.echanges import PlanTenu, Tenu, Valeurs
from plans.queries.matrice import LigneMatrice
from strategie.socle.models import Etablissement

FORMULAIRE = 1  # grows when an older workbook could no longer be read
TABLEAU, MATRICE, MODE_D_EMPLOI, LISTES = "Tableau", "Matrice", "Mode d'emploi", "Listes"
A_LIRE = (TABLEAU, MATRICE, MODE_D_EMPLOI, LISTES)
REFERENCE, CONSIGNE, ENTETE = 0, 1, 2
LIGNES_EN_PLUS = 300  # rows below the last one that offer the lists too
HAUTEUR_MAX = 400.0
FORME_REFERENCE = re.compile(r"Plan Paliers (?P<formulaire>[0-9]{1,9}) · (?P<uai>[0-9]{7}[A-Z]) ·")
CONSIGNES = (
    "Changez les feuilles «\u00a0Plan\u00a0», «\u00a0Indicateurs\u00a0», «\u00a0Facteurs de réussite\u00a0» et "
    "«\u00a0Relevés\u00a0», puis renvoyez ce classeur à Paliers, page «\u00a0Importer\u00a0».",
    "Tout est vérifié avant d'être écrit\u00a0: Paliers montre chaque case changée, son ancienne et sa nouvelle "
    "valeur, et vous confirmez. À la moindre erreur, rien n'est écrit.",
    "Laissez les colonnes «\u00a0Identifiant\u00a0» et «\u00a0Version\u00a0» telles quelles\u00a0: elles disent quelle "
    "ligne est quoi, et évitent d'écraser ce qu'un collègue a changé depuis.",
    "Une case vidée efface ce qu'elle disait. Une ligne ôtée du classeur ne change rien\u00a0: une action se retire à "
    "l'écran.",
    "Une action nouvelle arrive en brouillon, sauf si son état dit autre chose et que rien ne lui manque.",
    "Les colonnes grisées, et les feuilles «\u00a0Tableau\u00a0» et «\u00a0Matrice\u00a0», se lisent seulement.",
    "N'ôtez, n'ajoutez et ne renommez aucune colonne. Les dates s'écrivent JJ/MM/AAAA. Enregistrez en .xlsx ou .ods.",
    "Ne notez ni nom d'élève, ni donnée de santé.",
)
# A fixed date, so that the same plan always gives the same bytes.
CREE_LE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 (the format knows no time zone)


def reference(etablissement: Etablissement, annee: str | None) -> str:
    """The line that says which school a workbook is of, and that an import reads back."""
    nom = " ".join(etablissement.nom.split())
    return f"Plan Paliers {FORMULAIRE} · {etablissement.uai} · {nom} · {annee or 'toutes les années'}"


# --- Rows ----------------------------------------------------------------------------------------------------------
def rangees(plan: PlanTenu, annee: str | None = None) -> dict[str, list[Valeurs]]:
    """What each sheet holds, row by row; of one school year, or of all."""
    actions = {cle: une for cle, une in plan.vivantes.items() if annee is None or _dans(une.valeurs, annee)}
    indicateurs = {cle: un for cle, un in plan.indicateurs.items() if not un.en_corbeille and _de(un, actions)}
    facteurs = {cle: un for cle, un in plan.facteurs.items() if _de(un, actions)}
    releves = {cle: un for cle, un in plan.releves.items() if cle[0] in indicateurs}
    return {
        PLAN.nom: [rangee(PLAN, plan, une) for une in actions.values()],
        INDICATEURS.nom: [rangee(INDICATEURS, plan, un) for un in _ranges(indicateurs, actions)],
        FACTEURS.nom: [rangee(FACTEURS, plan, un) for un in _ranges(facteurs, actions)],
        RELEVES.nom: [rangee(RELEVES, plan, releves[cle]) for cle in sorted(releves, key=lambda cle: (cle[0], cle[1]))],
    }


def rangee(feuille: FeuilleDuPlan, plan: PlanTenu, tenu: Tenu) -> Valeurs:
    """The fields of a row, with what its sheet alone says."""
    if feuille is RELEVES:
        return {**tenu.valeurs, "version": tenu.version.isoformat()}
    propres: dict[str, Any] = {"identifiant": repere(feuille.prefixe, tenu.cle), "version": tenu.version}
    if feuille is INDICATEURS:
        dernier = plan.derniers_releves.get(tenu.cle)
        propres["derniere"] = dernier.valeurs["valeur"] if dernier else None
        propres["derniere_le"] = dernier.valeurs["date"] if dernier else None
    return {**tenu.valeurs, **propres}


def _dans(valeurs: Valeurs, annee: str) -> bool:
    return bool(valeurs["annee_scolaire"] <= annee <= valeurs["annee_fin"])


def _de(tenu: Tenu, actions: Mapping[int, Tenu]) -> bool:
    return tenu.valeurs["action"] in actions


def _ranges(tenus: Mapping[int, Tenu], actions: Mapping[int, Tenu]) -> list[Tenu]:
    """In the order of their actions."""
    rangs = {cle: rang for rang, cle in enumerate(actions)}
    return sorted(tenus.values(), key=lambda tenu: (rangs[tenu.valeurs["action"]], tenu.cle))


# --- The workbook ----------------------------------------------------------------------------------------------------
def ecrire_plan(
    etablissement: Etablissement,
    annee: str | None,
    plan: PlanTenu,
    tableau: Sequence[LigneEnMots],
    matrice: Sequence[LigneMatrice],
    annee_du_tableau: str,
) -> bytes:
    """The XLSX of a school year, or of all (`annee` is None), with the table and the matrix of one.

    Texts are written as texts: nothing typed by anyone is ever a formula.
    """
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        titre = reference(etablissement, annee)
        classeur.set_properties({"title": titre, "author": "Paliers", "created": CREE_LE})
        ecrivain = _Ecrivain(classeur, titre, Mots(plan))
        lignes = rangees(plan, annee)
        for feuille in FEUILLES:
            ecrivain.feuille(feuille, lignes[feuille.nom])
        ecrivain.a_lire(
            TABLEAU, COLONNES, (20, 30, 46, 26, 22, 42), [ligne.cellules for ligne in tableau],
            f"Le tableau du plan {annee_du_tableau}, comme à l'écran. Il se lit\u00a0: changez plutôt la feuille "
            "«\u00a0Plan\u00a0».",
        )  # fmt: skip
        ecrivain.a_lire(
            MATRICE, COLONNES_MATRICE, (24, 50, 50, 50), matrice_en_mots(matrice),
            f"Irritants, besoins et axes {annee_du_tableau}, comme à l'écran. Cette feuille se lit\u00a0: la matrice "
            "se change à l'écran.",
        )  # fmt: skip
        ecrivain.mode_d_emploi()
        ecrivain.listes()
    return sortie.getvalue()


class _Ecrivain:
    """One workbook on its way: its looks, and the lists that its cells offer."""

    def __init__(self, classeur: Workbook, titre: str, mots: Mots) -> None:
        self.classeur, self.titre, self.mots = classeur, titre, mots
        trait = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#c9c5ba"}
        gris = {"font_color": "#4a5968", "bg_color": "#f0eee8"}
        self.gras = classeur.add_format({"bold": True})
        self.note = classeur.add_format({"italic": True})
        self.entete = classeur.add_format(trait | {"bold": True, "bg_color": "#e4efed", "valign": "vcenter"})
        # « @ », and the quote: what is typed stays a text, be it « =… » or « 1/2 ».
        self.texte = classeur.add_format(trait | {"num_format": "@", "quote_prefix": True})
        self.jour = classeur.add_format(trait | {"num_format": "dd/mm/yyyy"})
        self.nombre = classeur.add_format(trait)
        self.lu = classeur.add_format(trait | gris | {"num_format": "@", "quote_prefix": True})
        self.jour_lu = classeur.add_format(trait | gris | {"num_format": "dd/mm/yyyy"})
        self.nombre_lu = classeur.add_format(trait | gris)
        self.choix: list[tuple[str, ...]] = []

    def feuille(self, feuille: FeuilleDuPlan, lignes: Sequence[Valeurs]) -> None:
        """To change: headings with their help, rows, lists."""
        page = self.classeur.add_worksheet(feuille.nom)
        self._tete(page, feuille.consigne, [(colonne.libelle, colonne.largeur) for colonne in feuille.colonnes])
        for place, colonne in enumerate(feuille.colonnes):
            if colonne.aide:
                page.write_comment(ENTETE, place, colonne.aide, {"author": "Paliers", "x_scale": 2})
            if colonne.choix:
                self._offrir(page, place, colonne, ENTETE + len(lignes) + LIGNES_EN_PLUS)
        for rang, valeurs in enumerate(lignes, start=ENTETE + 1):
            cellules = [(colonne, colonne.ecrire(valeurs, self.mots)) for colonne in feuille.colonnes]
            for place, (colonne, cellule) in enumerate(cellules):
                self._ecrire(page, rang, place, cellule, lue=colonne.lire is None)
            page.set_row(rang, hauteur((montrer(cellule), colonne.largeur) for colonne, cellule in cellules))
        self._pied(page, len(feuille.colonnes), ENTETE + len(lignes))

    def a_lire(
        self,
        nom: str,
        entetes: Sequence[str],
        largeurs: Sequence[int],
        lignes: Iterable[Sequence[str]],
        consigne: str,
    ) -> None:
        """Locked, without a password: what would be changed there would be lost."""
        page = self.classeur.add_worksheet(nom)
        self._tete(page, consigne, list(zip(entetes, largeurs, strict=True)))
        rang = ENTETE
        for rang, ligne in enumerate(lignes, start=ENTETE + 1):
            for place, cellule in enumerate(ligne):
                self._ecrire(page, rang, place, cellule, lue=False)
            page.set_row(rang, hauteur(zip(ligne, largeurs, strict=True)))
        self._pied(page, len(entetes), rang)
        page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})

    def mode_d_emploi(self) -> None:
        page = self.classeur.add_worksheet(MODE_D_EMPLOI)
        page.set_column(0, 0, 110)
        page.write_string(0, 0, "Changer le plan dans ce classeur", self.gras)
        for rang, consigne in enumerate(CONSIGNES, start=2):
            page.write_string(rang, 0, consigne, self.classeur.add_format({"text_wrap": True}))
        page.protect()
        page.set_paper(9)
        page.set_landscape()
        page.fit_to_pages(1, 1)

    def listes(self) -> None:
        """What the cells offer; a list written in a validation could not hold a comma."""
        page = self.classeur.add_worksheet(LISTES)
        for place, choix in enumerate(self.choix):
            page.write_column(0, place, choix)
        page.protect()
        page.hide()

    # --- Pieces ---
    def _tete(self, page: Worksheet, consigne: str, colonnes: Sequence[tuple[str, int]]) -> None:
        page.write_string(REFERENCE, 0, self.titre, self.gras)
        page.write_string(CONSIGNE, 0, consigne, self.note)
        for place, (libelle, largeur) in enumerate(colonnes):
            page.set_column(place, place, largeur)
            page.write_string(ENTETE, place, libelle, self.entete)
        page.set_row(ENTETE, 32)

    def _offrir(self, page: Worksheet, place: int, colonne: ColonneDuPlan, derniere: int) -> None:
        self.choix.append(colonne.choix)
        lettre = xlsxwriter.utility.xl_col_to_name(len(self.choix) - 1, col_abs=True)
        page.data_validation(
            ENTETE + 1,
            place,
            derniere,
            place,
            {
                "validate": "list",
                "source": f"={LISTES}!{lettre}$1:{lettre}${len(colonne.choix)}",
                "error_title": "Mot inconnu",
                "error_message": "Choisissez dans la liste.",
            },
        )

    def _ecrire(self, page: Worksheet, rang: int, place: int, cellule: Cellule, *, lue: bool) -> None:
        match cellule:
            case None | "":
                page.write_blank(rang, place, None, self.lu if lue else self.texte)
            case datetime.date():
                page.write_datetime(rang, place, cellule, self.jour_lu if lue else self.jour)
            case int() | Decimal():
                page.write_number(rang, place, cellule, self.nombre_lu if lue else self.nombre)
            case str():
                self._ecrire_texte(page, rang, place, cellule, self.lu if lue else self.texte)

    @staticmethod
    def _ecrire_texte(page: Worksheet, rang: int, place: int, texte: str, style: Format) -> None:
        if page.write_string(rang, place, texte, style):
            raise ValueError(f"A cell holds no text of {len(texte)} characters.")

    def _pied(self, page: Worksheet, largeur: int, derniere: int) -> None:
        page.freeze_panes(ENTETE + 1, 1)
        page.autofilter(ENTETE, 0, max(derniere, ENTETE + 1), largeur - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(ENTETE)
        page.set_footer(f"&L{self.titre.replace('&', '&&')}&RPage &P / &N")


def hauteur(cellules: Iterable[tuple[str, int]]) -> float:
    """Room for the longest text of a row, in points: spreadsheets do not all fit a row to what it holds."""
    lignes = max((_nombre_de_lignes(texte, largeur) for texte, largeur in cellules), default=1)
    return min(HAUTEUR_MAX, 15.0 * lignes)


def _nombre_de_lignes(texte: str, largeur: int) -> int:
    return sum(1 + len(ligne) // max(1, largeur - 2) for ligne in texte.split("\n"))


def etablissements_dits(textes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The version and the UAI of each line of reference."""
    for texte in textes:
        if len(texte) <= 1_000 and (forme := FORME_REFERENCE.search(texte)):
            yield int(forme["formulaire"]), forme["uai"]
