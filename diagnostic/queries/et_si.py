"""« What if »: the rule of cotation redone with some missing conditions said to be fulfilled. Nothing is kept."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from diagnostic.domain.cotation import IndicateurCote, ResultatChamp, Valeur, coter_champ, pour_cent
from diagnostic.models import LIBELLES_VALEURS, CopieSignee, Diagnostic
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.evolution import valeur_signee


@dataclass(frozen=True)
class Condition:
    """An indicator that is missing for the next palier; `cochee`: said to be fulfilled."""

    code: str
    enonce: str
    bloquant: bool
    reponse: str
    cochee: bool


@dataclass(frozen=True)
class ChampSuppose:
    """`vise`: the next palier (None at the last one); the two `score` are of it, in per cent."""

    code: str
    libelle: str
    palier: int
    non_etabli: bool
    vise: int | None
    score: int | None
    conditions: tuple[Condition, ...]
    palier_suppose: int
    non_etabli_suppose: bool
    score_suppose: int | None

    @property
    def constat(self) -> str:
        """Why one of its conditions is a need, in a sentence."""
        return f"Condition du palier\u00a0{self.vise}, champ «\u00a0{self.libelle}\u00a0»."

    @property
    def coche(self) -> bool:
        return any(condition.cochee for condition in self.conditions)

    @property
    def monte(self) -> bool:
        return self.palier_suppose > self.palier


@dataclass(frozen=True)
class Supposition:
    """`inconnus`: what was asked for and is no missing condition."""

    champs: tuple[ChampSuppose, ...]
    inconnus: tuple[str, ...]

    @property
    def coches(self) -> int:
        return sum(condition.cochee for champ in self.champs for condition in champ.conditions)

    @property
    def montent(self) -> int:
        return sum(champ.monte for champ in self.champs)


def contenu_actuel(diagnostic: Diagnostic, maintenant: datetime.datetime) -> Mapping[str, Any]:
    """What was signed, while it is; else the answers as they stand, in the same shape."""
    if diagnostic.etat == Diagnostic.Etat.SOUMIS:
        copie = CopieSignee.objects.sans_pdf().filter(diagnostic=diagnostic).order_by("-version")[0]
        signe: Mapping[str, Any] = json.loads(copie.contenu)
        return signe
    return contenu_du_diagnostic(etat_du_diagnostic(diagnostic), diagnostic.campagne.jour_local(maintenant))


def supposer(contenu: Mapping[str, Any], oui: Collection[str]) -> Supposition:
    """`contenu`: a diagnostic in the shape that signatures freeze; `oui`: codes said to be fulfilled. No query."""
    reglages = {
        "seuil": Fraction(contenu["referentiel"]["seuil"]),
        "part_inconnue_max": Fraction(contenu["referentiel"]["part_inconnue_max"]),
    }
    champs = tuple(_supposer(champ, oui, reglages) for champ in contenu["champs"])
    connus = {condition.code for champ in champs for condition in champ.conditions}
    return Supposition(champs, tuple(code for code in dict.fromkeys(oui) if code not in connus))


def _supposer(champ: Mapping[str, Any], oui: Collection[str], reglages: Mapping[str, Fraction]) -> ChampSuppose:
    poses = [indicateur for indicateur in champ["indicateurs"] if indicateur["concerne"]]
    donnees = {i["code"]: valeur for i in poses if (valeur := valeur_signee(i)) is not None}
    actuel = _coter(poses, donnees, reglages)
    coches = {code: Valeur.oui for code in actuel.manquants if code in oui}
    suppose = _coter(poses, donnees | coches, reglages)
    vise = actuel.palier + 1 if actuel.palier + 1 in actuel.scores else None
    par_code = {indicateur["code"]: indicateur for indicateur in poses}
    return ChampSuppose(
        code=champ["code"],
        libelle=champ["libelle"],
        palier=actuel.palier,
        non_etabli=actuel.non_etabli,
        vise=vise,
        score=_score(actuel, vise),
        conditions=tuple(
            _condition(par_code[code], donnees.get(code), cochee=code in coches) for code in actuel.manquants
        ),
        palier_suppose=suppose.palier,
        non_etabli_suppose=suppose.non_etabli,
        score_suppose=_score(suppose, vise),
    )


def _coter(
    poses: Sequence[Mapping[str, Any]], valeurs: Mapping[str, Valeur], reglages: Mapping[str, Fraction]
) -> ResultatChamp:
    return coter_champ([IndicateurCote(i["code"], i["palier"], i["bloquant"]) for i in poses], valeurs, **reglages)


def _score(resultat: ResultatChamp, palier: int | None) -> int | None:
    score = resultat.scores[palier] if palier else None
    return None if score is None else pour_cent(score)


def _condition(indicateur: Mapping[str, Any], valeur: Valeur | None, *, cochee: bool) -> Condition:
    return Condition(
        code=indicateur["code"],
        enonce=indicateur["enonce"],
        bloquant=indicateur["bloquant"],
        reponse=LIBELLES_VALEURS[valeur] if valeur else "Sans réponse",
        cochee=cochee,
    )
