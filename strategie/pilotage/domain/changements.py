"""What moved between two contents of a board's file. Pure: nothing is read but the two dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Element = Mapping[str, Any]


class Sorte(StrEnum):
    AJOUT = "ajout"
    RETRAIT = "retrait"
    ETAT = "etat"
    COUT = "cout"
    MODIFICATION = "modification"


class Objet(StrEnum):
    AXE = "axe"
    ACTION = "action"
    LIGNE = "ligne"


@dataclass(frozen=True)
class Changement:
    """`champ` is what changed of the thing named, from `avant` to `apres`; all empty where it came or went."""

    sorte: Sorte
    objet: Objet
    cle: int
    intitule: str
    champ: str = ""
    avant: str = ""
    apres: str = ""

    def en_dict(self) -> dict[str, Any]:
        return asdict(self) | {"sorte": self.sorte.value, "objet": self.objet.value}


# The fields compared, with the sort of change that each tells.
CHAMPS: Mapping[Objet, Mapping[str, Sorte]] = {
    Objet.AXE: {"intitule": Sorte.MODIFICATION},
    Objet.ACTION: {
        "etat": Sorte.ETAT,
        "cout": Sorte.COUT,
        "intitule": Sorte.MODIFICATION,
        "comment": Sorte.MODIFICATION,
        "levier": Sorte.MODIFICATION,
        "qui": Sorte.MODIFICATION,
        "quand": Sorte.MODIFICATION,
        "indicateurs": Sorte.MODIFICATION,
    },
    Objet.LIGNE: {
        "prevu": Sorte.COUT,
        "engage": Sorte.COUT,
        "paye": Sorte.COUT,
        "intitule": Sorte.MODIFICATION,
    },
}


def changements(ancien: Mapping[str, Any], nouveau: Mapping[str, Any]) -> list[Changement]:
    """From `ancien`, as it was voted, to `nouveau`: axes, then actions, then lines of the budget.

    A part that one of them left out says nothing of what changed. The lines are compared inside one exercice only:
    those of another year are another budget.
    """
    trouves: list[Changement] = []
    if _ont(ancien, nouveau, "plan"):
        trouves += _comparer(Objet.AXE, _axes(ancien), _axes(nouveau))
        trouves += _comparer(Objet.ACTION, _actions(ancien), _actions(nouveau))
    if _ont(ancien, nouveau, "budget") and ancien.get("exercice") == nouveau.get("exercice"):
        trouves += _comparer(Objet.LIGNE, _lignes(ancien), _lignes(nouveau))
    return trouves


def _ont(ancien: Mapping[str, Any], nouveau: Mapping[str, Any], partie: str) -> bool:
    return ancien.get(partie) is not None and nouveau.get(partie) is not None


def _comparer(objet: Objet, avant: Mapping[int, Element], apres: Mapping[int, Element]) -> Iterator[Changement]:
    for cle, element in apres.items():
        if cle not in avant:
            yield Changement(Sorte.AJOUT, objet, cle, element["intitule"])
        else:
            yield from _differences(objet, cle, avant[cle], element)
    for cle in [cle for cle in avant if cle not in apres]:
        yield Changement(Sorte.RETRAIT, objet, cle, avant[cle]["intitule"])


def _differences(objet: Objet, cle: int, avant: Element, apres: Element) -> Iterator[Changement]:
    for champ, sorte in CHAMPS[objet].items():
        ancien, nouveau = _dit(avant.get(champ)), _dit(apres.get(champ))
        if ancien != nouveau:
            yield Changement(sorte, objet, cle, apres["intitule"], champ, ancien, nouveau)


def _dit(valeur: Any) -> str:
    if valeur is None:
        return ""
    return "\u00a0; ".join(valeur) if isinstance(valeur, list) else str(valeur)


def _axes(contenu: Mapping[str, Any]) -> dict[int, Element]:
    return {axe["cle"]: axe for axe in _plan(contenu) if axe["cle"]}


def _actions(contenu: Mapping[str, Any]) -> dict[int, Element]:
    """An action that serves two axes is one action."""
    return {action["cle"]: action for axe in _plan(contenu) for action in axe["actions"]}


def _lignes(contenu: Mapping[str, Any]) -> dict[int, Element]:
    return {ligne["cle"]: ligne for ligne in contenu["budget"]["lignes"]}


def _plan(contenu: Mapping[str, Any]) -> list[Element]:
    axes: list[Element] = contenu["plan"]["axes"]
    return axes
