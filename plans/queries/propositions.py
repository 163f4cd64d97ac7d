"""Proposals: a need and a model action for each indicator, in our words or in those of the académie.

The file is data, read once a process; it is checked whole, so that a mistake stops a developer and not a school.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from plans.models import Action, IndicateurSuivi, PropositionAdaptee, Theme
from plans.rules.propositions import ACTEURS, TexteDeProposition, cout_en_mots, defauts_du_texte, effort_en_mots
from strategie.socle.models import Academie

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "propositions-v1.json"
TEXTE = tuple(champ.name for champ in fields(TexteDeProposition))


@dataclass(frozen=True)
class IndicateurPropose:
    """How one would know that the action succeeds; `depart` is None when the school has to measure it first."""

    intitule: str
    unite: str
    depart: Decimal | None
    cible: Decimal
    sens: str


@dataclass(frozen=True)
class Proposition:
    """`prerequis`: codes of what is better done before; `acteur`: who can lift the condition; `porteur`: a function.

    `adaptee`: the words are the académie's.
    """

    code: str
    theme: str
    besoin: str
    titre: str
    pourquoi: str
    comment: tuple[str, ...]
    effort_min: int
    effort_max: int
    cout_min: int
    cout_max: int
    levier: str
    prerequis: tuple[str, ...]
    acteur: str
    porteur: str
    indicateur: IndicateurPropose
    facteur: str
    adaptee: bool = False

    @property
    def texte(self) -> TexteDeProposition:
        return TexteDeProposition(**{nom: getattr(self, nom) for nom in TEXTE})

    @property
    def effort(self) -> str:
        return effort_en_mots(self.effort_min, self.effort_max)

    @property
    def cout(self) -> str:
        return cout_en_mots(self.cout_min, self.cout_max)

    @property
    def moyen(self) -> str:
        return str(Action.Levier(self.levier).label)


class FichierInvalide(ValueError):
    """Its text names everything that is wrong in the file of proposals."""


@cache
def propositions_nationales() -> Mapping[str, Proposition]:
    """By code, in the order of the file."""
    return lire_propositions(json.loads(FICHIER.read_text(encoding="utf-8")))


def propositions_de(academie: Academie) -> Mapping[str, Proposition]:
    """By code, as the schools of this académie read them: one query."""
    adaptees = {adaptee.code: adaptee for adaptee in PropositionAdaptee.objects.filter(academie=academie)}
    return {
        code: adapter(proposition, texte_adapte(adaptees[code])) if code in adaptees else proposition
        for code, proposition in propositions_nationales().items()
    }


def texte_adapte(adaptee: PropositionAdaptee) -> TexteDeProposition:
    valeurs = {nom: getattr(adaptee, nom) for nom in TEXTE}
    return TexteDeProposition(**valeurs | {"comment": tuple(adaptee.comment)})


def adapter(proposition: Proposition, texte: TexteDeProposition) -> Proposition:
    return replace(proposition, **asdict(texte), adaptee=True)


# --- The file --------------------------------------------------------------------------------------------------
def lire_propositions(donnees: Mapping[str, Any]) -> dict[str, Proposition]:
    """Raises FichierInvalide."""
    lignes = donnees["propositions"]
    defauts = [defaut for ligne in lignes for defaut in _defauts(ligne, {autre["code"] for autre in lignes})]
    defauts += _doubles_et_cycles(lignes)
    if defauts:
        raise FichierInvalide("\n".join(defauts))
    return {ligne["code"]: _proposition(ligne) for ligne in lignes}


def _proposition(ligne: Mapping[str, Any]) -> Proposition:
    mesure = ligne["indicateur"]
    return Proposition(
        **asdict(_texte(ligne)),
        **{nom: ligne[nom] for nom in ("code", "theme", "acteur", "porteur", "facteur")},
        prerequis=tuple(ligne["prerequis"]),
        indicateur=IndicateurPropose(
            intitule=mesure["intitule"],
            unite=mesure["unite"],
            depart=None if mesure["depart"] is None else Decimal(mesure["depart"]),
            cible=Decimal(mesure["cible"]),
            sens=mesure["sens"],
        ),
    )


def _texte(ligne: Mapping[str, Any]) -> TexteDeProposition:
    (effort_min, effort_max), (cout_min, cout_max) = ligne["effort_jours"], ligne["cout_euros"]
    return TexteDeProposition(
        **{nom: ligne[nom] for nom in ("besoin", "titre", "pourquoi", "levier")},
        comment=tuple(ligne["comment"]),
        effort_min=effort_min,
        effort_max=effort_max,
        cout_min=cout_min,
        cout_max=cout_max,
    )


def _defauts(ligne: Mapping[str, Any], codes: set[str]) -> Iterator[str]:
    code, mesure = ligne["code"], ligne["indicateur"]
    for champ, phrase in defauts_du_texte(_texte(ligne)).items():
        yield f"{code}, {champ}\u00a0: {phrase}"
    for quoi, valeur, permis in (
        ("theme", ligne["theme"], Theme.values),
        ("acteur", ligne["acteur"], ACTEURS),
        ("indicateur.sens", mesure["sens"], IndicateurSuivi.Sens.values),
    ):
        if valeur not in permis:
            yield f"{code}, {quoi}\u00a0: «\u00a0{valeur}\u00a0» n'est pas un de {', '.join(permis)}."
    for quoi, valeur, longueur in (
        ("porteur", ligne["porteur"], 80),
        ("facteur", ligne["facteur"], 300),
        ("indicateur.intitule", mesure["intitule"], 200),
        ("indicateur.unite", mesure["unite"], 40),
    ):
        if not 0 < len(valeur) <= longueur:
            yield f"{code}, {quoi}\u00a0: de 1 à {longueur} caractères."
    depart, cible = mesure["depart"], mesure["cible"]
    if depart is not None and depart != cible and (cible > depart) != (mesure["sens"] == "hausse"):
        yield f"{code}, indicateur\u00a0: la cible n'est pas du bon côté du départ."
    if absents := [prerequis for prerequis in ligne["prerequis"] if prerequis not in codes]:
        yield f"{code}, prerequis\u00a0: {', '.join(absents)} n'y est pas."


def _doubles_et_cycles(lignes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    codes = [ligne["code"] for ligne in lignes]
    if doubles := sorted({code for code in codes if codes.count(code) > 1}):
        yield f"En double\u00a0: {', '.join(doubles)}."
    try:
        TopologicalSorter({ligne["code"]: ligne["prerequis"] for ligne in lignes}).prepare()
    except CycleError as cycle:
        yield f"Des prérequis tournent en rond\u00a0: {' → '.join(cycle.args[1])}."
