"""What a purchase costs over its whole life, and what the budget has not foreseen of it. Pure Python.

The families of cost are those of DOMAIN.md section 5; the method is the one that collectivités use: charges of each
year, and the purchase spread over the years that it serves. Amounts are exact; only what is divided is rounded, once,
to the cent, half up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget.domain.argent import arrondir, total


@dataclass(frozen=True)
class Poste:
    """`montant` euros for each year of the life from `de` to `a`; the year of the purchase is 1."""

    montant: Decimal
    de: int
    a: int
    investissement: bool = False


@dataclass(frozen=True)
class AnneeDeVie:
    """One year of the life, and the exercice that it falls in."""

    rang: int
    exercice: int
    investissement: Decimal
    fonctionnement: Decimal

    @property
    def total(self) -> Decimal:
        return self.investissement + self.fonctionnement


@dataclass(frozen=True)
class CoutComplet:
    """`aides`: what others pay of it."""

    annees: tuple[AnneeDeVie, ...]
    aides: Decimal

    @property
    def investissement(self) -> Decimal:
        return total(annee.investissement for annee in self.annees)

    @property
    def fonctionnement(self) -> Decimal:
        return total(annee.fonctionnement for annee in self.annees)

    @property
    def total(self) -> Decimal:
        return self.investissement + self.fonctionnement

    @property
    def reste_a_charge(self) -> Decimal:
        """What the school bears: never less than nothing."""
        return max(self.total - self.aides, Decimal("0.00"))

    @property
    def par_an(self) -> Decimal:
        return arrondir(self.total / len(self.annees))

    def par_eleve_et_par_an(self, effectif: int | None) -> Decimal | None:
        """Divided once: not the rounded cost of a year over the number of pupils. None when that number is unknown."""
        return arrondir(self.total / (len(self.annees) * effectif)) if effectif else None


def cout_complet(
    postes: Sequence[Poste], *, duree: int, exercice: int, aides: Decimal = Decimal("0.00")
) -> CoutComplet:
    """Over `duree` years from `exercice`, the civil year of the purchase. Raises ValueError for a life of no year, and
    for a cost that falls outside of it.
    """
    if duree < 1:
        raise ValueError("Une durée de service compte au moins une année.")
    if any(not 1 <= poste.de <= poste.a <= duree for poste in postes):
        raise ValueError("Un coût tombe hors de la durée de service.")
    annees = tuple(
        AnneeDeVie(rang, exercice + rang - 1, _de_l_annee(postes, rang, True), _de_l_annee(postes, rang, False))
        for rang in range(1, duree + 1)
    )
    return CoutComplet(annees, aides)


def _de_l_annee(postes: Sequence[Poste], rang: int, investissement: bool) -> Decimal:
    return total(
        poste.montant for poste in postes if poste.de <= rang <= poste.a and poste.investissement is investissement
    )


@dataclass(frozen=True)
class AnneeADecouvert:
    """An exercice of the life whose running charges are not, or not wholly, in the budget."""

    exercice: int
    charges: Decimal
    prevu: Decimal

    @property
    def manque(self) -> Decimal:
        return self.charges - self.prevu


@dataclass(frozen=True)
class DetteDeFonctionnement:
    """The years that an investment will cost and that nothing pays for yet."""

    annees: tuple[AnneeADecouvert, ...]

    @property
    def total(self) -> Decimal:
        return total(annee.manque for annee in self.annees)


def dette_de_fonctionnement(cout: CoutComplet, prevus: Mapping[int, Decimal]) -> DetteDeFonctionnement:
    """`prevus`: by exercice, the running lines that the budget has for this purchase. What one year has in excess does
    not pay for another.
    """
    zero = Decimal("0.00")
    return DetteDeFonctionnement(
        tuple(
            AnneeADecouvert(annee.exercice, annee.fonctionnement, prevus.get(annee.exercice, zero))
            for annee in cout.annees
            if annee.fonctionnement > prevus.get(annee.exercice, zero)
        )
    )
