"""Querysets whose SQL is written once a process, for the few that every click runs.

Django writes the same SQL again at each request; on the pages that answer most often that is half of the time.
A prepared queryset is an ordinary one, built the first time with marks in place of its values; each call then sends
the same text with other values, and Django makes the instances, or the tuples of `values_list`, as usual.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

MARQUES: dict[str, Callable[[int], Any]] = {
    "int": lambda rang: -2_000_000_000 - rang,
    "str": lambda rang: f"\ue000{rang}",
    "datetime.date": lambda rang: datetime.date(1, 1, 1 + rang),
}


class Preparee[M]:
    """Calls `construire` once; then `requete(**values)` gives the list of rows, in one query and without its cost.

    Every value comes through a parameter annotated int, str or datetime.date: anything else that `construire`
    reads (today, a setting, a row) would be kept for ever as it was the first time.
    """

    def __init__(self, construire: Callable[..., QuerySet[Any, M]]) -> None:
        self.construire = construire
        self.__doc__ = construire.__doc__
        types = {nom: parametre.annotation for nom, parametre in inspect.signature(construire).parameters.items()}
        self.marques = {nom: MARQUES[genre](rang) for rang, (nom, genre) in enumerate(types.items())}
        self._modele: tuple[QuerySet[Any], Any, str, list[Any]] | None = None

    def __call__(self, **valeurs: int | str | datetime.date) -> list[M]:
        queryset, compilateur, enonce, parametres = self._modele or self._preparer()
        donnes = tuple(valeurs[p.nom] if isinstance(p, _Place) else p for p in parametres)
        pret = copy(compilateur)
        pret.connection = connections[DEFAULT_DB_ALIAS]
        pret.as_sql = lambda *args, **options: (enonce, donnes)
        lecture = queryset.all()
        lecture._query = _Prete(pret, queryset.query)  # type: ignore[attr-defined]
        iterable: Any = lecture._iterable_class
        return list(iterable(lecture))

    def _preparer(self) -> tuple[QuerySet[Any], Any, str, list[Any]]:
        queryset = self.construire(**self.marques)
        compilateur = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        enonce, ecrits = compilateur.as_sql()
        places = {repr(marque): _Place(nom) for nom, marque in self.marques.items()}
        parametres = [places.get(repr(ecrit), ecrit) for ecrit in ecrits]
        if absents := [nom for nom in self.marques if _Place(nom) not in parametres]:
            raise TypeError(f"{self.construire.__name__}: {', '.join(absents)} is not in the SQL.")
        self._modele = queryset, compilateur, enonce, parametres
        return self._modele


@dataclass(frozen=True)
class _Place:
    """Where the value of a parameter goes in the SQL."""

    nom: str


class _Prete:
    """The query of a queryset, the compiler being ready."""

    def __init__(self, compilateur: Any, requete: Any) -> None:
        self.compilateur = compilateur
        self.requete = requete

    def __getattr__(self, nom: str) -> Any:
        return getattr(self.requete, nom)

    def get_compiler(self, *args: object, **options: object) -> Any:
        return self.compilateur


def preparee[M](construire: Callable[..., QuerySet[Any, M]]) -> Preparee[M]:
    return Preparee(construire)
