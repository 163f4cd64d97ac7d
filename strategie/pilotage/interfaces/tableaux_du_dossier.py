"""The figures of a board's file as tables: attached to its PDF, or in a workbook. From the frozen content alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from budget.interfaces.classeur_inventaire import FeuilleAEcrire, ecrire_classeur
from budget.interfaces.colonnes import ColonneInventaire
from strategie.socle.interfaces.csv_en_sql import Genre
from strategie.socle.interfaces.exports import Colonne, lignes_csv
from strategie.socle.interfaces.pdf import PieceJointe

Contenu = Mapping[str, Any]
Rangee = tuple[Any, ...]


@dataclass(frozen=True)
class Tableau:
    """Its name as a sheet and as a file, its columns, its rows; an amount is a Decimal."""

    feuille: str
    fichier: str
    description: str
    colonnes: Sequence[tuple[str, Genre]]
    rangees: Sequence[Rangee]


TEXTE, NOMBRE, MONTANT = Genre.TEXTE, Genre.NOMBRE, Genre.MONTANT
PLAN = (
    *(("Clé", NOMBRE), ("Axe", TEXTE), ("Action", TEXTE), ("Sous-action de", TEXTE), ("Comment", TEXTE)),
    *(("Moyen", TEXTE), ("Qui", TEXTE), ("Pour qui", TEXTE), ("Quand", TEXTE), ("État", TEXTE)),
    *(("Indicateurs", TEXTE), ("Coût prévu (€)", MONTANT)),
)
BUDGET = (
    *(("Clé", NOMBRE), ("Exercice", NOMBRE), ("Ligne", TEXTE), ("Section", TEXTE), ("Moyen", TEXTE)),
    *(("Qui paie", TEXTE), ("Prévu (€)", MONTANT), ("Engagé (€)", MONTANT), ("Payé (€)", MONTANT)),
)
FINANCEMENTS = (
    *(("Clé", NOMBRE), ("Financeur", TEXTE), ("Intitulé", TEXTE), ("Demandé (€)", MONTANT)),
    *(("Accordé (€)", MONTANT), ("Reçu (€)", MONTANT), ("Réponse", TEXTE)),
)
ACHATS = (
    *(("Clé", NOMBRE), ("Achat", TEXTE), ("État", TEXTE), ("Années de service", NOMBRE), ("Coût complet (€)", MONTANT)),
    *(("Par an (€)", MONTANT), ("Aides (€)", MONTANT), ("Reste à charge (€)", MONTANT)),
    ("Dette de fonctionnement (€)", MONTANT),
)
FORMATION = (
    *(("Clé", NOMBRE), ("Année scolaire", TEXTE), ("Formation", TEXTE), ("Quand", TEXTE), ("Pour qui", TEXTE)),
    *(("Où elle en est", TEXTE), ("Personnes", NOMBRE), ("Coût (€)", MONTANT)),
)


def tableaux_du_dossier(contenu: Contenu) -> list[Tableau]:
    """Those of the parts that the file holds; an action that serves two axes has one row."""
    tableaux = []
    if contenu["plan"] is not None:
        tableaux.append(
            Tableau("Plan d'action", "plan-d-action.csv", "Le plan d'action", PLAN, [*_actions(contenu["plan"])])
        )
    if contenu["budget"] is not None:
        tableaux += [
            Tableau("Budget", "budget.csv", "Les lignes du budget", BUDGET, [*_lignes(contenu["budget"])]),
            Tableau(
                "Financements", "financements.csv", "Les aides demandées et accordées", FINANCEMENTS,
                [*_aides(contenu["budget"])],
            ),
            Tableau("Achats", "achats.csv", "Les achats et leur coût complet", ACHATS, [*_achats(contenu["budget"])]),
        ]  # fmt: skip
    if contenu["formation"] is not None:
        tableaux.append(
            Tableau(
                "Formation", "formation.csv", "Le plan de formation", FORMATION, [*_formations(contenu["formation"])]
            )
        )
    return tableaux


def _actions(plan: Contenu) -> Iterator[Rangee]:
    axes: dict[int, list[str]] = {}
    actions: dict[int, Contenu] = {}
    for axe in plan["axes"]:
        for action in axe["actions"]:
            axes.setdefault(action["cle"], []).append(axe["intitule"] or "Hors axe")
            actions[action["cle"]] = action
    for cle, action in actions.items():
        textes = (action[nom] for nom in ("intitule", "parent", "comment", "levier", "qui", "pour", "quand", "etat"))
        cout = None if action["cout"] is None else Decimal(action["cout"])  # a territory's file does not tell it
        yield cle, "\u00a0; ".join(axes[cle]), *textes, "\n".join(action["indicateurs"]), cout


def _lignes(budget: Contenu) -> Iterator[Rangee]:
    for ligne in budget["lignes"]:
        textes = (ligne[nom] for nom in ("intitule", "section", "levier", "payeur"))
        montants = (Decimal(ligne[nom]) for nom in ("prevu", "engage", "paye"))
        yield ligne["cle"], budget["exercice"], *textes, *montants


def _aides(budget: Contenu) -> Iterator[Rangee]:
    for aide in budget["financements"]:
        montants = (Decimal(aide[nom]) for nom in ("demande", "accorde", "recu"))
        yield aide["cle"], aide["source"], aide["intitule"], *montants, "Refusé" if aide["refuse"] else ""


def _achats(budget: Contenu) -> Iterator[Rangee]:
    for achat in budget["achats"]:
        textes = (achat[nom] for nom in ("intitule", "etat", "duree"))
        yield achat["cle"], *textes, *(Decimal(achat[nom]) for nom in ("cout", "par_an", "aides", "reste", "dette"))


def _formations(formation: Contenu) -> Iterator[Rangee]:
    for annee in formation["annees"]:
        for une in annee["lignes"]:
            textes = (une[nom] for nom in ("intitule", "quand", "public", "etat"))
            yield une["cle"], annee["annee"], *textes, une["personnes"], Decimal(une["cout"])


# --- Files ---------------------------------------------------------------------------------------------------------
def pieces_jointes(contenu: Contenu) -> list[PieceJointe]:
    """As CSV that a spreadsheet of here opens: semicolons, « 1234,50 »."""
    return [
        PieceJointe(tableau.fichier, tableau.description, en_csv(tableau).encode())
        for tableau in tableaux_du_dossier(contenu)
    ]


def en_csv(tableau: Tableau) -> str:
    colonnes = [Colonne[Rangee](entete, _cellule(rang)) for rang, (entete, _) in enumerate(tableau.colonnes)]
    return "".join(lignes_csv(colonnes, tableau.rangees))


def _cellule(rang: int) -> Any:
    def valeur(rangee: Rangee) -> Any:
        brute = rangee[rang]
        return f"{brute:.2f}".replace(".", ",") if isinstance(brute, Decimal) else brute

    return valeur


def classeur_du_dossier(contenu: Contenu) -> IO[bytes]:
    return ecrire_classeur(_feuilles(tableaux_du_dossier(contenu)))


def _feuilles(tableaux: Iterable[Tableau]) -> Iterator[FeuilleAEcrire]:
    for tableau in tableaux:
        colonnes = [
            ColonneInventaire(str(rang), entete, genre) for rang, (entete, genre) in enumerate(tableau.colonnes)
        ]
        yield FeuilleAEcrire(tableau.feuille, colonnes, tableau.rangees)
