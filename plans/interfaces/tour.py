"""The page of the year's turn: a line an action with what becomes of it, read from what was sent."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from plans.domain.tour import PageTournee
from plans.queries.plan import LigneDuPlan
from plans.queries.tour import Tour
from plans.rules.actions import NOTE_MAX, derniere_annee_possible
from plans.rules.tour import (
    ABANDONNER,
    REALISER,
    REPORTER,
    RETIRER,
    Decision,
    suites_possibles,
)
from strategie.socle.domain.calendrier import annee_suivante

LIBELLES = {
    REPORTER: "La reporter",
    REALISER: "Elle est réalisée",
    ABANDONNER: "L'abandonner",
    RETIRER: "La mettre à la corbeille",
}
TITRES = {
    REPORTER: "Reportées",
    REALISER: "Réalisées",
    ABANDONNER: "Abandonnées",
    RETIRER: "Mises à la corbeille",
}
TRIMESTRES = (
    ("", "Sans trimestre"),
    ("1", "1er\u00a0trimestre"),
    ("2", "2e\u00a0trimestre"),
    ("3", "3e\u00a0trimestre"),
)
ENTIER_MAX = 10


@dataclass(frozen=True)
class LigneDuTour:
    """An action, what may be decided of it, what was, and what is wrong with that."""

    ligne: LigneDuPlan
    decision: Decision
    suites: Sequence[tuple[str, str]]
    erreur: str

    @property
    def caches(self) -> Iterator[tuple[str, str]]:
        """The decision as hidden fields, for the page that confirms."""
        cle, decision = self.ligne.action.pk, self.decision
        yield f"version-{cle}", str(decision.version)
        yield f"suite-{cle}", decision.suite
        yield f"annee-{cle}", decision.annee_fin
        yield f"trimestre-{cle}", str(decision.trimestre_fin or "")
        yield f"raison-{cle}", decision.raison


@dataclass(frozen=True)
class PageDuTour:
    tour: Tour
    decisions: Mapping[int, Decision]
    axes_a_clore: frozenset[int]
    annees: Sequence[str]
    erreurs: Mapping[int, str] = field(default_factory=dict)

    @property
    def lignes(self) -> list[LigneDuTour]:
        return [
            LigneDuTour(
                ligne=ligne,
                decision=self.decisions[ligne.action.pk],
                suites=[(s, LIBELLES[s]) for s in suites_possibles(self.tour.situations[ligne.action.pk])],
                erreur=self.erreurs.get(ligne.action.pk, ""),
            )
            for ligne in self.tour.lignes
        ]

    @property
    def en_erreur(self) -> list[LigneDuTour]:
        return [ligne for ligne in self.lignes if ligne.erreur]

    @property
    def groupes(self) -> list[tuple[str, list[LigneDuTour]]]:
        """What will be done, by what becomes of them."""
        lignes = self.lignes
        par_suite = [(titre, [ligne for ligne in lignes if ligne.decision.suite == s]) for s, titre in TITRES.items()]
        return [(titre, siennes) for titre, siennes in par_suite if siennes]

    @property
    def axes_qui_finissent(self) -> list[str]:
        return [axe.intitule for axe in self.tour.axes if axe.pk in self.axes_a_clore]

    @property
    def nombres(self) -> Counter[str]:
        return Counter(decision.suite for decision in self.decisions.values())

    @property
    def trimestres(self) -> Sequence[tuple[str, str]]:
        return TRIMESTRES

    @property
    def raison_max(self) -> int:
        return NOTE_MAX


def page_vierge(tour: Tour, jour: datetime.date) -> PageDuTour:
    """Nothing decided yet; carried over, an action goes to the next year unless another one is chosen."""
    annees = _annees(tour.annee, jour)
    vierges = {cle: Decision(cle, version, "", annees[0]) for cle, version in tour.versions.items()}
    return PageDuTour(tour, vierges, frozenset(), annees)


def lire_page(tour: Tour, donnees: QueryDict, jour: datetime.date) -> PageDuTour:
    """What was sent, for the actions that are there now; the version is the one that the page showed."""
    decisions = {cle: _decision(cle, donnees) for cle in tour.versions}
    axes = frozenset(axe.pk for axe in tour.axes if donnees.get(f"axe-{axe.pk}") == "clore")
    return PageDuTour(tour, decisions, axes, _annees(tour.annee, jour))


def decisions_envoyees(donnees: QueryDict) -> list[Decision]:
    """All of them, those too of actions that are no longer there."""
    cles = [nom.removeprefix("version-") for nom in donnees if nom.startswith("version-")]
    return [_decision(int(cle), donnees) for cle in cles if _est_un_entier(cle)]


def axes_envoyes(donnees: QueryDict) -> frozenset[int]:
    cles = [nom.removeprefix("axe-") for nom in donnees if nom.startswith("axe-") and donnees[nom] == "clore"]
    return frozenset(int(cle) for cle in cles if _est_un_entier(cle))


def _decision(cle: int, donnees: QueryDict) -> Decision:
    version, trimestre = donnees.get(f"version-{cle}", ""), donnees.get(f"trimestre-{cle}", "")
    return Decision(
        action=cle,
        version=int(version) if _est_un_entier(version) else 0,
        suite=donnees.get(f"suite-{cle}", ""),
        annee_fin=donnees.get(f"annee-{cle}", ""),
        trimestre_fin=int(trimestre) if _est_un_entier(trimestre) else None,
        raison=" ".join(donnees.get(f"raison-{cle}", "").replace("\x00", "").split()),
    )


def _est_un_entier(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) < ENTIER_MAX


def _annees(annee: str, jour: datetime.date) -> list[str]:
    """Those to which an action may be carried over."""
    annees, derniere = [annee_suivante(annee)], derniere_annee_possible(jour)
    while annees[-1] < derniere:
        annees.append(annee_suivante(annees[-1]))
    return annees


def phrase_du_tour(tournee: PageTournee) -> str:
    """« La page est tournée : 3 actions reportées, 1 réalisée. »"""
    parts = [
        _part(tournee.reportees, "reportée"),
        _part(tournee.realisees, "réalisée"),
        _part(tournee.abandonnees, "abandonnée"),
        f"{tournee.retirees}\u00a0à la corbeille" if tournee.retirees else "",
    ]
    dites = [part for part in parts if part]
    axes = f"{tournee.axes_clos}\u00a0axe{'s' if tournee.axes_clos > 1 else ''} clos" if tournee.axes_clos else ""
    actions = f"actions\u00a0: {', '.join(dites)}" if dites else ""
    suite = "\u00a0; ".join(filter(None, [actions, axes]))
    return f"La page est tournée{f' ({suite})' if suite else ''}."


def _part(nombre: int, mot: str) -> str:
    return f"{nombre}\u00a0{mot}{'s' if nombre > 1 else ''}" if nombre else ""
