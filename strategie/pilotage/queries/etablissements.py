"""The schools of a perimeter, page by page, without counting or skipping rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from diagnostic.models import CopieSignee, Diagnostic
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement, Utilisateur
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


def page_d_etablissements(
    *, lecteur: Utilisateur, texte: str, apres: str, maintenant: datetime.datetime
) -> PageEtablissements:
    """The page after the key `apres` (« recherche|UAI »; empty: the first), with the state of each
    diagnostic and the reader's roles: the table says that state where she may read it.
    """
    visibles = Etablissement.objects.visible_to(lecteur).avec_roles(lecteur).exclude(etat=Etablissement.Etat.FERME)
    etat = _etat_du_diagnostic(annee_scolaire(timezone.localdate(maintenant)))
    lignes = chercher(visibles, texte).select_related("academie").annotate(**etat).order_by("recherche", "uai")
    nom, _, uai = apres.rpartition("|")
    if uai:
        lignes = lignes.filter(Q(recherche__gt=nom) | Q(uai__gt=uai), recherche__gte=nom)
    trouves = list(lignes[: TAILLE_PAGE + 1])
    montres = trouves[:TAILLE_PAGE]
    cle = f"{montres[-1].recherche}|{montres[-1].uai}" if len(trouves) > TAILLE_PAGE else None
    return PageEtablissements(etablissements=montres, suivante=cle, debut=not uai)


def _etat_du_diagnostic(annee: str) -> dict[str, Subquery | Exists]:
    """When this year's diagnostic was signed, or whether it has begun."""
    cette_annee = Diagnostic.objects.commences().filter(etablissement=OuterRef("pk"), campagne__annee_scolaire=annee)
    copies = CopieSignee.objects.filter(
        diagnostic__etablissement=OuterRef("pk"), diagnostic__campagne__annee_scolaire=annee
    )
    return {
        "signe_le": Subquery(copies.order_by("-version").values("signee_le")[:1]),
        "commence": Exists(cette_annee),
    }
