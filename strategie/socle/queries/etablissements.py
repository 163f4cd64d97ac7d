"""Schools found by a few words, page by page, without counting or skipping rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value

from strategie.socle.models import Etablissement
from strategie.socle.models.territoire import SansAccent
from strategie.socle.rules import lettre_uai

TAILLE_PAGE = 50


@dataclass(frozen=True)
class PageEtablissements:
    """One page, the key after which the next begins (None: it is the last), and whether it is the first."""

    etablissements: Sequence[Etablissement]
    suivante: str | None
    debut: bool


def chercher(etablissements: QuerySet[Etablissement], texte: str) -> QuerySet[Etablissement]:
    """Schools whose name or commune holds each word, accents and case apart, or whose UAI is given."""
    uai = texte.strip().upper()
    if len(uai) in (7, 8) and uai[:7].isdecimal():
        return etablissements.filter(uai=uai if len(uai) == 8 else uai + lettre_uai(uai))
    for mot in texte.split()[:6]:
        etablissements = etablissements.filter(recherche__contains=SansAccent(Value(mot)))
    return etablissements


def page_apres(etablissements: QuerySet[Etablissement], apres: str) -> PageEtablissements:
    """By name, the page after the key `apres` (« recherche|UAI »; empty: the first)."""
    lignes = etablissements.order_by("recherche", "uai")
    nom, _, uai = apres.rpartition("|")
    if uai:
        lignes = lignes.filter(Q(recherche__gt=nom) | Q(uai__gt=uai), recherche__gte=nom)
    trouves = list(lignes[: TAILLE_PAGE + 1])
    montres = trouves[:TAILLE_PAGE]
    cle = f"{montres[-1].recherche}|{montres[-1].uai}" if len(trouves) > TAILLE_PAGE else None
    return PageEtablissements(etablissements=montres, suivante=cle, debut=not uai)
