"""The figures of a school's equipment: one query groups its things, and every figure is added up from the groups."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear

from budget.domain.cycle import Prevision, pour_cent, pour_cent_eleves, prevoir
from budget.models import TERMINAUX, Categorie, Equipement
from budget.queries.durees import durees_de, fin_prevue
from budget.rules.controle import debut_du_controle
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement

Etat, Domaine = Equipement.Etat, Equipement.Domaine
TABLETTES = (Categorie.TABLETTE, Categorie.HYBRIDE)
AFFICHAGE = (Categorie.VIDEOPROJECTEUR, Categorie.TABLEAU, Categorie.ECRAN, Categorie.VISUALISEUR)
RESEAU = (Categorie.SERVEUR, Categorie.BORNE, Categorie.RESEAU)
AGE_MAX = 10  # « dix ans et plus »
AGE_REPERE = 5


@dataclass(frozen=True)
class Famille:
    code: str
    libelle: str
    categories: tuple[str, ...]


FAMILLES = (
    Famille("terminaux", "Ordinateurs et tablettes", TERMINAUX),
    Famille("affichage", "Affichage", AFFICHAGE),
    Famille("reseau", "Réseau et serveurs", RESEAU),
    Famille("autres", "Autres", tuple(c for c in Categorie if c not in (*TERMINAUX, *AFFICHAGE, *RESEAU))),
)


@dataclass(frozen=True)
class Tranche:
    """Things that no figure tells apart. `age`: whole years since they were bought, `fin`: the year when their planned
    life ends, None where no date says it; `vus`: seen by this year's check.
    """

    categorie: str
    domaine: str
    etat: str
    proprietaire: str
    destination: str
    prete_a: str
    age: int | None
    fin: int | None
    depassee: bool
    vus: bool
    nombre: int
    sans_prix: int
    montant: Decimal


@dataclass(frozen=True)
class Part:
    """`nombre` of `sur`; what nobody knows is in neither, and said beside."""

    nombre: int
    sur: int
    inconnus: int = 0

    @property
    def pour_cent(self) -> Decimal | None:
        return pour_cent(self.nombre, self.sur)


@dataclass(frozen=True)
class Parc:
    """A school's equipment on a day, gone things included in `tranches` only."""

    etablissement: Etablissement
    jour: datetime.date
    durees: Mapping[str, int]
    tranches: Sequence[Tranche]

    @cached_property
    def presentes(self) -> list[Tranche]:
        return [tranche for tranche in self.tranches if tranche.etat != Etat.SORTI]

    @cached_property
    def terminaux(self) -> list[Tranche]:
        """Those of the administration too."""
        return [tranche for tranche in self.presentes if tranche.categorie in TERMINAUX]

    @cached_property
    def terminaux_pedagogiques(self) -> list[Tranche]:
        return [tranche for tranche in self.terminaux if tranche.domaine == Domaine.PEDAGOGIQUE]

    @cached_property
    def pedagogiques(self) -> list[Tranche]:
        return [tranche for tranche in self.presentes if tranche.domaine == Domaine.PEDAGOGIQUE]

    @property
    def nombre(self) -> int:
        return compte(self.presentes)

    @property
    def terminaux_pour_cent_eleves(self) -> Decimal | None:
        return pour_cent_eleves(compte(self.terminaux_pedagogiques), self.etablissement.effectif)

    @property
    def ordinateurs_pour_cent_eleves(self) -> Decimal | None:
        """Without the tablets."""
        ordinateurs = compte(t for t in self.terminaux_pedagogiques if t.categorie not in TABLETTES)
        return pour_cent_eleves(ordinateurs, self.etablissement.effectif)

    @cached_property
    def prevision(self) -> Prevision:
        return prevoir(self.presentes, self.jour.year)

    @cached_property
    def prevision_des_terminaux(self) -> Prevision:
        return prevoir(self.terminaux, self.jour.year)


def compte(tranches: Iterable[Tranche]) -> int:
    return sum(tranche.nombre for tranche in tranches)


def part(tranches: Sequence[Tranche], retenue: Callable[[Tranche], bool]) -> Part:
    return Part(compte(filter(retenue, tranches)), compte(tranches))


def part_depassee(tranches: Sequence[Tranche]) -> Part:
    """Past their planned life, of those whose end is known."""
    datees = [tranche for tranche in tranches if tranche.fin is not None]
    return Part(compte(t for t in datees if t.depassee), compte(datees), compte(tranches) - compte(datees))


def part_agee(tranches: Sequence[Tranche]) -> Part:
    """Five years old or more, of those whose purchase is dated."""
    ages = [(tranche.nombre, tranche.age) for tranche in tranches if tranche.age is not None]
    connus = sum(nombre for nombre, _ in ages)
    return Part(sum(nombre for nombre, age in ages if age >= AGE_REPERE), connus, compte(tranches) - connus)


def part_a_reprendre(tranches: Sequence[Tranche]) -> Part:
    """To repair or to retire."""
    return part(tranches, lambda tranche: tranche.etat in (Etat.A_REPARER, Etat.REFORMABLE))


def part_vue(tranches: Sequence[Tranche]) -> Part:
    """Seen by this year's check, of what it expects: what is lent is seen when it comes back."""
    return part([tranche for tranche in tranches if not tranche.prete_a], lambda tranche: tranche.vus)


def repartition(tranches: Iterable[Tranche], champ: str) -> Counter[str]:
    """How many by the values of a field."""
    comptes: Counter[str] = Counter()
    for tranche in tranches:
        comptes[getattr(tranche, champ)] += tranche.nombre
    return comptes


@dataclass(frozen=True)
class Age:
    """How many things of an age, `depassees` of them past their planned life; `age` None where nobody knows it."""

    age: int | None
    nombre: int
    depassees: int


def pyramide(tranches: Iterable[Tranche]) -> list[Age]:
    """From the youngest to « ten years and more », then without a date; each age has its place, empty or not."""
    nombres: Counter[int | None] = Counter()
    depassees: Counter[int | None] = Counter()
    for tranche in tranches:
        age = None if tranche.age is None else max(0, min(tranche.age, AGE_MAX))  # dated in the future: new
        nombres[age] += tranche.nombre
        depassees[age] += tranche.nombre if tranche.depassee else 0
    return [Age(age, nombres[age], depassees[age]) for age in (*range(AGE_MAX + 1), None)]


# --- The one query -------------------------------------------------------------------------------------------
def parc_de(etablissement: Etablissement, jour: datetime.date) -> Parc:
    """Two queries, whatever the school has."""
    durees = durees_de(etablissement)
    groupes = (
        Equipement.objects.vivants()
        .filter(etablissement=etablissement)
        .annotate(
            age=age_en_base(jour),
            fin_prevue=fin_prevue(durees),
            fin=ExtractYear("fin_prevue"),
            depassee=_vrai(Q(fin_prevue__lt=jour)),
            vus=_vrai(Q(vu_le__gte=debut_du_controle(annee_scolaire(jour)))),
        )
        .order_by()
        .values_list(
            *("categorie", "domaine", "etat", "proprietaire", "destination", "prete_a"),
            *("age", "fin", "depassee", "vus"),
        )
        .annotate(
            quantite=Sum("nombre"),
            sans_prix=Coalesce(Sum("nombre", filter=Q(prix__isnull=True)), 0),
            montant=Coalesce(Sum(F("nombre") * F("prix"), output_field=DecimalField()), Decimal("0.00")),
        )
    )
    return Parc(etablissement, jour, durees, [Tranche(*groupe) for groupe in groupes])


def age_en_base(jour: datetime.date) -> Func:
    """`domain.cycle.age` of a row of equipment, in SQL; NULL where no date says it."""
    return Func(
        Cast(Value(jour), DateField()),
        F("achete_le"),
        template="EXTRACT(YEAR FROM AGE(%(expressions)s))::int",
        output_field=IntegerField(),
    )


def _vrai(condition: Q) -> Coalesce:
    """False where nobody knows."""
    return Coalesce(ExpressionWrapper(condition, output_field=BooleanField()), Value(False))
