"""Proofs of an indicator: this diagnostic's, and those that the school's earlier diagnostics hold for the same one."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from diagnostic.models import CopieSignee, Diagnostic, Indicateur, Preuve

_ORIGINES = """
WITH RECURSIVE origine AS (
    SELECT %s::bigint AS id
  UNION
    SELECT lien.ancien_id FROM origine JOIN diagnostic_correspondance AS lien ON lien.nouveau_id = origine.id
    WHERE lien.ancien_id IS NOT NULL
)
SELECT id FROM origine
"""


@dataclass(frozen=True)
class PreuveDonnee:
    """A proof as its page shows it; `reprise_de` is the year that it was taken over from, if it was."""

    preuve: Preuve
    ancienne: bool
    reprise_de: str


def meme_preuve(preuve: Preuve) -> tuple[str, str, str]:
    """What makes two rows one proof: its name, and its link or its bytes."""
    return preuve.intitule, preuve.lien, preuve.sha256


def origines(indicateur: Indicateur) -> set[int]:
    """The indicator itself, and those of earlier versions that became it."""
    with connection.cursor() as curseur:
        curseur.execute(_ORIGINES, [indicateur.pk])
        return {origine for (origine,) in curseur.fetchall()}


def preuves_anterieures(diagnostic: Diagnostic, indicateur: Indicateur) -> list[Preuve]:
    """Those of the school's diagnostics of earlier years, newest year first; a proof of several years is there once."""
    toutes = (
        Preuve.objects.filter(
            diagnostic__etablissement=diagnostic.etablissement_id,
            diagnostic__campagne__annee_scolaire__lt=diagnostic.campagne.annee_scolaire,
            indicateur__in=origines(indicateur),
        )
        .select_related("diagnostic__campagne", "deposee_par")
        .order_by("-diagnostic__campagne__annee_scolaire", "deposee_le", "pk")
    )
    uniques: dict[tuple[str, str, str], Preuve] = {}
    for preuve in toutes:
        uniques.setdefault(meme_preuve(preuve), preuve)
    return list(uniques.values())


def preuves_donnees(
    diagnostic: Diagnostic, indicateur: Indicateur, anterieures: Collection[Preuve], jour: datetime.date
) -> list[PreuveDonnee]:
    """Those of this diagnostic; `anterieures` are the earlier years', `jour` is today in the académie."""
    annees = {meme_preuve(preuve): preuve.diagnostic.campagne.annee_scolaire for preuve in anterieures}
    return [
        PreuveDonnee(
            preuve=preuve,
            ancienne=preuve.de_plus_de_deux_ans(jour),
            reprise_de=annees.get(meme_preuve(preuve), ""),
        )
        for preuve in diagnostic.preuves.filter(indicateur=indicateur).select_related("deposee_par")
    ]


def a_reprendre(anterieures: Collection[Preuve], donnees: Collection[PreuveDonnee]) -> list[Preuve]:
    """The earlier ones that this diagnostic does not hold yet."""
    deja = {meme_preuve(donnee.preuve) for donnee in donnees}
    return [preuve for preuve in anterieures if meme_preuve(preuve) not in deja]


def lignes_de_la_preuve(preuve: Preuve) -> QuerySet[Preuve]:
    """Its row, and those that its diagnostic kept of it in earlier versions of the référentiel."""
    intitule, lien, sha256 = meme_preuve(preuve)
    return Preuve.objects.filter(
        Q(pk=preuve.pk) | Q(indicateur__in=origines(preuve.indicateur) - {preuve.indicateur_id}),
        diagnostic=preuve.diagnostic_id,
        intitule=intitule,
        lien=lien,
        sha256=sha256,
    )


def fichier_cite(etablissement: int, fichier: str, sha256: str) -> bool:
    """Whether a proof still names this stored file, or a signed copy of the school these bytes."""
    copies = CopieSignee.objects.filter(diagnostic__etablissement=etablissement, contenu__contains=f'"{sha256}"')
    return Preuve.objects.filter(fichier=fichier).exists() or copies.exists()
