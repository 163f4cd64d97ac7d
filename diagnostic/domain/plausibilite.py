"""Answers that look contradictory: one set of rules for the page, the import and the signature. Pure Python.

A rule says: when `si` has one of `si_valeurs`, `alors` is expected to have one of `alors_valeurs`. What is
unknown (no answer, « ne sait pas ») contradicts nothing, and an indicator that is not asked neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diagnostic.domain.cotation import Valeur


@dataclass(frozen=True)
class RegleDePlausibilite:
    """One rule of a version; `bloquante` ones prevent the signature, the others are only said."""

    code: str
    bloquante: bool
    phrase: str
    si: str
    si_valeurs: frozenset[str]
    alors: str
    alors_valeurs: frozenset[str]

    @property
    def indicateurs(self) -> tuple[str, str]:
        return (self.si, self.alors)


def contradictions(
    regles: Iterable[RegleDePlausibilite], reponses: Mapping[str, Valeur]
) -> tuple[RegleDePlausibilite, ...]:
    """The rules that these answers break (by indicator code; those that count), in the order of the rules."""
    return tuple(
        regle
        for regle in regles
        if reponses.get(regle.si) in regle.si_valeurs
        and (dit := reponses.get(regle.alors)) is not None
        and dit != Valeur.ne_sait_pas
        and dit not in regle.alors_valeurs
    )


def cycle(suites: Mapping[str, Sequence[str]]) -> list[str]:
    """A cycle of a graph given by its arrows, as the list of its nodes, the first one again at the end; else []."""
    finis: set[str] = set()

    def suivre(noeud: str, chemin: list[str]) -> list[str]:
        if noeud in chemin:
            return [*chemin[chemin.index(noeud) :], noeud]
        if noeud in finis:
            return []
        for suivant in suites.get(noeud, ()):
            if trouve := suivre(suivant, [*chemin, noeud]):
                return trouve
        finis.add(noeud)
        return []

    return next((trouve for noeud in suites if (trouve := suivre(noeud, []))), [])
