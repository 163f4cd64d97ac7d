"""The budget that leaves: a workbook, a CSV, a paper. The same selection as the page, the same totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from budget.domain.argent import total
from budget.interfaces.budget import (
    SECTIONS,
    Part,
    contexte_du_budget,
    groupes_d_aides,
    groupes_de_lignes,
    parts,
)
from budget.interfaces.classeur_inventaire import FeuilleAEcrire, ecrire_classeur
from budget.interfaces.colonnes import ColonneInventaire as Colonne
from budget.interfaces.colonnes_du_budget import COLONNES, reference_de, valeurs_de
from budget.interfaces.filtres import Filtres
from budget.queries.budget import Aides, LigneLue, Montants, Selection, Synthese
from strategie.socle.interfaces.csv_en_sql import Genre
from strategie.socle.interfaces.exports import Colonne as ColonneCsv
from strategie.socle.interfaces.pdf import rendre_pdf
from strategie.socle.models import Etablissement

LIGNES, AIDES, TOTAUX = "Lignes", "Financements", "Totaux"
SOMMES = (
    Colonne("prevu", "Prévu", Genre.MONTANT),
    Colonne("engage", "Engagé", Genre.MONTANT),
    Colonne("paye", "Payé", Genre.MONTANT),
)
SOMMES_DES_AIDES = (
    Colonne("demande", "Demandé", Genre.MONTANT),
    Colonne("accorde", "Accordé", Genre.MONTANT),
    Colonne("recu", "Reçu", Genre.MONTANT),
    Colonne("attendu", "Encore sans réponse", Genre.MONTANT),
)
COLONNES_DES_TOTAUX = (Colonne("vue", "Vue"), Colonne("nom", "Quoi"), *SOMMES, *SOMMES_DES_AIDES)
COLONNES_DES_AIDES = (
    Colonne("source_dite", "Financeur"),
    Colonne("intitule", "Intitulé"),
    Colonne("exercice", "Exercice", Genre.NOMBRE),
    Colonne("annee_scolaire", "Année scolaire servie"),
    Colonne("section", "Section", choix=SECTIONS),
    Colonne("ligne_intitule", "Ligne payée"),
    Colonne("achat_intitule", "Achat payé"),
    *SOMMES_DES_AIDES,
    Colonne("demande_le", "Demandé le", Genre.DATE),
    Colonne("accorde_le", "Accordé le", Genre.DATE),
    Colonne("refus", "Refusé"),
    Colonne("note", "Note"),
)


# --- The same totals everywhere -------------------------------------------------------------------------------
def totaux(lu: Synthese, *, premier_degre: bool) -> Iterator[tuple[object, ...]]:
    """Rows of `COLONNES_DES_TOTAUX`: each view adds up to the first row."""
    sans_aides, sans_lignes = (None,) * len(SOMMES_DES_AIDES), (None,) * len(SOMMES)
    yield "Ensemble", "Lignes", *_sommes(lu.montants), *sans_aides
    periodes = [("Exercice", "exercice"), ("Année scolaire", "annee_scolaire"), ("Section", "section")]
    vues = [(vue, _parts(lu, attribut)) for vue, attribut in periodes]
    vues += [(vue, parts(lu, attribut)) for vue, attribut in vues_de(premier_degre=premier_degre)]
    for vue, siennes in vues:
        for part in siennes:
            yield vue, part.libelle, *_sommes(part.montants), *sans_aides
    yield "Ensemble", "Financements", *sans_lignes, *_sommes_des_aides(lu.aides)
    for groupe in groupes_d_aides(lu):
        yield "Financeur", groupe.financeur, *sans_lignes, *_sommes_des_aides(groupe.aides)


def vues_de(*, premier_degre: bool) -> list[tuple[str, str]]:
    """An école has no services."""
    return [("Moyen", "levier"), ("Payeur", "payeur"), *([] if premier_degre else [("Service", "service")])]


def _sommes(montants: Montants) -> tuple[Decimal, ...]:
    return tuple(getattr(montants, colonne.code) for colonne in SOMMES)


def _sommes_des_aides(aides: Aides) -> tuple[Decimal, ...]:
    return tuple(getattr(aides, colonne.code) for colonne in SOMMES_DES_AIDES)


# --- Files for spreadsheets ----------------------------------------------------------------------------------
def colonnes_csv() -> list[ColonneCsv[LigneLue]]:
    """A choice is its word."""
    return [ColonneCsv(colonne.entete, _en_csv(rang, colonne)) for rang, colonne in enumerate(COLONNES)]


def _en_csv(rang: int, colonne: Colonne) -> Any:
    def valeur(ligne: LigneLue) -> object:
        brute: Any = getattr(ligne, colonne.code) if rang else reference_de(ligne)
        return colonne.choix.get(brute, brute)

    return valeur


def classeur_du_budget(lu: Synthese, *, premier_degre: bool) -> IO[bytes]:
    """Its first sheet is the one that an import reads; sums are apart, so that none is taken for a line."""
    return ecrire_classeur(
        [
            feuille_des_lignes(lu.lignes),
            FeuilleAEcrire(AIDES, COLONNES_DES_AIDES, _aides(lu)),
            FeuilleAEcrire(TOTAUX, COLONNES_DES_TOTAUX, totaux(lu, premier_degre=premier_degre)),
        ]
    )


def feuille_des_lignes(lignes: Iterable[LigneLue]) -> FeuilleAEcrire:
    return FeuilleAEcrire(LIGNES, COLONNES, map(valeurs_de, lignes))


def _aides(lu: Synthese) -> Iterator[tuple[object, ...]]:
    for siens in lu.financements_par("source").values():
        for aide in siens:
            dites = {"refus": "Oui" if aide.refuse else ""}
            yield tuple(
                dites[colonne.code] if colonne.code in dites else getattr(aide, colonne.code)
                for colonne in COLONNES_DES_AIDES
            )


def nom_du_fichier(uai: str, selection: Selection, forme: str) -> str:
    return f"budget-{uai}-{selection.annee_scolaire or selection.exercice}.{forme}"


# --- On paper ------------------------------------------------------------------------------------------------------
def rendre_budget_pdf(lu: Synthese, choix: Filtres, etablissement: Etablissement) -> bytes:
    """In PDF/UA, landscape, its headings on each page."""
    titre = titre_du_budget(lu.selection)
    contexte = contexte_du_budget(lu, choix, premier_degre=etablissement.premier_degre) | {
        "etablissement": etablissement,
        "titre_du_budget": titre,
        "accorde_aux_lignes": total(groupe.accorde for groupe in groupes_de_lignes(lu)),
        "tables_de_parts": tables_de_parts(lu, premier_degre=etablissement.premier_degre),
    }
    titre_complet = f"{titre} · {etablissement.nom}"
    return rendre_pdf("budget/pdf/budget.html", contexte, titre=titre_complet, auteur=etablissement.nom)


def titre_du_budget(selection: Selection) -> str:
    if selection.annee_scolaire:
        return f"Budget du numérique, année scolaire {selection.annee_scolaire}"
    return f"Budget du numérique, exercice {selection.exercice}"


def tables_de_parts(lu: Synthese, *, premier_degre: bool) -> list[tuple[str, str, list[Part]]]:
    """The same lines, seen otherwise: what an exercice serves, school year by school year, and the other way round."""
    vues = [(titre, parts(lu, attribut)) for titre, attribut in vues_de(premier_degre=premier_degre)]
    if lu.selection.annee_scolaire:
        vues.append(("Exercice", _parts(lu, "exercice")))
    else:
        vues.append(("Année scolaire", _parts(lu, "annee_scolaire")))
    return [(titre, f"par {titre.lower()}", siennes) for titre, siennes in vues]


def _parts(lu: Synthese, attribut: str) -> list[Part]:
    return [Part(SECTIONS.get(cle, str(cle)), montants) for cle, montants in lu.par(attribut).items()]
