"""Filters of a territory's schools, as links: what an address may ask, and what is ignored with a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from budget.models import Categorie
from diagnostic.queries.questionnaire import Questionnaire
from plans.models import Action
from strategie.pilotage.queries.etablissements_du_territoire import (
    A_SIGNER,
    ATTENDU,
    PASSEE,
    PUBLIEES,
    RETARD,
    TOUT,
    Tri,
    lire_cle,
)
from strategie.pilotage.queries.tableau_du_territoire import AVANT, INCONNUE, PALIERS
from strategie.pilotage.queries.territoires import Territoire
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement

NB = "\u00a0"
TYPES = {str(t.value): str(t.label) for t in Etablissement.Type if t != Etablissement.Type.AUTRE}
ETATS = {
    "signe": "Signé",
    "brouillon": "Brouillon",
    "a_commencer": "À commencer",
    A_SIGNER: "Reste à signer",
    ATTENDU: "Attendu",
}
FORMATIONS = {
    "besoins": "A des besoins de formation",
    "formateurs_demandes": "Demande des heures de formateurs",
    "formateurs_accordes": "A reçu des heures de formateurs",
}
ACTIONS = {RETARD: "A une action en retard", PUBLIEES: "A publié une action"} | {
    str(etat.value): f"A une action «{NB}{str(etat.label).lower()}{NB}»"
    for etat in Action.Etat
    if etat != Action.Etat.BROUILLON
}
CHANGES = {
    "hausse": "plus haut que l'an dernier",
    "stable": "comme l'an dernier",
    "baisse": "plus bas que l'an dernier",
    "compares": "signé aussi l'an dernier",
}
DU_PARC = ("type", "equipement", "achat", "fin")
DE_LA_PAGE = ("annee", "q", "apres", "lettre", "tri")
TEXTE_MAX, CLE_MAX = 100, 400
ACHATS = {
    AVANT: "Ordinateurs plus anciens",
    INCONNUE: "Ordinateurs sans date d'achat",
    TOUT: "A des ordinateurs ou des tablettes",
}
FINS = {PASSEE: "Équipements au-delà de leur durée", INCONNUE: "Équipements sans date"}
GROUPES = {"etat": "Diagnostic", "type": "Type", "formation": "Formation", "actions": "Actions"}


@dataclass(frozen=True)
class Lien:
    libelle: str
    adresse: str
    actif: bool = False


def lisible(texte: str) -> str:
    """Without what neither a page nor the database can hold."""
    return "".join(lettre for lettre in texte if lettre.isprintable())


def mots_du_filtre(nom: str, valeur: str, questions: Questionnaire | None) -> str | None:
    """What a filter says; None when there is no such thing."""
    lecture: Callable[[str, Questionnaire | None], str | None] | None = LECTURES.get(nom)
    return lecture(valeur, questions) if lecture else None


def _champ(code: str, questions: Questionnaire | None) -> str | None:
    return next((champ.libelle for champ, _ in questions.champs if champ.code == code), None) if questions else None


def _palier(valeur: str, questions: Questionnaire | None) -> str | None:
    code, _, palier = valeur.rpartition(".")
    champ = _champ(code, questions)
    if champ is None or palier not in map(str, PALIERS):
        return None
    return f"{champ}{NB}: {'palier' + NB + palier if palier != '0' else 'avant le palier' + NB + '1'}"


def _change(valeur: str, questions: Questionnaire | None) -> str | None:
    sens, _, code = valeur.partition(".")
    champ = _champ(code, questions)
    return f"{champ}{NB}: {CHANGES[sens]}" if champ and sens in CHANGES else None


def _manque(valeur: str, questions: Questionnaire | None) -> str | None:
    indicateur = questions.par_code.get(valeur) if questions else None
    return f"Il manque{NB}: {indicateur.enonce} ({valeur})" if indicateur else None


def _annee(avant: str, autres: Mapping[str, str]) -> Callable[[str, Questionnaire | None], str | None]:
    def lire(valeur: str, _: Questionnaire | None) -> str | None:
        return autres.get(valeur) or (f"{avant} {valeur}" if len(valeur) == 4 and valeur.isdecimal() else None)

    return lire


def _parmi(choix: Mapping[str, str]) -> Callable[[str, Questionnaire | None], str | None]:
    return lambda valeur, _: choix.get(valeur)


LECTURES: Mapping[str, Callable[[str, Questionnaire | None], str | None]] = {
    "type": _parmi(TYPES),
    "etat": _parmi(ETATS),
    "palier": _palier,
    "change": _change,
    "manque": _manque,
    "formation": _parmi(FORMATIONS),
    "equipement": _parmi({str(c.value): str(c.label) for c in Categorie} | {TOUT: "A un inventaire"}),
    "achat": _annee("Ordinateurs achetés en", ACHATS),
    "fin": _annee("Équipements à renouveler en", FINS),
    "actions": _parmi(ACTIONS),
    "exercice": _annee("A un budget en", {}),
}  # fmt: skip


@dataclass(frozen=True)
class Filtres:
    """What an address asks, once read: nothing unknown is left in it; `ignores` says what was."""

    territoire: Territoire
    annee: str
    annees: Sequence[str]
    questions: Questionnaire | None
    choix: Mapping[str, str]
    texte: str
    apres: str
    lettre: str
    tri: Tri
    ignores: tuple[str, ...]

    @property
    def champs(self) -> list[str]:
        """Their codes, where the reader may know of diagnostics."""
        if Droit.LIRE_TABLEAUX not in self.territoire.droits or not self.questions:
            return []
        return [champ.code for champ, _ in self.questions.champs]

    @cached_property
    def actifs(self) -> list[Lien]:
        """Each leads to the same page without it."""
        dits = [(nom, mots_du_filtre(nom, valeur, self.questions) or "") for nom, valeur in self.choix.items()]
        siens = [Lien(dit, self.adresse(**{nom: ""})) for nom, dit in dits]
        return siens + ([Lien(f"«{NB}{self.texte}{NB}»", self.adresse(q=""))] if self.texte else [])

    @property
    def seulement(self) -> str:
        """The filters in force, for a file that goes without its page; nothing when there is none."""
        return f"Seulement{NB}: {', '.join(filtre.libelle for filtre in self.actifs)}." if self.actifs else ""

    def libelle(self, champ: str) -> str:
        return _champ(champ, self.questions) or ""

    @property
    def ordre(self) -> str:
        if not self.tri.champ:
            return "par nom"
        de, a = ("haut", "bas") if self.tri.decroissant else ("bas", "haut")
        return f"par {self.libelle(self.tri.champ)}, du palier le plus {de} au plus {a}, puis par nom"

    @cached_property
    def groupes(self) -> list[tuple[str, list[Lien]]]:
        offerts: list[tuple[str, str, Mapping[str, str]]] = [
            (titre, nom, OPTIONS[nom]) for nom, titre in GROUPES.items() if nom in permis(self.territoire)
        ]
        if self.champs and self.questions:
            for champ, _ in self.questions.champs:
                paliers = {
                    f"{champ.code}.{p}": "Avant le palier\u00a01" if not p else f"Palier{NB}{p}" for p in PALIERS
                }
                offerts.append((champ.libelle, "palier", paliers))
        return [
            (
                titre,
                [
                    Lien(dit, self.adresse(**{nom: valeur}), self.choix.get(nom) == valeur)
                    for valeur, dit in choix.items()
                ],
            )
            for titre, nom, choix in offerts
        ]

    def adresse(self, **changes: str) -> str:
        """The address of the same page, from its first line, with these values changed (empty: taken away)."""
        demande = QueryDict(mutable=True)
        tri = f"{'-' if self.tri.decroissant else ''}{self.tri.champ}" if self.tri.champ else ""
        valeurs = {"annee": self.annee if self.annees else "", **self.choix, "q": self.texte, "tri": tri} | changes
        demande.update({nom: valeur for nom, valeur in valeurs.items() if valeur})
        return f"?{demande.urlencode()}" if demande else "?"

    @property
    def suite(self) -> str:
        """The year, carried from page to page."""
        return f"?annee={self.annee}" if self.annees else ""

    @property
    def caches(self) -> list[tuple[str, str]]:
        """What a search keeps."""
        annee = {"annee": self.annee} if self.annees else {}
        return list((annee | dict(self.choix)).items())


OPTIONS: Mapping[str, Mapping[str, str]] = {
    "etat": ETATS, "type": TYPES, "formation": FORMATIONS, "actions": {RETARD: ACTIONS[RETARD]},
}  # fmt: skip


def permis(territoire: Territoire) -> tuple[str, ...]:
    """The filters that the reader's rights allow there."""
    if Droit.LIRE_TABLEAUX not in territoire.droits:
        return DU_PARC
    if Droit.LIRE_BUDGETS_ADDITIONNES not in territoire.droits:
        return tuple(nom for nom in LECTURES if nom != "exercice")
    return tuple(LECTURES)


def lire_filtres(
    demande: QueryDict, territoire: Territoire, annee: str, annees: Sequence[str], questions: Questionnaire | None
) -> Filtres:
    """Never an error: what an address should not ask is left out, and said."""
    possibles, choix, ignores = permis(territoire), {}, []
    for nom in demande:
        valeur = lisible(demande[nom])[:CLE_MAX]
        if nom in possibles and mots_du_filtre(nom, valeur, questions):
            choix[nom] = valeur
        elif nom not in DE_LA_PAGE and valeur:
            ignores.append(f"{lisible(nom)}={valeur}"[:60])
    if (voulue := lisible(demande.get("annee", ""))) and voulue not in annees:
        ignores.append(f"annee={voulue}"[:60])
    apres = lisible(demande.get("apres", ""))[:CLE_MAX]
    if apres and lire_cle(apres) is None:
        ignores.append(f"apres={apres}"[:60])
    tri = _tri(demande.get("tri", ""), questions if Droit.LIRE_TABLEAUX in territoire.droits else None)
    if tri is None:
        ignores.append(f"tri={lisible(demande['tri'])}"[:60])
    return Filtres(
        territoire=territoire,
        annee=annee,
        annees=annees,
        questions=questions,
        choix=choix,
        texte=lisible(demande.get("q", "")).strip()[:TEXTE_MAX],
        apres=apres,
        lettre=lisible(demande.get("lettre", ""))[:1],
        tri=tri or Tri(),
        ignores=tuple(ignores),
    )


def _tri(voulu: str, questions: Questionnaire | None) -> Tri | None:
    champ = voulu.removeprefix("-")
    if not champ or champ == "nom":
        return Tri()
    return Tri(champ, voulu.startswith("-")) if _champ(champ, questions) else None
