"""What the pages of the budget show: an exercice, or what serves a school year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict

from budget.domain.argent import euros, total
from budget.domain.financeurs import FINANCEURS
from budget.interfaces.filtres import Facettes, Filtres, filtres
from budget.models import LigneBudget, Partie
from budget.queries.budget import SANS_SERVICE, Aides, FinancementLu, LigneLue, Montants, Selection, Synthese
from plans.models import Action
from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from strategie.socle.interfaces.charts import hachures

SECTIONS = dict(LigneBudget.Section.choices)
LEVIERS = dict(Action.Levier.choices)
PARTIES = dict(Partie.choices)
SERVICES = {code or SANS_SERVICE: mots if code else "Sans service" for code, mots in LigneBudget.Service.choices}
ANNEES = range(2000, 2101)


# --- What the address asks for -------------------------------------------------------------------------------
def periode_demandee(donnees: QueryDict, jour: datetime.date) -> Selection | None:
    """The exercice or the school year of the address, this civil year when it says none; None for what is neither."""
    annee, exercice = donnees.get("annee", ""), donnees.get("exercice") or str(jour.year)
    if annee:
        return Selection(annee_scolaire=annee) if est_une_annee(annee) else None
    lisible = exercice.isascii() and exercice.isdigit() and len(exercice) == 4
    return Selection(exercice=int(exercice)) if lisible and int(exercice) in ANNEES else None


def filtres_du_budget(lu: Synthese, donnees: QueryDict, chemin: str) -> tuple[Selection, Filtres]:
    """The selection, narrowed by what the address chooses among these lines; what is no choice is left aside."""
    sources: dict[int, set[str]] = {}
    for aide in lu.tous:
        if aide.ligne is not None:
            sources.setdefault(aide.ligne, set()).add(aide.source)
    actions = {str(ligne.action): ligne.action_intitule or "" for ligne in lu.toutes if ligne.action}
    groupes: dict[str, tuple[str, Mapping[str, str]]] = {
        "section": ("Section", SECTIONS),
        "levier": ("Moyen", LEVIERS),
        "service": ("Service", SERVICES),
        "payeur": ("Qui paie", PARTIES),
        "financeur": ("Financeur", {code: financeur.nom for code, financeur in FINANCEURS.items()}),
        "action": ("Action du plan", dict(sorted(actions.items(), key=lambda couple: couple[1].casefold()))),
    }
    choisis = {nom: donnees[nom] for nom, (_, mots) in groupes.items() if donnees.get(nom) in mots}
    rangees = [_facettes(ligne, sources.get(ligne.cle, set())) for ligne in lu.toutes]
    # What a funder gives for no line is a row too: it may be chosen, and shows no line.
    rangees += [dict.fromkeys(groupes, ()) | {"financeur": (a.source,)} for a in lu.tous if a.ligne is None]
    selection = replace(lu.selection, **choisis | ({"action": int(choisis["action"])} if "action" in choisis else {}))
    return selection, filtres(rangees, groupes, choisis, chemin, periode_en_adresse(lu.selection))


def _facettes(ligne: LigneLue, sources: Iterable[str]) -> Facettes:
    return {
        "section": (ligne.section,),
        "levier": (ligne.levier,),
        "service": (ligne.service or SANS_SERVICE,),
        "payeur": (ligne.payeur,),
        "financeur": tuple(sources),
        "action": (str(ligne.action),) if ligne.action else (),
    }


def periode_en_adresse(selection: Selection) -> dict[str, str]:
    if selection.annee_scolaire:
        return {"annee": selection.annee_scolaire}
    return {"exercice": str(selection.exercice)}


# --- What the page shows --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Periode:
    """`voisines`: the one before and the one after; `croisees`: the two of the other kind that it touches."""

    titre: str
    precedente: tuple[str, str]
    suivante: tuple[str, str]
    croisees: Sequence[tuple[str, str]]
    croisees_dites: str


@dataclass(frozen=True)
class LigneMontree:
    """`aides`: what pays for it, of what is selected."""

    lue: LigneLue
    accorde: Decimal


@dataclass(frozen=True)
class Groupe:
    """The lines of a section, and what they add up to."""

    code: str
    titre: str
    lignes: Sequence[LigneMontree]
    montants: Montants

    @property
    def accorde(self) -> Decimal:
        return total(ligne.accorde for ligne in self.lignes)


@dataclass(frozen=True)
class Part:
    libelle: str
    montants: Montants


@dataclass(frozen=True)
class Partage:
    """What each pays of a lever, by name; an école's budget is these parts."""

    libelle: str
    parts: Sequence[tuple[str, Decimal]]
    total: Decimal


@dataclass(frozen=True)
class GroupeDAides:
    financeur: str
    financements: Sequence[FinancementLu]
    aides: Aides


def periode_montree(selection: Selection) -> Periode:
    annee = selection.annee_scolaire
    if annee:
        exercices = annee.split("-")
        return Periode(
            f"Budget de l'année {annee}",
            _vers("annee", annee_precedente(annee)),
            _vers("annee", annee_suivante(annee)),
            [_vers("exercice", exercice) for exercice in exercices],
            "Par exercice",
        )
    exercice = selection.exercice or 0
    annees = [f"{exercice - 1}-{exercice}", f"{exercice}-{exercice + 1}"]
    return Periode(
        f"Budget {exercice}",
        _vers("exercice", str(exercice - 1)),
        _vers("exercice", str(exercice + 1)),
        [_vers("annee", une) for une in annees],
        "Par année scolaire",
    )


def _vers(nom: str, valeur: str) -> tuple[str, str]:
    return valeur, f"?{urlencode({nom: valeur})}"


def groupes_de_lignes(lu: Synthese) -> list[Groupe]:
    accordes = {cle: aides.accorde for cle, aides in lu.aides_par("ligne").items()}
    montants = lu.par("section")
    return [
        Groupe(
            code,
            SECTIONS[code],
            [LigneMontree(ligne, accordes.get(ligne.cle, Decimal("0.00"))) for ligne in lignes],
            montants[code],
        )
        for code, lignes in lu.lignes_par("section").items()
    ]


def parts(lu: Synthese, attribut: str) -> list[Part]:
    """« levier », « service » or « payeur », in words."""
    mots = {"levier": LEVIERS, "service": SERVICES, "payeur": PARTIES}[attribut]
    return [Part(mots[code or SANS_SERVICE], montants) for code, montants in lu.par(attribut).items()]


def partage(lu: Synthese) -> tuple[list[str], list[Partage]]:
    """Who pays what of what is planned: the names of those who pay, then a line a lever and one for the whole."""
    payeurs = [Partie.COMMUNE, Partie.ETAT]
    payeurs += [Partie(code) for code in lu.par("payeur") if code not in payeurs]
    lignes = [_partage(LEVIERS[code], siennes, payeurs) for code, siennes in lu.lignes_par("levier").items()]
    return [payeur.label for payeur in payeurs], [*lignes, _partage("Ensemble", lu.lignes, payeurs)]


def _partage(libelle: str, lignes: Sequence[LigneLue], payeurs: Sequence[Partie]) -> Partage:
    montants = [Montants.de([ligne for ligne in lignes if ligne.payeur == payeur]) for payeur in payeurs]
    siennes = [(str(payeur.label), siens.prevu) for payeur, siens in zip(payeurs, montants, strict=True)]
    return Partage(libelle, siennes, Montants.de(lignes).prevu)


def groupes_d_aides(lu: Synthese) -> list[GroupeDAides]:
    aides = lu.aides_par("source")
    return [
        GroupeDAides(FINANCEURS[code].nom if code in FINANCEURS else code, siens, aides[code])
        for code, siens in lu.financements_par("source").items()
    ]


# --- The drawing --------------------------------------------------------------------------------------------------
LARGEUR, RANG, EPAISSEUR = 340, 48, 16


@dataclass(frozen=True)
class BarreDeSommes:
    """Widths in the drawing's units: what is planned is an outline, what is engaged is hatched in it or beyond it, what
    is paid is full.
    """

    libelle: str
    somme: str
    y: int
    prevu: int
    engage: int
    paye: int

    @property
    def y_barre(self) -> int:
        return self.y + 20

    @property
    def hachures(self) -> str:
        return hachures(self.paye, self.y_barre, self.engage - self.paye, EPAISSEUR) if self.engage > self.paye else ""


@dataclass(frozen=True)
class DessinDeSommes:
    barres: Sequence[BarreDeSommes]
    description: str
    largeur: int = LARGEUR
    epaisseur: int = EPAISSEUR

    @property
    def hauteur(self) -> int:
        return RANG * len(self.barres)


def dessin(lignes: Sequence[Part]) -> DessinDeSommes:
    maximum = max([1, *(max(ligne.montants.prevu, ligne.montants.engage) for ligne in lignes)])

    def largeur(montant: Decimal) -> int:
        return max(2, int(LARGEUR * montant / maximum)) if montant else 0

    return DessinDeSommes(
        [
            BarreDeSommes(
                ligne.libelle,
                euros(ligne.montants.prevu, centimes=False),
                rang * RANG,
                *map(largeur, (ligne.montants.prevu, ligne.montants.engage, ligne.montants.paye)),
            )
            for rang, ligne in enumerate(lignes)
        ],
        "\u00a0; ".join(
            f"{ligne.libelle}\u00a0: {euros(ligne.montants.prevu)} prévus, {euros(ligne.montants.engage)} engagés, "
            f"{euros(ligne.montants.paye)} payés"
            for ligne in lignes
        ),
    )


def contexte_du_budget(lu: Synthese, choix: Filtres, *, premier_degre: bool) -> dict[str, object]:
    leviers = parts(lu, "levier")
    payeurs, partages = partage(lu) if premier_degre else ([], [])
    exercice = lu.exercices.get(lu.selection.exercice or 0)
    return {
        "lu": lu,
        "periode": periode_montree(lu.selection),
        "filtres": choix,
        "groupes": groupes_de_lignes(lu),
        "leviers_parts": leviers,
        "services": [] if premier_degre else parts(lu, "service"),
        "payeurs_parts": [] if premier_degre else parts(lu, "payeur"),
        "payeurs": payeurs,
        "partages": partages,
        "aides": groupes_d_aides(lu),
        "dessin": dessin(leviers),
        "exercice": exercice,
        "clos": exercice if exercice and exercice.clos_le else None,
    }
