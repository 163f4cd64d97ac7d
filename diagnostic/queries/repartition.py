"""Who answers what: the champs of a diagnostic, the colleagues who may answer, and what is confided to each."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from diagnostic.models import Delegation, Diagnostic
from diagnostic.queries.etat import EtatChamp, EtatDiagnostic
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.rules import empechement_repondre
from strategie.socle.droits import Droit, droits_de
from strategie.socle.models import Affectation, Etablissement, Utilisateur
from strategie.socle.queries.equipe import membres


class Part(NamedTuple):
    """One champ (its code) for one person (their account's key)."""

    champ: str
    personne: int


@dataclass(frozen=True)
class Collegue:
    """A person and the roles they hold in the school on a day; none: they no longer have access."""

    personne: Utilisateur
    affectations: tuple[Affectation, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(affectation.role for affectation in self.affectations)

    @property
    def peut_repondre(self) -> bool:
        return bool({Droit.REPONDRE, Droit.REPONDRE_CONFIE} & droits_de(self.roles))

    @property
    def titre(self) -> str:
        """What they are in the school, or why they no longer answer."""
        if not self.affectations:
            return "n'a plus accès"
        return self.affectations[0].intitule if self.peut_repondre else "ne répond plus au diagnostic"


@dataclass(frozen=True)
class Case:
    """A colleague in front of a champ, as the page shows it."""

    part: Part
    collegue: Collegue
    cochee: bool


@dataclass(frozen=True)
class Ligne:
    """A champ, and who may be confided it."""

    etat: EtatChamp
    cases: tuple[Case, ...]

    @property
    def confiee_a(self) -> list[Collegue]:
        return [case.collegue for case in self.cases if case.cochee]


@dataclass(frozen=True)
class PartConfiee:
    """What an e-mail tells a person: their champs of a diagnostic, by their names, and who confided them."""

    diagnostic: Diagnostic
    personne: Utilisateur
    confiee_par: Utilisateur
    champs: tuple[str, ...]


def equipe_du_jour(etablissement: Etablissement, jour: datetime.date) -> dict[int, Collegue]:
    """Everybody with a role in the school itself on `jour`, by account."""
    par_personne: dict[int, list[Affectation]] = {}
    for affectation in membres(etablissement, jour):
        par_personne.setdefault(affectation.utilisateur_id, []).append(affectation)
    return {cle: Collegue(siennes[0].utilisateur, tuple(siennes)) for cle, siennes in par_personne.items()}


def delegations_de(diagnostic: Diagnostic) -> QuerySet[Delegation]:
    """With the people they name, in the order of their names."""
    return (
        Delegation.objects.filter(diagnostic=diagnostic)
        .select_related("utilisateur", "confiee_par")
        .order_by("champ", "utilisateur__last_name", "utilisateur__first_name", "utilisateur")
    )


def parts(delegations: Iterable[Delegation]) -> frozenset[Part]:
    return frozenset(Part(delegation.champ, delegation.utilisateur_id) for delegation in delegations)


def lignes(
    etat: EtatDiagnostic,
    equipe: dict[int, Collegue],
    delegations: Collection[Delegation],
    cochees: AbstractSet[Part],
) -> list[Ligne]:
    """A line a champ: those who may answer, then those to whom it is confided though they no longer may."""
    actuelles = parts(delegations)
    partis = {d.utilisateur_id: equipe.get(d.utilisateur_id, Collegue(d.utilisateur)) for d in delegations}
    tous = {cle: collegue for cle, collegue in equipe.items() if collegue.peut_repondre} | partis

    def cases(champ: str) -> tuple[Case, ...]:
        possibles = {Part(champ, cle): collegue for cle, collegue in tous.items()}
        return tuple(
            Case(part, collegue, part in cochees)
            for part, collegue in possibles.items()
            if collegue.peut_repondre or part in actuelles
        )

    return [Ligne(etat=champ, cases=cases(champ.champ.code)) for champ in etat.champs]


def part_encore_confiee(delegations: Collection[int], maintenant: datetime.datetime) -> PartConfiee | None:
    """The whole part of the person whom these delegations name, if one of them still holds and they may answer."""
    delegation = (
        Delegation.objects.filter(pk__in=delegations, utilisateur__is_active=True)
        .select_related("utilisateur", "confiee_par", "diagnostic__referentiel")
        .select_related("diagnostic__etablissement", "diagnostic__campagne__academie")
        .first()
    )
    if delegation is None or empechement_repondre(delegation.diagnostic, maintenant):
        return None
    diagnostic, personne = delegation.diagnostic, delegation.utilisateur
    equipe = equipe_du_jour(diagnostic.etablissement, diagnostic.campagne.jour_local(maintenant))
    if personne.pk not in equipe or not equipe[personne.pk].peut_repondre:
        return None
    siens = set(delegations_de(diagnostic).filter(utilisateur=personne).values_list("champ", flat=True))
    champs = tuple(champ.libelle for champ, _ in questionnaire(diagnostic.referentiel).champs if champ.code in siens)
    return PartConfiee(diagnostic, personne, delegation.confiee_par, champs) if champs else None
