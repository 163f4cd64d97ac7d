"""How far each school of a campaign has got: figures, states and counts of answers, never the answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from diagnostic.domain.conditions import Situation
from diagnostic.domain.cotation import Valeur
from diagnostic.models import Campagne, CopieSignee, Diagnostic, Prolongation, Referentiel, Reponse
from diagnostic.queries.questionnaire import questionnaire, situation_de
from strategie.socle.domain.calendrier import bornes
from strategie.socle.models import District, Etablissement
from strategie.socle.queries.etablissements import chercher, page_apres

PAR_LOT = 500
SANS_DISTRICT = "aucun"


@dataclass(frozen=True)
class Totaux:
    """Schools of the campaign by state."""

    a_commencer: int = 0
    brouillon: int = 0
    soumis: int = 0
    rouvert: int = 0

    @property
    def etablissements(self) -> int:
        return self.a_commencer + self.brouillon + self.soumis + self.rouvert

    @property
    def ont_signe(self) -> int:
        """At least once: what was signed stays signed while it is opened again."""
        return self.soumis + self.rouvert

    @property
    def par_etat(self) -> list[tuple[Diagnostic.Etat, int]]:
        return [(etat, getattr(self, etat)) for etat in Diagnostic.Etat]


@dataclass(frozen=True)
class LigneSuivie:
    """One school. `repondus` of `concernes` answers count in what is still open (None: nothing is);
    `prolongee_au` is its own deadline where it is later than the campaign's.
    """

    etablissement: Etablissement
    etat: str
    repondus: int | None
    concernes: int | None
    signee_le: datetime.datetime | None
    version_signee: int | None
    prolongee_au: datetime.date | None


@dataclass(frozen=True)
class PageSuivie:
    """One page of the follow-up, the key after which the next begins (None: it is the last)."""

    lignes: Sequence[LigneSuivie]
    suivante: str | None
    debut: bool


def totaux(campagne: Campagne) -> Totaux:
    comptes = etablissements_suivis(campagne).order_by().values("etat_suivi").annotate(nombre=Count("pk"))
    return Totaux(**{compte["etat_suivi"]: compte["nombre"] for compte in comptes})


def prolongations_de(campagne: Campagne) -> QuerySet[Prolongation]:
    """By district, each with `etablissements`: how many schools of the campaign it concerns."""
    concernes = Q(district__etablissements__diagnostics__campagne=F("campagne"))
    return (
        campagne.prolongations.select_related("district", "accordee_par")
        .annotate(etablissements=Count("district__etablissements__diagnostics", filter=concernes))
        .order_by("district__nom")
    )


def districts_de(campagne: Campagne) -> QuerySet[District]:
    """By name, each with `concernes`: how many schools of the campaign it has."""
    de_la_campagne = Q(etablissements__diagnostics__campagne=campagne)
    return (
        District.objects.filter(academie=campagne.academie_id)
        .annotate(concernes=Count("etablissements__diagnostics", filter=de_la_campagne))
        .order_by("nom")
    )


def etablissements_suivis(campagne: Campagne, *, texte: str = "", etat: str = "", district: str = "") -> QuerySet[Any]:
    """The schools that the campaign awaits, those that the register brought since it was opened included; as the
    filters keep them (`district`: a key, or SANS_DISTRICT). One that has closed leaves it, unless it has signed or was
    still there at the end of the school year.
    """
    attendus = ~Q(type=Etablissement.Type.AUTRE) | Q(sien__commence_le__isnull=False)
    ouverts = ~Q(etat=Etablissement.Etat.FERME) | Q(ferme_le__gt=bornes(campagne.annee_scolaire)[1])
    signes = Q(sien__etat__in=[Diagnostic.Etat.SOUMIS, Diagnostic.Etat.ROUVERT])
    copies = CopieSignee.objects.filter(diagnostic=OuterRef("sien__pk")).order_by("-version")
    suivis = (
        Etablissement.objects.filter(academie=campagne.academie_id)
        .alias(sien=FilteredRelation("diagnostics", condition=Q(diagnostics__campagne=campagne)))
        .annotate(
            etat_suivi=Coalesce("sien__etat", Value(Diagnostic.Etat.A_COMMENCER)),
            diagnostic_suivi=F("sien__pk"),
            referentiel_suivi=F("sien__referentiel"),
            version_suivie=F("sien__version"),
            cloture_suivie=F("sien__date_cloture"),
            signee_le=Subquery(copies.values("signee_le")[:1]),
        )
        .filter(attendus, ouverts | signes)
    )
    if etat:
        suivis = suivis.filter(etat_suivi=etat)
    if district:
        suivis = suivis.filter(district=None if district == SANS_DISTRICT else int(district))
    return chercher(suivis, texte).select_related("district")


def page_suivie(campagne: Campagne, etablissements: QuerySet[Any], apres: str) -> PageSuivie:
    page = page_apres(etablissements, apres)
    return PageSuivie(list(lignes_suivies(campagne, page.etablissements)), page.suivante, page.debut)


def toutes_les_lignes(campagne: Campagne, etablissements: QuerySet[Any]) -> Iterator[LigneSuivie]:
    """By name, read a few hundred at a time."""
    lus = etablissements.order_by("recherche", "uai").iterator(chunk_size=PAR_LOT)
    for lot in batched(lus, PAR_LOT, strict=False):
        yield from lignes_suivies(campagne, lot)


def lignes_suivies(campagne: Campagne, etablissements: Sequence[Any]) -> Iterator[LigneSuivie]:
    """Of schools as `etablissements_suivis` annotates them; in two queries at most, however many they are."""
    ouverts = [e for e in etablissements if e.etat_suivi in (Diagnostic.Etat.BROUILLON, Diagnostic.Etat.ROUVERT)]
    donnees = _indicateurs_repondus([ouvert.diagnostic_suivi for ouvert in ouverts])
    poses = _Poses(campagne, {ouvert.referentiel_suivi for ouvert in ouverts})
    for etablissement in etablissements:
        ouvert = etablissement.etat_suivi in (Diagnostic.Etat.BROUILLON, Diagnostic.Etat.ROUVERT)
        concernes = poses.a(etablissement) if ouvert else frozenset()
        cloture = etablissement.cloture_suivie
        yield LigneSuivie(
            etablissement=etablissement,
            etat=etablissement.etat_suivi,
            repondus=len(concernes & donnees.get(etablissement.diagnostic_suivi, frozenset())) if ouvert else None,
            concernes=len(concernes) if ouvert else None,
            signee_le=etablissement.signee_le,
            version_signee=_version_signee(etablissement),
            prolongee_au=cloture if cloture and cloture > campagne.date_cloture else None,
        )


def _version_signee(etablissement: Any) -> int | None:
    """The last one: what is opened again is already the next."""
    if etablissement.signee_le is None:
        return None
    rouvert: bool = etablissement.etat_suivi == Diagnostic.Etat.ROUVERT
    return int(etablissement.version_suivie) - rouvert


class _Poses:
    """The indicators that each kind of school is asked, worked out once a kind and a version."""

    def __init__(self, campagne: Campagne, versions: Iterable[int]) -> None:
        """One query, when some schools answer another version than the campaign's."""
        autres = set(versions) - {campagne.referentiel_id}
        self.versions = {campagne.referentiel_id: campagne.referentiel}
        if autres:
            self.versions |= Referentiel.objects.in_bulk(autres)
        self.connus: dict[tuple[int, Situation], frozenset[int]] = {}

    def a(self, etablissement: Any) -> frozenset[int]:
        cle = (etablissement.referentiel_suivi, situation_de(etablissement))
        if cle not in self.connus:
            questions = questionnaire(self.versions[etablissement.referentiel_suivi])
            self.connus[cle] = frozenset(indicateur.pk for indicateur in questions.concernes(etablissement))
        return self.connus[cle]


def _indicateurs_repondus(diagnostics: Sequence[int]) -> dict[int, frozenset[int]]:
    """For each diagnostic, the indicators whose answer counts, as `EtatIndicateur.valeur` has it."""
    if not diagnostics:
        return {}
    sans_raison = Q(valeur=Valeur.sans_objet, motif__regex=r"^\s*$")
    comptent = Reponse.objects.filter(diagnostic__in=diagnostics, a_reconfirmer=False).exclude(valeur="")
    par_diagnostic = comptent.exclude(sans_raison).values("diagnostic").annotate(indicateurs=ArrayAgg("indicateur"))
    return {ligne["diagnostic"]: frozenset(ligne["indicateurs"]) for ligne in par_diagnostic}
