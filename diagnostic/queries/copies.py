"""Signed copies: read from what was frozen, never computed again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from diagnostic.domain.cotation import PALIERS, pour_cent
from diagnostic.models import CopieSignee
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class ChampSigne:
    """A champ as it was signed, and its palier a year before where there is one."""

    code: str
    libelle: str
    palier: int
    palier_avant: int | None
    non_etabli: bool
    pourcentages: tuple[int | None, ...]
    manquants: tuple[dict[str, Any], ...]

    @property
    def premier_manquant(self) -> str:
        """The énoncé to name first; empty when nothing is missing."""
        return self.manquants[0]["enonce"] if self.manquants else ""

    @property
    def constat(self) -> str:
        """Why one of the missing conditions is a need."""
        return f"Condition du palier\u00a0{self.palier + 1}, champ «\u00a0{self.libelle}\u00a0», au diagnostic signé."

    @property
    def evolution(self) -> int | None:
        return None if self.palier_avant is None else self.palier - self.palier_avant


@dataclass(frozen=True)
class ResultatsSignes:
    """What a signed copy says, ready for a screen."""

    copie: CopieSignee
    contenu: dict[str, Any]
    champs: tuple[ChampSigne, ...]
    annee: str
    annee_avant: str | None


def copies_de(etablissement: Etablissement) -> QuerySet[CopieSignee]:
    """The school's signed copies, newest year and version first, without their bytes."""
    return (
        CopieSignee.objects.sans_pdf()
        .filter(diagnostic__etablissement=etablissement)
        .select_related("diagnostic__campagne")
        .order_by("-diagnostic__campagne__annee_scolaire", "-version")
    )


def derniere_copie(etablissement: Etablissement, annee: str | None = None) -> CopieSignee | None:
    """The copy in force: the newest version of `annee`, or of the latest year signed."""
    copies = copies_de(etablissement)
    if annee is not None:
        copies = copies.filter(diagnostic__campagne__annee_scolaire=annee)
    return copies.first()


def resultats_signes(copie: CopieSignee, *, comparer: bool = True) -> ResultatsSignes:
    """Reads a copy, beside the last one of an earlier year when `comparer` asks for it (one query)."""
    annee = copie.diagnostic.campagne.annee_scolaire
    avant = _copie_d_avant(copie, annee) if comparer else None
    contenu = json.loads(copie.contenu)
    paliers_avant = _paliers(json.loads(avant.contenu)) if avant else {}
    return ResultatsSignes(
        copie=copie,
        contenu=contenu,
        champs=tuple(_champ_signe(champ, paliers_avant) for champ in contenu["champs"]),
        annee=annee,
        annee_avant=avant.diagnostic.campagne.annee_scolaire if avant else None,
    )


def _copie_d_avant(copie: CopieSignee, annee: str) -> CopieSignee | None:
    return copies_de(copie.diagnostic.etablissement).filter(diagnostic__campagne__annee_scolaire__lt=annee).first()


def _paliers(contenu: Mapping[str, Any]) -> dict[str, int]:
    return {champ["code"]: champ["resultat"]["palier"] for champ in contenu["champs"]}


def _champ_signe(champ: Mapping[str, Any], paliers_avant: Mapping[str, int]) -> ChampSigne:
    resultat = champ["resultat"]
    indicateurs = {indicateur["code"]: indicateur for indicateur in champ["indicateurs"]}
    scores = [resultat["scores"][str(palier)] for palier in PALIERS]
    return ChampSigne(
        code=champ["code"],
        libelle=champ["libelle"],
        palier=resultat["palier"],
        palier_avant=paliers_avant.get(champ["code"]),
        non_etabli=resultat["non_etabli"],
        pourcentages=tuple(None if score is None else pour_cent(Fraction(score)) for score in scores),
        manquants=tuple(indicateurs[code] for code in resultat["manquants"]),
    )
