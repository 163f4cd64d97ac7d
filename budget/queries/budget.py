"""A school's budget, read once a page: its lines and what pays for them. Every view is added up from the same rows, so
that an exercice, a school year, a lever and a funder cannot disagree.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from budget.domain.argent import total
from budget.domain.financeurs import FINANCEURS
from budget.models import Exercice, Financement, LigneBudget, Partie
from plans.models import Action, QuerySetCorbeille
from strategie.socle.models import Etablissement

ZERO = Decimal("0.00")
SANS_SERVICE = "aucun"
# In which order the parts of a total are told.
ORDRES: Mapping[str, Sequence[Any]] = {
    "section": LigneBudget.Section.values,
    "levier": Action.Levier.values,
    "service": [service for service in LigneBudget.Service.values if service] + [""],
    "payeur": Partie.values,
    "source": list(FINANCEURS),
}


@dataclass(frozen=True)
class Selection:
    """Which lines: those of an exercice, or those that serve a school year, or all; then narrowed. « » and None choose
    nothing. `service` is a code, or SANS_SERVICE; `financeur` is a code of `budget.domain.financeurs`, and keeps the
    lines that it pays for; `action`, `achat`, `formation` are keys.
    """

    exercice: int | None = None
    annee_scolaire: str = ""
    section: str = ""
    levier: str = ""
    service: str = ""
    payeur: str = ""
    financeur: str = ""
    action: int | None = None
    achat: int | None = None
    formation: int | None = None

    @property
    def periode(self) -> Q:
        exercice = Q() if self.exercice is None else Q(exercice=self.exercice)
        return exercice & (Q(annee_scolaire=self.annee_scolaire) if self.annee_scolaire else Q())

    @property
    def par_lignes(self) -> bool:
        """Something is asked that only a line tells: what pays for no line is then left out."""
        return bool(self.levier or self.service or self.payeur or self.action or self.achat or self.formation)

    def garde(self, ligne: LigneLue) -> bool:
        """All but the period and the funder."""
        return (
            self.section in ("", ligne.section)
            and self.levier in ("", ligne.levier)
            and self.service in ("", ligne.service or SANS_SERVICE)
            and self.payeur in ("", ligne.payeur)
            and self.action in (None, ligne.action)
            and self.achat in (None, ligne.achat)
            and self.formation in (None, ligne.formation)
        )


@dataclass(frozen=True, slots=True)
class LigneLue:
    """A line as it is kept; `action`, `achat` and `formation` are keys."""

    cle: int
    exercice: int
    annee_scolaire: str
    intitule: str
    section: str
    levier: str
    service: str
    activite: str
    compte: str
    payeur: str
    prevu: Decimal
    engage: Decimal
    paye: Decimal
    note: str
    origine: str
    reference: str
    action: int | None
    action_intitule: str | None
    achat: int | None
    achat_intitule: str | None
    formation: int | None
    formation_intitule: str | None

    @property
    def depassement(self) -> Decimal:
        """What is engaged beyond what was planned."""
        return max(self.engage - self.prevu, ZERO)

    @property
    def levier_dit(self) -> str:
        return str(Action.Levier(self.levier).label)

    @property
    def payeur_dit(self) -> str:
        return str(Partie(self.payeur).label)


CHAMPS_D_UNE_LIGNE = (
    *("pk", "exercice", "annee_scolaire", "intitule", "section", "levier", "service", "activite", "compte", "payeur"),
    *("prevu", "engage", "paye", "note", "origine", "reference"),
    *("action_id", "action__intitule", "achat_id", "achat__intitule", "formation_id", "formation__intitule"),
)


@dataclass(frozen=True, slots=True)
class FinancementLu:
    """What somebody is asked, grants and has paid; for a line, for a purchase, or for the exercice as a whole."""

    cle: int
    exercice: int
    annee_scolaire: str
    source: str
    intitule: str
    section: str
    ligne: int | None
    ligne_intitule: str | None
    achat: int | None
    achat_intitule: str | None
    demande: Decimal
    accorde: Decimal
    recu: Decimal
    demande_le: datetime.date | None
    accorde_le: datetime.date | None
    refuse: bool
    note: str

    @property
    def attendu(self) -> Decimal:
        """Asked, and not answered: it is no resource yet. A part that is granted is an answer."""
        return ZERO if self.refuse or self.accorde else self.demande

    @property
    def source_dite(self) -> str:
        return FINANCEURS[self.source].nom if self.source in FINANCEURS else self.source


CHAMPS_D_UN_FINANCEMENT = (
    *("pk", "exercice", "annee_scolaire", "source", "intitule", "section"),
    *("ligne_id", "ligne__intitule", "achat_id", "achat__intitule"),
    *("demande", "accorde", "recu", "demande_le", "accorde_le", "refuse", "note"),
)


@dataclass(frozen=True)
class Montants:
    """What some lines cost; exact sums."""

    prevu: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO

    @classmethod
    def de(cls, lignes: Sequence[LigneLue]) -> Montants:
        return cls(*(total(getattr(ligne, champ) for ligne in lignes) for champ in ("prevu", "engage", "paye")))


@dataclass(frozen=True)
class Aides:
    """What some financings bring; `attendu` is the part of `demande` that nobody has answered yet."""

    demande: Decimal = ZERO
    accorde: Decimal = ZERO
    recu: Decimal = ZERO
    attendu: Decimal = ZERO

    @classmethod
    def de(cls, financements: Sequence[FinancementLu]) -> Aides:
        champs = ("demande", "accorde", "recu", "attendu")
        return cls(*(total(getattr(aide, champ) for aide in financements) for champ in champs))


@dataclass(frozen=True)
class Synthese:
    """`lignes` and `financements` answer to the selection; `toutes` and `tous` are those of the period, before it is
    narrowed; `exercices` are the school's, by year, closed or not.

    `par("levier")` gives the `Montants` of each lever that has lines, in the order of the screens; so for "section",
    "service", "payeur", "exercice", "annee_scolaire", "action"… `aides_par("source")` gives the `Aides` of each funder;
    so for "section", "exercice", "annee_scolaire", "ligne", "achat". The parts always add up to `montants`, to `aides`.
    """

    selection: Selection
    toutes: Sequence[LigneLue]
    tous: Sequence[FinancementLu]
    exercices: Mapping[int, Exercice]

    @cached_property
    def lignes(self) -> Sequence[LigneLue]:
        retenues = [ligne for ligne in self.toutes if self.selection.garde(ligne)]
        if not self.selection.financeur:
            return retenues
        aidees = {aide.ligne for aide in self.tous if aide.source == self.selection.financeur}
        return [ligne for ligne in retenues if ligne.cle in aidees]

    @cached_property
    def financements(self) -> Sequence[FinancementLu]:
        choix = self.selection
        retenues = {ligne.cle for ligne in self.lignes}
        return [
            aide
            for aide in self.tous
            if choix.section in ("", aide.section)
            and choix.financeur in ("", aide.source)
            and (not choix.par_lignes or aide.ligne in retenues or (choix.achat and aide.achat == choix.achat))
        ]

    @cached_property
    def montants(self) -> Montants:
        return Montants.de(self.lignes)

    @cached_property
    def aides(self) -> Aides:
        return Aides.de(self.financements)

    @cached_property
    def depassements(self) -> Sequence[LigneLue]:
        return [ligne for ligne in self.lignes if ligne.depassement]

    def par(self, attribut: str) -> dict[Any, Montants]:
        return {cle: Montants.de(siennes) for cle, siennes in _ranger(self.lignes, attribut).items()}

    def lignes_par(self, attribut: str) -> dict[Any, list[LigneLue]]:
        return _ranger(self.lignes, attribut)

    def aides_par(self, attribut: str) -> dict[Any, Aides]:
        return {cle: Aides.de(siens) for cle, siens in _ranger(self.financements, attribut).items()}

    def financements_par(self, attribut: str) -> dict[Any, list[FinancementLu]]:
        return _ranger(self.financements, attribut)


def synthese(etablissement: Etablissement, selection: Selection) -> Synthese:
    """`synthese(etablissement, Selection(exercice=2026)) -> Synthese`: the one summary that every view, file and board
    paper of the budget is made of. Three queries, whatever is selected and however many lines there are.
    """
    return _lire(etablissement, selection, lignes_de(etablissement), financements_de(etablissement))


def synthese_partagee(etablissement: Etablissement, selection: Selection, niveau: str) -> Synthese:
    """What a collectivité of this level reads of it: what it pays, what is asked of collectivités."""
    sources = [financeur.code for financeur in FINANCEURS.values() if financeur.partie == "collectivite"]
    siennes = lignes_de(etablissement).filter(payeur=niveau)
    return _lire(etablissement, selection, siennes, financements_de(etablissement).filter(source__in=sources))


def lignes_de(etablissement: Etablissement) -> QuerySetCorbeille[LigneBudget]:
    """Those that are not in the bin."""
    lignes: QuerySetCorbeille[LigneBudget] = LigneBudget.objects.vivants().filter(etablissement=etablissement)
    return lignes


def financements_de(etablissement: Etablissement) -> QuerySetCorbeille[Financement]:
    financements: QuerySetCorbeille[Financement] = Financement.objects.vivants().filter(etablissement=etablissement)
    return financements


def _lire(
    etablissement: Etablissement,
    selection: Selection,
    lignes: QuerySetCorbeille[LigneBudget],
    financements: QuerySetCorbeille[Financement],
) -> Synthese:
    exercices = Exercice.objects.filter(etablissement=etablissement).select_related("clos_par")
    return Synthese(
        selection,
        [LigneLue(*valeurs) for valeurs in lignes.filter(selection.periode).values_list(*CHAMPS_D_UNE_LIGNE)],
        [
            FinancementLu(*valeurs)
            for valeurs in financements.filter(selection.periode).values_list(*CHAMPS_D_UN_FINANCEMENT)
        ],
        {exercice.annee: exercice for exercice in exercices},
    )


def _ranger[L](rangees: Iterable[L], attribut: str) -> dict[Any, list[L]]:
    """By the value of an attribute, in the order in which it is told; else by rising value, nothing last."""
    groupes: dict[Any, list[L]] = {}
    for rangee in rangees:
        groupes.setdefault(getattr(rangee, attribut), []).append(rangee)
    return {cle: groupes[cle] for cle in sorted(groupes, key=_rang(attribut))}


def _rang(attribut: str) -> Callable[[Any], tuple[bool, Any]]:
    ordre = ORDRES.get(attribut)
    if ordre is None:
        return lambda cle: (cle is None, 0 if cle is None else cle)
    return lambda cle: (cle not in ordre, ordre.index(cle) if cle in ordre else str(cle))
