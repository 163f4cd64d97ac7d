"""What the history tells of an object: the acts that changed it, newest first, with each field before and after.

Database triggers write one event a row and a change (django-pghistory); those of one act share their instant.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple, cast

from django.db.models import DateTimeField, Field, ForeignKey, JSONField, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from strategie.socle.models import Utilisateur

ACTES_PAR_PAGE = 50
JAMAIS_DITS = {"id", "version", "etablissement", "cle"}


@dataclass(frozen=True)
class Suivies:
    """Rows that an object's history tells: its own, or some that hang from it.

    `chemin` leads from the events to the object, and `attribut` is what of the object it equals. `nom` (« axe ») and
    `resume` (the column that tells one row from the next) word what hangs from it; `tus` are fields never told.
    `d_avant`: each event keeps the row as it was before the change, not after.
    """

    modele: type[Model]
    chemin: str = "pgh_obj"
    attribut: str = "pk"
    nom: str = ""
    feminin: bool = False
    resume: str = ""
    tus: frozenset[str] = frozenset()
    d_avant: bool = False

    @cached_property
    def evenements(self) -> type[Model]:
        """The model that django-pghistory makes: at the far end of `PGHISTORY_OBJ_FIELD`."""
        relation: Any = self.modele
        return cast(type[Model], relation.evenements.rel.related_model)

    @cached_property
    def champs(self) -> dict[str, Field]:
        """Those that are told, by column. Who did it and when are said of the act, once."""
        gardes = {champ.name for champ in self.evenements._meta.concrete_fields}
        return {
            champ.attname: champ
            for champ in self.modele._meta.concrete_fields
            if champ.name in gardes - JAMAIS_DITS - self.tus - {self.chemin} and not _est_une_signature(champ)
        }


def _est_une_signature(champ: Field) -> bool:
    return isinstance(champ, DateTimeField) or (isinstance(champ, ForeignKey) and champ.remote_field.hidden)


@dataclass(frozen=True)
class Changement:
    champ: Field
    avant: Any
    apres: Any


@dataclass(frozen=True)
class Ligne:
    """What became of one row in an act: « insert », « update » or « delete »; what tells it; the fields it changed."""

    suivies: Suivies
    sorte: str
    resume: Any
    changements: tuple[Changement, ...]


@dataclass(frozen=True)
class Acte:
    """By nobody when the program did it by itself; without a source when it was not asked on a screen."""

    nom: str
    auteur: Utilisateur | None
    source: str
    le: datetime.datetime
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True)
class PageHistorique:
    """`suivante`: the instant from which the next page is older; None on the last one."""

    actes: tuple[Acte, ...]
    suivante: datetime.datetime | None


class Evenement(NamedTuple):
    le: datetime.datetime
    contexte_id: Any
    contexte: Mapping[str, Any] | None
    rang: int
    objet: int
    cle: int
    sorte: str
    donnees: Mapping[str, Any]
    precedentes: Mapping[str, Any] | None


def page_d_historique(
    objet: Model, suivies: Sequence[Suivies], avant: datetime.datetime | None = None
) -> PageHistorique:
    """The acts older than `avant`, fifty at a time, each whole: two queries, and one a kind of row that they name."""
    instants = _instants(objet, suivies, avant)
    retenus = instants[:ACTES_PAR_PAGE]
    evenements = list(_evenements(objet, suivies, retenus[-1], retenus[0])) if retenus else []
    noms = _Noms(evenements, suivies)
    actes = [_acte(list(les_siens), suivies, noms) for _, les_siens in groupby(evenements, key=_de_l_acte)]
    return PageHistorique(tuple(actes), retenus[-1] if len(instants) > ACTES_PAR_PAGE else None)


def _instants(objet: Model, suivies: Sequence[Suivies], avant: datetime.datetime | None) -> Sequence[datetime.datetime]:
    bras = [_siens(objet, siennes).values_list("pgh_created_at", flat=True) for siennes in suivies]
    if avant is not None:
        bras = [un.filter(pgh_created_at__lt=avant) for un in bras]
    return list(bras[0].union(*bras[1:]).order_by("-pgh_created_at")[: ACTES_PAR_PAGE + 1])


def _siens(objet: Model, suivies: Suivies) -> QuerySet:
    siens: QuerySet = suivies.evenements._default_manager.filter(
        **{suivies.chemin: getattr(objet, suivies.attribut)}
    ).order_by()
    return siens


def _evenements(
    objet: Model, suivies: Sequence[Suivies], du: datetime.datetime, au: datetime.datetime
) -> Iterator[Evenement]:
    bras = [_bras(objet, siennes, rang, du, au) for rang, siennes in enumerate(suivies)]
    ordre = ("-pgh_created_at", "pgh_context_id", "rang", "pgh_id")
    return map(Evenement._make, bras[0].union(*bras[1:], all=True).order_by(*ordre))


def _bras(
    objet: Model, suivies: Suivies, rang: int, du: datetime.datetime, au: datetime.datetime
) -> QuerySet[Any, Any]:
    """Each event with what its row was just before, and what it was just after."""
    siens = _siens(objet, suivies).filter(pgh_created_at__range=(du, au))
    donnees, precedentes = _apres_et_avant(suivies)
    bras: QuerySet[Any, Any] = siens.annotate(rang=Value(rang), donnees=donnees, precedentes=precedentes).values_list(
        *("pgh_created_at", "pgh_context_id", "pgh_context", "rang"),
        *("pgh_obj_id", "pgh_id", "pgh_label", "donnees", "precedentes"),
    )
    return bras


def _apres_et_avant(suivies: Suivies) -> tuple[Any, Any]:
    """What an event keeps is one; the event next to it, or the row as it is now, tells the other."""
    colonnes = {colonne: colonne for colonne in suivies.champs}
    gardees = JSONObject(**colonnes)
    memes = suivies.evenements._default_manager.filter(pgh_obj_id=OuterRef("pgh_obj_id"))
    if not suivies.d_avant:
        precedents = memes.filter(pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
        return gardees, Subquery(precedents.values(donnees=JSONObject(**colonnes))[:1])
    suivants = memes.filter(pgh_id__gt=OuterRef("pgh_id")).order_by("pgh_id")
    actuelle = suivies.modele._default_manager.filter(pk=OuterRef("pgh_obj_id"))
    apres = (Subquery(lues.values(donnees=JSONObject(**colonnes))[:1]) for lues in (suivants, actuelle))
    return Coalesce(*apres, gardees, output_field=JSONField()), gardees


def _de_l_acte(evenement: Evenement) -> tuple[datetime.datetime, Any]:
    return evenement.le, evenement.contexte_id


class _Noms:
    """The rows that the events name, read once a kind."""

    def __init__(self, evenements: Iterable[Evenement], suivies: Sequence[Suivies]) -> None:
        cles: dict[type[Model], set[Any]] = defaultdict(set)
        for evenement in evenements:
            cles[Utilisateur].add((evenement.contexte or {}).get("auteur"))
            for colonne, champ in suivies[evenement.rang].champs.items():
                if isinstance(champ, ForeignKey):
                    tables = (evenement.donnees, evenement.precedentes or {})
                    cles[champ.related_model].update(table.get(colonne) for table in tables)
        self.trouves = {modele: modele._default_manager.in_bulk(siennes - {None}) for modele, siennes in cles.items()}

    def auteur(self, contexte: Mapping[str, Any]) -> Utilisateur | None:
        return cast(Utilisateur | None, self.trouves[Utilisateur].get(contexte.get("auteur")))

    def valeur(self, champ: Field, brute: Any) -> Any:
        """As the field has it in Python; a key becomes the row, or « supprimé » once it is destroyed."""
        if brute is None:
            return None
        if isinstance(champ, ForeignKey):
            return self.trouves[champ.related_model].get(brute, "(définitivement supprimé)")
        return champ.to_python(brute)


def _acte(evenements: Sequence[Evenement], suivies: Sequence[Suivies], noms: _Noms) -> Acte:
    contexte = evenements[0].contexte or {}
    par_rang_e = groupby(sorted(evenements, key=_de_la_ligne), key=_de_la_ligne)
    lignes = (_ligne(list(siens), suivies[rang], noms) for (rang, _), siens in par_rang_e)
    return Acte(
        nom=contexte.get("acte", ""),
        auteur=noms.auteur(contexte),
        source=contexte.get("source", ""),
        le=evenements[0].le,
        lignes=tuple(ligne for ligne in lignes if ligne is not None),
    )


def _de_la_ligne(evenement: Evenement) -> tuple[int, int]:
    return evenement.rang, evenement.objet


def _ligne(siens: Sequence[Evenement], suivies: Suivies, noms: _Noms) -> Ligne | None:
    """Changed twice in one act, a row is told once; None when nothing that is told has changed."""
    sortes = {evenement.sorte for evenement in siens}
    sorte = next(sorte for sorte in ("delete", "insert", "update") if sorte in sortes)
    if {"insert", "delete"} <= sortes:
        return None
    avant = siens[0].precedentes if "insert" not in sortes else None
    apres = siens[-1].donnees
    changements = tuple(
        Changement(champ, noms.valeur(champ, (avant or {}).get(colonne)), noms.valeur(champ, apres.get(colonne)))
        for colonne, champ in suivies.champs.items()
        if sorte == "update" or (sorte == "insert" and colonne != suivies.resume)
        if _a_change(sorte, avant, apres, colonne)
    )
    if sorte == "update" and not changements:
        return None
    resume = suivies.champs.get(suivies.resume)
    return Ligne(suivies, sorte, noms.valeur(resume, apres.get(suivies.resume)) if resume else None, changements)


def _a_change(sorte: str, avant: Mapping[str, Any] | None, apres: Mapping[str, Any], colonne: str) -> bool:
    if sorte == "insert" or avant is None:
        return apres.get(colonne) not in (None, "", [])
    return avant.get(colonne) != apres.get(colonne)
