"""A version of the référentiel as it is asked: read once, then kept for as long as the process lives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from diagnostic.domain.conditions import Regle, Situation, regle_ecartant
from diagnostic.domain.plausibilite import RegleDePlausibilite
from diagnostic.models import Champ, Indicateur, Palier, Referentiel, ReglePlausibilite
from strategie.socle.models import Etablissement

VERSIONS_GARDEES = 32


@dataclass(frozen=True)
class Questionnaire:
    """Paliers, champs with their indicators in order, and the rules of plausibility of one version."""

    referentiel: Referentiel
    paliers: tuple[Palier, ...]
    champs: tuple[tuple[Champ, tuple[Indicateur, ...]], ...]
    regles: tuple[RegleDePlausibilite, ...]

    def __iter__(self) -> Iterator[Indicateur]:
        return (indicateur for _, indicateurs in self.champs for indicateur in indicateurs)

    @cached_property
    def par_code(self) -> dict[str, Indicateur]:
        return {indicateur.code: indicateur for indicateur in self}

    def concernes(self, etablissement: Etablissement) -> list[Indicateur]:
        """The indicators that this school is asked, in order."""
        situation = situation_de(etablissement)
        return [indicateur for indicateur in self if ecarte(indicateur, situation) is None]


def questionnaire(referentiel: Referentiel) -> Questionnaire:
    """Three queries; none for a published version that was read before: it never changes."""
    return _publie(referentiel.pk) if referentiel.publie else _lire(referentiel)


def oublier_les_questionnaires() -> None:
    """After a change that a published version allows, such as its rules of plausibility."""
    _publie.cache_clear()


def situation_de(etablissement: Etablissement) -> Situation:
    return Situation(
        portees=etablissement.portees,
        internat=etablissement.internat,
        education_prioritaire=etablissement.en_education_prioritaire,
    )


def ecarte(indicateur: Indicateur, situation: Situation) -> Regle | None:
    """The rule that sets an indicator aside for a school in this situation."""
    return regle_ecartant(
        indicateur.portee,
        si_internat=indicateur.si_internat,
        si_education_prioritaire=indicateur.si_education_prioritaire,
        situation=situation,
    )


@lru_cache(maxsize=VERSIONS_GARDEES)
def _publie(referentiel: int) -> Questionnaire:
    return _lire(Referentiel.objects.get(pk=referentiel))


def _lire(referentiel: Referentiel) -> Questionnaire:
    par_champ: dict[Champ, list[Indicateur]] = defaultdict(list)
    for indicateur in Indicateur.objects.filter(referentiel=referentiel).select_related("champ").order_by("ordre"):
        par_champ[indicateur.champ].append(indicateur)
    regles = ReglePlausibilite.objects.filter(referentiel=referentiel).select_related("si", "alors").order_by("code")
    return Questionnaire(
        referentiel=referentiel,
        paliers=tuple(Palier.objects.filter(referentiel=referentiel)),
        champs=tuple(
            (champ, tuple(indicateurs))
            for champ, indicateurs in sorted(par_champ.items(), key=lambda paire: paire[0].ordre)
        ),
        regles=tuple(map(_regle, regles)),
    )


def _regle(regle: ReglePlausibilite) -> RegleDePlausibilite:
    return RegleDePlausibilite(
        code=regle.code,
        bloquante=regle.gravite == ReglePlausibilite.Gravite.BLOQUANTE,
        phrase=regle.phrase,
        si=regle.si.code,
        si_valeurs=frozenset(regle.si_valeurs),
        alors=regle.alors.code,
        alors_valeurs=frozenset(regle.alors_valeurs),
    )
