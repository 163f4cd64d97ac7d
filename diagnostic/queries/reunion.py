"""A meeting's order of the day: the indicators to go through, and what was said of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from diagnostic.domain.plausibilite import RegleDePlausibilite
from diagnostic.queries.etat import EtatChamp, EtatDiagnostic, EtatIndicateur


@dataclass(frozen=True)
class Deroule:
    """The indicators that concern the school, in the champs that the person may answer."""

    etat: EtatDiagnostic
    champs: tuple[EtatChamp, ...]

    @cached_property
    def indicateurs(self) -> tuple[EtatIndicateur, ...]:
        return tuple(ligne for champ in self.champs for ligne in champ.concernes)

    @property
    def premier_a_decider(self) -> EtatIndicateur | None:
        return next((ligne for ligne in self.indicateurs if ligne.valeur is None), None)

    @property
    def decides(self) -> int:
        return sum(ligne.valeur is not None for ligne in self.indicateurs)

    def place(self, code: str) -> Place | None:
        """Where an indicator stands; None when the meeting does not go through it."""
        rang = next((rang for rang, ligne in enumerate(self.indicateurs) if ligne.indicateur.code == code), None)
        return None if rang is None else Place(self, rang)


@dataclass(frozen=True)
class Place:
    """One indicator of the meeting, with its neighbours."""

    deroule: Deroule
    rang: int

    @property
    def ligne(self) -> EtatIndicateur:
        return self.deroule.indicateurs[self.rang]

    @property
    def numero(self) -> int:
        return self.rang + 1

    @property
    def precedent(self) -> EtatIndicateur | None:
        return self.deroule.indicateurs[self.rang - 1] if self.rang else None

    @property
    def suivant(self) -> EtatIndicateur | None:
        suite = self.deroule.indicateurs[self.rang + 1 :]
        return suite[0] if suite else None

    @property
    def contradictions(self) -> tuple[RegleDePlausibilite, ...]:
        """The rules that the answers break and that name this indicator."""
        code = self.ligne.indicateur.code
        return tuple(regle for regle in self.deroule.etat.contradictions if code in regle.indicateurs)


def deroule(etat: EtatDiagnostic, admis: Callable[[str], bool]) -> Deroule:
    """`admis`: whether the meeting goes through a champ, by its code."""
    return Deroule(etat, tuple(champ for champ in etat.champs if admis(champ.champ.code)))


@dataclass(frozen=True)
class Bilan:
    """What a day of meeting leaves: answers and votes of that day, and every dissent that is kept."""

    etat: EtatDiagnostic
    jour: datetime.date

    @property
    def seances(self) -> list[datetime.date]:
        """The days on which votes were noted, the last one first."""
        return sorted({_jour(self.etat, ligne.vote.note_le) for ligne in self._lignes if ligne.vote}, reverse=True)

    @property
    def autres_seances(self) -> list[datetime.date]:
        return [jour for jour in self.seances if jour != self.jour]

    @property
    def du_jour(self) -> list[EtatIndicateur]:
        return [ligne for ligne in self._lignes if self.jour in self._jours(ligne)]

    @property
    def decides(self) -> list[EtatIndicateur]:
        return [ligne for ligne in self.du_jour if ligne.valeur is not None]

    @property
    def desaccords(self) -> list[EtatIndicateur]:
        return [ligne for ligne in self._lignes if ligne.vote and ligne.vote.desaccord.strip()]

    @property
    def _lignes(self) -> list[EtatIndicateur]:
        return [ligne for champ in self.etat.champs for ligne in champ.concernes]

    def _jours(self, ligne: EtatIndicateur) -> set[datetime.date]:
        instants = [ligne.vote.note_le] if ligne.vote else []
        if ligne.reponse and ligne.valeur is not None:
            instants.append(ligne.reponse.modifiee_le)
        return {_jour(self.etat, instant) for instant in instants}


def bilan(etat: EtatDiagnostic, jour: datetime.date | None, maintenant: datetime.datetime) -> Bilan:
    """Of the day asked for; else of the last meeting, or of today."""
    aujourdhui = _jour(etat, maintenant)
    return Bilan(etat, jour or next(iter(Bilan(etat, aujourdhui).seances), aujourdhui))


def _jour(etat: EtatDiagnostic, instant: datetime.datetime) -> datetime.date:
    """The day it is in the school's académie."""
    return etat.diagnostic.campagne.jour_local(instant)
