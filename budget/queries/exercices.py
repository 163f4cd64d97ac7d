"""Whether an exercice may be written in."""

from __future__ import annotations

from budget.models import Exercice
from budget.rules.exercices import empechement_ecrire_exercice
from strategie.socle.models import Etablissement


def exercice_lu(etablissement: Etablissement, annee: int) -> Exercice:
    """As it is kept, or as it would be opened by its first line."""
    tenu: Exercice | None = Exercice.objects.filter(etablissement=etablissement, annee=annee).first()
    return tenu or Exercice(etablissement=etablissement, annee=annee)


def empechement_d_ecrire(etablissement: Etablissement, annee: int) -> str | None:
    return empechement_ecrire_exercice(exercice_lu(etablissement, annee))
