"""The figures of a board's file as tables: attached to its PDF, or in a workbook. From the frozen content alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
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
    *(("Où elle en est", TEXTE), ("Personnes", NOMBRE), ("Heures", TEXTE)),
    ("Coût (€)", MONTANT),
)


DIAGNOSTIC = (
    *(("Champ", TEXTE), ("Palier (0\u00a0: avant le palier 1)", NOMBRE), ("Palier du diagnostic d'avant", NOMBRE)),
    ("Pour aller plus loin", TEXTE),
)
BESOINS = (
    *(("Clé", NOMBRE), ("Besoin", TEXTE), ("Thème", TEXTE), ("Personnes", NOMBRE), ("Ce qui le montre", TEXTE)),
    ("Ce qui y répond", TEXTE),
)
FAMILLES = (
    *(("Famille", TEXTE), ("Nombre", NOMBRE), ("Durée dépassée", NOMBRE), ("À réparer ou réformer", NOMBRE)),
    ("Sans date d'achat", NOMBRE),
)
AGES = (("Âge", TEXTE), ("Nombre", NOMBRE), ("Durée dépassée", NOMBRE))
RENOUVELLEMENT = (("Année", TEXTE), ("Nombre", NOMBRE), ("Montant (€)", MONTANT), ("Sans prix connu", NOMBRE))


def _champs(diagnostic: Contenu) -> Iterator[Rangee]:
    for champ in diagnostic["champs"]:
        yield champ["libelle"], champ["palier"], champ["palier_avant"], champ["manque"]


def _besoins(besoins: Sequence[Contenu]) -> Iterator[Rangee]:
    for un in besoins:
        listes = ("\n".join(un["faits"]), "\n".join(un["axes"]))
        yield un["cle"], un["intitule"], un["theme"], un["effectif"], *listes


def _familles(equipement: Contenu) -> Iterator[Rangee]:
    for famille in equipement["familles"]:
        yield tuple(famille[nom] for nom in ("nom", "nombre", "depasses", "a_reprendre", "sans_date"))


def _ages(equipement: Contenu) -> Iterator[Rangee]:
    for un in ages_a_dire(equipement):
        yield age_dit(un["age"]), un["nombre"], un["depasses"]


def _echeances(equipement: Contenu) -> Iterator[Rangee]:
    for une in equipement["renouvellement"]:
        if une["nombre"]:
            yield une["quand"], une["nombre"], Decimal(une["montant"]), une["sans_prix"]


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
            yield une["cle"], annee["annee"], *textes, une["personnes"], une["heures"], Decimal(une["cout"])


def ages_a_dire(equipement: Contenu) -> list[Contenu]:
    """Each year, and what has no date where there is some."""
    return [age for age in equipement["ages"] if age["nombre"] or age["age"] is not None]


def age_dit(age: int | None) -> str:
    if age is None:
        return "Sans date d'achat"
    if age == 0:
        return "Moins d'un an"
    return "10 ans et plus" if age == 10 else f"{age} an{'s' if age > 1 else ''}"


# --- Which part has which ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Modele:
    """A table, and how its rows are read in a part of the file."""

    partie: str
    feuille: str
    fichier: str
    description: str
    colonnes: Sequence[tuple[str, Genre]]
    lire: Callable[[Any], Iterator[Rangee]]


MODELES = (
    Modele("diagnostic", "Diagnostic", "diagnostic.csv", "Le palier de chaque champ", DIAGNOSTIC, _champs),
    Modele("besoins", "Besoins", "besoins.csv", "Les besoins retenus", BESOINS, _besoins),
    Modele("plan", "Plan d'action", "plan-d-action.csv", "Le plan d'action", PLAN, _actions),
    Modele("equipement", "Équipement", "equipement.csv", "L'équipement par famille", FAMILLES, _familles),
    Modele("equipement", "Âges", "ages.csv", "L'âge de l'équipement", AGES, _ages),
    Modele(
        "equipement", "Renouvellement", "renouvellement.csv", "Ce qui sera à renouveler", RENOUVELLEMENT, _echeances
    ),
    Modele("formation", "Formation", "formation.csv", "Le plan de formation", FORMATION, _formations),
    Modele("budget", "Budget", "budget.csv", "Les lignes du budget", BUDGET, _lignes),
    Modele("budget", "Financements", "financements.csv", "Les aides demandées et accordées", FINANCEMENTS, _aides),
    Modele("budget", "Achats", "achats.csv", "Les achats et leur coût complet", ACHATS, _achats),
)


def tableaux_du_dossier(contenu: Contenu) -> list[Tableau]:
    """Those of the parts that the file holds; an action that serves two axes has one row."""
    return [
        Tableau(un.feuille, un.fichier, un.description, un.colonnes, [*un.lire(contenu[un.partie])])
        for un in MODELES
        if contenu[un.partie] is not None
    ]


# --- Files ---------------------------------------------------------------------------------------------------------
def pieces_jointes(contenu: Contenu) -> list[PieceJointe]:
    """As CSV that a spreadsheet of here opens: semicolons, « 1234,50 ». None ends with an end of line, which a PDF/A
    would not tell from its own.
    """
    return [
        PieceJointe(tableau.fichier, tableau.description, en_csv(tableau).encode())
        for tableau in tableaux_du_dossier(contenu)
    ]


def en_csv(tableau: Tableau) -> str:
    colonnes = [Colonne[Rangee](entete, itemgetter(rang)) for rang, (entete, _) in enumerate(tableau.colonnes)]
    return "".join(lignes_csv(colonnes, tableau.rangees)).removesuffix("\r\n")


def classeur_du_dossier(contenu: Contenu) -> IO[bytes]:
    return ecrire_classeur(_feuilles(tableaux_du_dossier(contenu)))


def _feuilles(tableaux: Iterable[Tableau]) -> Iterator[FeuilleAEcrire]:
    for tableau in tableaux:
        colonnes = [
            ColonneInventaire(str(rang), entete, genre) for rang, (entete, genre) in enumerate(tableau.colonnes)
        ]
        yield FeuilleAEcrire(tableau.feuille, colonnes, tableau.rangees)
