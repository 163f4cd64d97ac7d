"""Filters that are links: what is chosen is in the address, composes, is counted, and is taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Facettes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Filtre:
    """A filter to set, or (`actif`) to take away; `nombre`: the rows that it would show."""

    libelle: str
    nombre: int
    adresse: str
    actif: bool


@dataclass(frozen=True)
class Filtres:
    """By group, in the order in which they are told; a group with a single choice says nothing."""

    groupes: Sequence[tuple[str, Sequence[Filtre]]]
    actifs: Sequence[Filtre]
    nombre: int
    adresse_nue: str


def filtres(
    rangees: Sequence[Facettes],
    groupes: Mapping[str, tuple[str, Mapping[str, str]]],
    choisis: Mapping[str, str],
    chemin: str,
    gardes: Mapping[str, str],
) -> Filtres:
    """`rangees`: the values of each row, by group; `groupes`: the title of each, and the words of its values; `gardes`:
    what of the address is no filter.
    """
    nombres, nombre = _compter(rangees, choisis)

    def filtre(groupe: str, valeur: str) -> Filtre:
        actif, autres = choisis.get(groupe) == valeur, {n: v for n, v in choisis.items() if n != groupe}
        vers = {**gardes, **autres} | ({} if actif else {groupe: valeur})
        return Filtre(groupes[groupe][1][valeur], nombres[groupe, valeur], _adresse(chemin, vers), actif)

    tous = {
        groupe: [filtre(groupe, v) for v in mots if nombres[groupe, v] or choisis.get(groupe) == v]
        for groupe, (_, mots) in groupes.items()
    }
    return Filtres(
        [(groupes[groupe][0], siens) for groupe, siens in tous.items() if len(siens) > 1 or groupe in choisis],
        [un for siens in tous.values() for un in siens if un.actif],
        nombre,
        _adresse(chemin, gardes),
    )


def _compter(rangees: Sequence[Facettes], choisis: Mapping[str, str]) -> tuple[Counter[tuple[str, str]], int]:
    """How many rows each choice would show, the other choices kept; and how many are shown now."""
    nombres, nombre = Counter[tuple[str, str]](), 0
    for rangee in rangees:
        manques = [groupe for groupe, valeur in choisis.items() if valeur not in rangee[groupe]]
        nombre += not manques
        if len(manques) < 2:
            comptes = manques or rangee
            nombres.update((groupe, valeur) for groupe in comptes for valeur in rangee[groupe])
    return nombres, nombre


def _adresse(chemin: str, choix: Mapping[str, str]) -> str:
    return f"{chemin}?{urlencode(choix)}" if choix else chemin
