"""The schools behind the figures of a territory: those that answer to filters, page by page, never counted by skipping.

A filter is a key of what is counted of a school (`models.synthese`): the list and the figure are made of the same rows.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.db.models.functions import Cast, Coalesce, Left

from budget.models import Categorie
from plans.models import Action
from strategie.pilotage.models import SyntheseEtablissement, SyntheseTerritoire
from strategie.pilotage.queries.tableau_du_territoire import ANNEES_D_ACHAT, AVANT, DIAGNOSTICS
from strategie.pilotage.queries.territoires import Territoire
from strategie.socle.models import Etablissement
from strategie.socle.models.territoire import SansAccent
from strategie.socle.queries.etablissements import chercher

TAILLE_LISTE, TAILLE_CARTE = 50, 100
PAR_LOT = 500
DERNIER = 9  # above every palier
A_SIGNER, ATTENDU, PASSEE, RETARD = "a_signer", "attendu", "passee", "retard"
PUBLIEES, TOUT, COMPARES = "publiees", "tout", "compares."
# What a filter reads: keys of the school year, or of what holds whatever the year.
ANNUELS = ("etat", "palier", "change", "manque", "formation")
PERMANENTS = ("equipement", "achat", "fin", "actions", "exercice")
SIMPLES: Mapping[str, str] = {
    "palier": "champ.{}",
    "change": "{}",
    "manque": "manque.{}",
    "formation": "formation.{}",
    "equipement": "parc.{}",
    "achat": "parc.achat.{}",
    "fin": "parc.fin.{}",
    "actions": "actions.{}",
    "exercice": "budget.{}.etablissements",
}
ETATS_REUNIS = {A_SIGNER: ["a_commencer", "brouillon"], ATTENDU: list(DIAGNOSTICS)}
REUNIES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("actions", PUBLIEES): tuple(f"actions.{etat}" for etat in Action.Etat if etat != Action.Etat.BROUILLON),
    ("equipement", TOUT): tuple(f"parc.{categorie}" for categorie in Categorie),
    ("achat", TOUT): ("parc.terminaux",),
}


@dataclass(frozen=True)
class EcoleComptee:
    """A school, and what is counted of it in a year: `paliers` by champ, `non_etablis` the champs where the next palier
    is not established.
    """

    ecole: Etablissement
    diagnostic: str
    signe_le: datetime.date | None
    paliers: Mapping[str, int]
    non_etablis: frozenset[str]


@dataclass(frozen=True)
class PageDEcoles:
    """One page; `suivante`: the key after which the next begins (None: it is the last)."""

    ecoles: Sequence[EcoleComptee]
    suivante: str | None
    debut: bool


@dataclass(frozen=True)
class Tri:
    """By name, or by the palier of a champ (then by name); what is not signed always comes last."""

    champ: str = ""
    decroissant: bool = False


# --- Which schools -------------------------------------------------------------------------------------------------
def ecoles_du_territoire(
    territoire: Territoire, annee: str, choix: Mapping[str, str], texte: str, jour: datetime.date
) -> QuerySet[Etablissement]:
    """Those that are open, or that have closed since and still count in that year; they answer to every filter and
    word.
    """
    comptent = ~Q(etat=Etablissement.Etat.FERME)
    if territoire.lit_les_diagnostics:
        comptent |= Q(Exists(_comptees(territoire, annee, {}, jour).filter(**territoire.filtre)))
    ecoles = Etablissement.objects.filter(comptent, **territoire.filtre).exclude(type=Etablissement.Type.AUTRE)
    if "type" in choix:
        ecoles = ecoles.filter(type=choix["type"])
    for noms, de_l_annee in ((ANNUELS, annee), (PERMANENTS, "")):
        siens = {nom: choix[nom] for nom in noms if nom in choix}
        if siens:
            ecoles = ecoles.filter(Exists(_comptees(territoire, de_l_annee, siens, jour)))
    return chercher(ecoles, texte) if texte.strip() else ecoles


def _comptees(
    territoire: Territoire, annee: str, choix: Mapping[str, str], jour: datetime.date
) -> QuerySet[SyntheseEtablissement]:
    comptees = SyntheseEtablissement.objects.filter(etablissement=OuterRef("pk"), annee_scolaire=annee)
    for nom, valeur in choix.items():
        if nom == "etat":
            comptees = comptees.filter(diagnostic__in=ETATS_REUNIS.get(valeur, [valeur]))
        elif (debut := _etendue(nom, valeur)) is not None:
            comptees = comptees.filter(comptes__has_any_keys=_cles_avant(territoire, debut, _borne(nom, jour)))
        else:
            comptees = comptees.filter(comptes__has_any_keys=_cles(nom, valeur))
    return comptees


def _cles(nom: str, valeur: str) -> list[str]:
    """The keys that a filter reads: one, or all those that a total adds up."""
    if nom == "change" and valeur.startswith(COMPARES):
        return [f"{sens}.{valeur.removeprefix(COMPARES)}" for sens in ("hausse", "stable", "baisse")]
    return list(REUNIES.get((nom, valeur), ())) or [SIMPLES[nom].format(valeur)]


def _etendue(nom: str, valeur: str) -> str | None:
    """The beginning of the keys of a filter that holds for all those before today."""
    return {
        ("actions", RETARD): "actions.echeance.",
        ("fin", PASSEE): "parc.fin.",
        ("achat", AVANT): "parc.achat.",
    }.get((nom, valeur))


def _borne(nom: str, jour: datetime.date) -> str:
    return {"actions": jour.isoformat(), "fin": str(jour.year), "achat": str(jour.year - ANNEES_D_ACHAT + 1)}[nom]


def _cles_avant(territoire: Territoire, debut: str, borne: str) -> list[str]:
    """The figures of the territory that begin so, before the bound: the same ones that its page adds up."""
    lues = SyntheseTerritoire.objects.filter(
        niveau=territoire.niveau, cle=territoire.cle, annee_scolaire="", mesure__startswith=debut
    )
    suites = lues.values_list("mesure", flat=True)
    return [mesure for mesure in suites if mesure[len(debut) :] < borne and mesure[len(debut) :][:1].isdigit()]


# --- One page ------------------------------------------------------------------------------------------------------
def page_d_ecoles(
    ecoles: QuerySet[Etablissement],
    annee: str,
    champs: Sequence[str],
    *,
    apres: str = "",
    lettre: str = "",
    tri: Tri | None = None,
    taille: int = TAILLE_LISTE,
) -> PageDEcoles:
    """The page after the key `apres`, or from a letter on; one query."""
    tri = tri or Tri()
    lignes = _avec_comptes(ecoles, annee, champs)
    if tri.champ:
        palier = Cast(KeyTextTransform(tri.champ, "synthese__paliers"), IntegerField())
        lignes = lignes.annotate(rang=Coalesce(palier * (-1 if tri.decroissant else 1), Value(DERNIER)))
        lignes = lignes.order_by("rang", "recherche", "uai")
    else:
        lignes = lignes.annotate(rang=Value(0, IntegerField())).order_by("recherche", "uai")
    cle = lire_cle(apres)
    if cle is not None and tri.champ:
        lignes = lignes.filter(TupleGreaterThan(Tuple(F("rang"), F("recherche"), F("uai")), cle))
    elif cle is not None:
        lignes = lignes.filter(Q(recherche__gt=cle[1]) | Q(uai__gt=cle[2]), recherche__gte=cle[1])
    elif lettre and not tri.champ:
        lignes = lignes.filter(recherche__gte=SansAccent(Value(lettre)))
    trouvees = list(lignes[: taille + 1])
    montrees = [_comptee(ecole, champs) for ecole in trouvees[:taille]]
    derniere: Any = trouvees[taille - 1] if len(trouvees) > taille else None
    suivante = f"{derniere.rang}|{derniere.recherche}|{derniere.uai}" if derniere else None
    return PageDEcoles(montrees, suivante, debut=cle is None and not lettre)


def lire_cle(apres: str) -> tuple[int, str, str] | None:
    """Where a page begins; None for what no page of ours has said."""
    rang, _, suite = apres.partition("|")
    nom, _, uai = suite.rpartition("|")
    return (int(rang), nom, uai) if uai and re.fullmatch("-?[0-9]", rang) else None


def _avec_comptes(ecoles: QuerySet[Etablissement], annee: str, champs: Sequence[str]) -> QuerySet[Etablissement]:
    cette_annee = FilteredRelation("syntheses", condition=Q(syntheses__annee_scolaire=annee))
    comptes = {
        f"incertain_{rang}": KeyTextTransform(f"non_etabli.{champ}", "synthese__comptes")
        for rang, champ in enumerate(champs)
    }
    return ecoles.select_related("district").annotate(
        synthese=cette_annee,
        diagnostic_lu=Coalesce(F("synthese__diagnostic"), Value("")),
        signe_le=F("synthese__signe_le"),
        paliers_lus=F("synthese__paliers"),
        **comptes,
    )


def _comptee(ecole: Any, champs: Sequence[str]) -> EcoleComptee:
    return EcoleComptee(
        ecole=ecole,
        diagnostic=ecole.diagnostic_lu,
        signe_le=ecole.signe_le,
        paliers=ecole.paliers_lus or {},
        non_etablis=frozenset(c for rang, c in enumerate(champs) if getattr(ecole, f"incertain_{rang}")),
    )


def toutes_les_ecoles(ecoles: QuerySet[Etablissement], annee: str, champs: Sequence[str]) -> Iterator[EcoleComptee]:
    """All of them by name, read as they are written: an export of thousands keeps a flat memory."""
    lignes = _avec_comptes(ecoles, annee, champs).order_by("recherche", "uai")
    return (_comptee(ecole, champs) for ecole in lignes.iterator(chunk_size=PAR_LOT))


def lettres_de(ecoles: QuerySet[Etablissement]) -> list[str]:
    """The first letters of their names."""
    return sorted(ecoles.order_by().values_list(Left("recherche", 1), flat=True).distinct())
