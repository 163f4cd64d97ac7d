"""The plan of training on screen, on paper and in a workbook: the same columns, the same totals."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from budget.domain.argent import euros
from budget.interfaces.formations import TRIMESTRES, equipes_en_mots
from budget.models import BesoinFormation, ReglagesFormation
from budget.queries.plan_formation import AnneeDuPlan, LigneDuPlanDeFormation, PlanDeFormation, Totaux
from strategie.socle.interfaces.pdf import rendre_pdf
from strategie.socle.models import Etablissement
from strategie.socle.rules import decimal_en_phrase

TITRE = "Plan d'accompagnement et de formation pluriannuel"
# Heading, width in the workbook, whether its cells are numbers.
COLONNES: tuple[tuple[str, int, bool], ...] = (
    ("Quand", 16, False),
    ("Formation", 46, False),
    ("Pour qui", 26, False),
    ("Modalité", 22, False),
    ("Où elle en est", 14, False),
    ("Personnes", 11, True),
    ("Heures par personne", 11, True),
    ("Heures en tout", 11, True),
    ("Heures de formateurs", 12, True),
    ("Coût (€)", 13, True),
    ("Action du plan", 34, False),
)
ENTETES = tuple(entete for entete, _, _ in COLONNES)
PREMIER_NOMBRE = next(rang for rang, (_, _, nombre) in enumerate(COLONNES) if nombre)
# A fixed date, so that the same plan always gives the same bytes.
CREE_LE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 (the format knows no time zone)
Cellule = str | int | Decimal


@dataclass(frozen=True)
class LigneDite:
    """`cellules` are in the order of the columns. On a page, the objective and the action stand under the title."""

    formation: BesoinFormation
    objectif: str
    cellules: tuple[Cellule, ...]

    @property
    def quand(self) -> Cellule:
        return self.cellules[0]

    @property
    def reste(self) -> list[tuple[str, bool, str]]:
        """After the title: the heading of each, whether it is a number, and what it says."""
        return [
            (entete, nombre, dite(entete, cellule))
            for (entete, _, nombre), cellule in zip(COLONNES[2:-1], self.cellules[2:-1], strict=True)
        ]

    @property
    def action(self) -> Cellule:
        return self.cellules[-1]


@dataclass(frozen=True)
class AnneeDite:
    annee: str
    lignes: tuple[LigneDite, ...]
    total: tuple[tuple[str, str], ...]


def dite(entete: str, cellule: Cellule) -> str:
    """A cell as people read it."""
    if entete == "Coût (€)" and isinstance(cellule, Decimal):
        return euros(cellule)
    return decimal_en_phrase(cellule) if isinstance(cellule, int | Decimal) else cellule


def modalite_courte(formation: BesoinFormation, reglages: ReglagesFormation) -> str:
    """« FIL », « PAF », « Pair à pair »: a narrow column."""
    courtes = {BesoinFormation.Modalite.LOCALE: reglages.sigle, BesoinFormation.Modalite.PAF: "PAF"}
    return courtes.get(BesoinFormation.Modalite(formation.modalite)) or str(formation.get_modalite_display())


def cellules_de(ligne: LigneDuPlanDeFormation, reglages: ReglagesFormation) -> tuple[Cellule, ...]:
    formation = ligne.formation
    return (
        dict(TRIMESTRES).get(str(formation.trimestre), "Dans l'année"),
        formation.intitule,
        equipes_en_mots(formation.equipes),
        modalite_courte(formation, reglages),
        str(formation.get_etat_display()),
        formation.effectif,
        formation.heures,
        ligne.heures,
        formation.heures_formateur,
        ligne.cout,
        ligne.action,
    )


def cellules_du_total(total: Totaux) -> tuple[Cellule, ...]:
    """From the first number on; hours of one person add up to nothing, and an action neither."""
    return (total.personnes, "", total.heures, total.heures_formateur, total.cout, "")


def annees_dites(plan: PlanDeFormation, reglages: ReglagesFormation) -> list[AnneeDite]:
    return [
        AnneeDite(
            annee.annee,
            tuple(
                LigneDite(ligne.formation, ligne.formation.objectif, cellules_de(ligne, reglages))
                for ligne in annee.lignes
            ),
            total_dit(annee.total),
        )
        for annee in plan.annees
    ]


def total_dit(total: Totaux) -> tuple[tuple[str, str], ...]:
    """Each sum with its heading."""
    cellules = cellules_du_total(total)
    entetes = ENTETES[PREMIER_NOMBRE:-1]
    return tuple((entete, dite(entete, cellule)) for entete, cellule in zip(entetes, cellules[:-1], strict=True))


def contexte_du_plan(plan: PlanDeFormation, reglages: ReglagesFormation) -> dict[str, Any]:
    return {
        "plan": plan,
        "annees": annees_dites(plan, reglages),
        "entetes": [(entete, nombre) for entete, _, nombre in COLONNES[:-1]],
        "avant_les_nombres": PREMIER_NOMBRE,
        "total": total_dit(plan.total),
    }


# --- On paper ------------------------------------------------------------------------------------------------------
def rendre_plan_pdf(plan: PlanDeFormation, reglages: ReglagesFormation, etablissement: Etablissement) -> bytes:
    """In PDF/UA, landscape, its headings on each page."""
    contexte = contexte_du_plan(plan, reglages) | {"etablissement": etablissement, "titre_du_plan": TITRE}
    titre = f"{TITRE} {plan.etendue} · {etablissement.nom}"
    return rendre_pdf("budget/pdf/plan_formation.html", contexte, titre=titre, auteur=etablissement.nom)


# --- In a workbook -------------------------------------------------------------------------------------------------
def ecrire_plan_xlsx(plan: PlanDeFormation, reglages: ReglagesFormation, etablissement: Etablissement) -> bytes:
    """One sheet. Texts are texts: nothing typed by anyone is ever a formula; totals are values, not formulas."""
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        classeur.set_properties({"title": TITRE, "author": "Paliers", "created": CREE_LE})
        ecrivain = _Ecrivain(classeur)
        ecrivain.titre(f"{TITRE} · {etablissement.nom} ({etablissement.uai}) · {plan.etendue}")
        for annee in plan.annees:
            ecrivain.annee(annee, reglages)
        ecrivain.total(f"Total {plan.etendue}", plan.total)
    return sortie.getvalue()


class _Ecrivain:
    """Writes rows one under the other, the headings once and frozen."""

    def __init__(self, classeur: Any) -> None:
        self.feuille = classeur.add_worksheet("Plan de formation")
        self.gras = classeur.add_format({"bold": True})
        self.tete = classeur.add_format({"bold": True, "bg_color": "#e4efed", "text_wrap": True, "valign": "vcenter"})
        self.textes = classeur.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True})
        self.nombres = classeur.add_format({"num_format": "#,##0.##", "valign": "top"})
        self.argent = classeur.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.nombres_gras = classeur.add_format({"num_format": "#,##0.##", "bold": True, "top": 1})
        self.argent_gras = classeur.add_format({"num_format": "#,##0.00", "bold": True, "top": 1})
        self.gras_total = classeur.add_format({"bold": True, "top": 1})
        for place, (_, largeur, _) in enumerate(COLONNES, start=1):
            self.feuille.set_column(place, place, largeur)
        self.feuille.set_column(0, 0, 12)
        self.feuille.set_landscape()
        self.feuille.set_paper(9)
        self.feuille.fit_to_pages(1, 0)
        self.feuille.repeat_rows(1)
        self.feuille.freeze_panes(2, 0)
        self.rang = 2

    def titre(self, titre: str) -> None:
        self.feuille.write_string(0, 0, titre, self.gras)
        for place, entete in enumerate(("Année scolaire", *ENTETES)):
            self.feuille.write_string(1, place, entete, self.tete)

    def annee(self, annee: AnneeDuPlan, reglages: ReglagesFormation) -> None:
        for ligne in annee.lignes:
            self._ligne((annee.annee, *cellules_de(ligne, reglages)), (self.textes, self.nombres, self.argent))
        self.total(f"Total {annee.annee}", annee.total)

    def total(self, libelle: str, total: Totaux) -> None:
        vides = ("",) * PREMIER_NOMBRE
        formes = (self.gras_total, self.nombres_gras, self.argent_gras)
        self._ligne((libelle, *vides, *cellules_du_total(total)), formes)

    def _ligne(self, cellules: Sequence[Cellule], formes: tuple[Any, Any, Any]) -> None:
        textes, nombres, argent = formes
        for place, cellule in enumerate(cellules):
            if isinstance(cellule, int | Decimal):
                en_euros = place and ENTETES[place - 1] == "Coût (€)"
                self.feuille.write_number(self.rang, place, cellule, argent if en_euros else nombres)
            elif cellule or textes is self.gras_total:
                self.feuille.write_string(self.rang, place, cellule, textes)
        self.rang += 1
