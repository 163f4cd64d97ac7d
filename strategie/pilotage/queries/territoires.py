"""The territories that a person reads, and the one door to each of them.

One query says all that the door must know: the territory, what the person holds, and what its page is made of (the
version of its figures, whether facts wait to be counted, the hours of its trainers, the names of what is inside).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, JSONObject
from django.http import Http404, HttpRequest
from django.utils import timezone

from budget.models import CapaciteFormateurs
from strategie.pilotage.models import FaitChange, Niveau, VersionDeSynthese
from strategie.socle.droits import Droit, droits_de, roles_ayant
from strategie.socle.models import (
    Academie,
    Affectation,
    Collectivite,
    Departement,
    District,
    Etablissement,
    Utilisateur,
)
from strategie.socle.queries.preparees import Preparee, preparee

CLE_MAX = 2**62
NIVEAUX_AFFECTES = ("district", "departement", "academie", "collectivite")
# Of the nation, totals only: neither its parts nor its schools.
DROITS_SUR_LA_NATION = frozenset({Droit.LIRE_TABLEAUX, Droit.LIRE_BUDGETS_ADDITIONNES})
INCONNU = "Ce territoire n'est pas dans votre périmètre."
FRANCE = "France"


@dataclass(frozen=True)
class Territoire:
    """A territory and what its reader may do there.

    `academie`: the one it belongs to (None: the nation, a collectivité). `version`: how often its figures have changed,
    the last time at `change_le`; `en_attente`: facts of its schools are not counted yet. `marque`: whatever else a page
    shows of it without reading facts; `lecteur`: what the reader holds, everywhere.
    """

    niveau: str
    cle: int
    nom: str
    academie: Academie | None
    droits: frozenset[Droit]
    version: int = 0
    change_le: datetime.datetime | None = None
    en_attente: bool = False
    marque: str = ""
    lecteur: str = ""

    @property
    def genre(self) -> str:
        """« bassin », where its académie calls districts so."""
        if self.niveau == Niveau.DISTRICT and self.academie:
            return self.academie.libelle_district
        return str(Niveau(self.niveau).label).lower()

    @property
    def titre(self) -> str:
        if self.niveau == Niveau.NATION:
            return self.nom
        return f"{self.genre[:1].upper()}{self.genre[1:]} · {self.nom}"

    @property
    def filtre(self) -> dict[str, int]:
        """Its schools, as a lookup on a school or on what is counted of it; nothing for the nation."""
        if self.niveau == Niveau.SANS_DISTRICT:
            return {"academie_id": self.cle, "district_id__isnull": True}
        return {} if self.niveau == Niveau.NATION else {f"{self.niveau}_id": self.cle}

    @property
    def lit_les_diagnostics(self) -> bool:
        return Droit.LIRE_TABLEAUX in self.droits

    @property
    def detaille(self) -> bool:
        """Whether its schools and its parts may be read: of the nation, totals only."""
        return self.niveau != Niveau.NATION


# --- The door ------------------------------------------------------------------------------------------------------
def territoire_ou_404(request: HttpRequest, niveau: str, cle: int, *droits: Droit) -> Territoire:
    """404 when none of the person's affectations covers it; 403 when none gives one of `droits`."""
    territoire = lire_territoire(niveau, cle, request.user.pk or 0, timezone.localdate())
    if territoire is None or not territoire.droits:
        raise Http404(INCONNU)
    if not territoire.droits & set(droits):
        dits = " ou ".join(droit.value.lower() for droit in droits)
        raise PermissionDenied(f"Votre rôle ne permet pas cette action\u00a0: {dits}.")
    if territoire.academie:
        timezone.activate(territoire.academie.zone)
    return territoire


def lire_territoire(niveau: str, cle: int, utilisateur: int, jour: datetime.date) -> Territoire | None:
    """In one query; None for what does not exist. Without any right, it is for the caller not to show it."""
    if niveau not in LECTURES or not 0 <= cle < CLE_MAX or (niveau == Niveau.NATION and cle):
        return None
    valeurs: dict[str, Any] = {"utilisateur": utilisateur, "jour": jour}
    lus = LECTURES[niveau](**valeurs) if niveau == Niveau.NATION else LECTURES[niveau](cle=cle, **valeurs)
    return _territoire(niveau, cle, lus[0]) if lus else None


def _territoire(niveau: str, cle: int, lu: Any) -> Territoire:
    academie = lu if isinstance(lu, Academie) else getattr(lu, "academie", None)
    droits = _droits(niveau, cle, academie, lu)
    return Territoire(
        niveau=niveau,
        cle=cle,
        nom=FRANCE if niveau == Niveau.NATION else str(lu),
        academie=academie,
        droits=droits,
        version=lu.version_lue or 0,
        change_le=lu.change_le,
        en_attente=lu.en_attente,
        marque=repr((lu.noms, lu.heures, str(lu), academie and academie.libelle_district, _voisins(lu, droits))),
        lecteur=repr(lu.mes_affectations),
    )


def _voisins(lu: Any, droits: frozenset[Droit]) -> int | None:
    """How often the figures of its académie have changed: budgets are shown or not by what its neighbours show."""
    version: int | None = lu.version_des_voisins
    return version if Droit.LIRE_BUDGETS_ADDITIONNES in droits else None


def _droits(niveau: str, cle: int, academie: Academie | None, lu: Any) -> frozenset[Droit]:
    affectations: list[dict[str, Any]] = lu.mes_affectations
    if niveau == Niveau.NATION:
        droits = droits_de(a["role"] for a in affectations)
        return droits & DROITS_SUR_LA_NATION if Droit.LIRE_TABLEAUX in droits else frozenset()
    couvrent = {"academie": academie.pk if academie else None}
    if niveau == Niveau.DISTRICT and len(lu.departements) == 1:  # a département holds what lies wholly inside it
        couvrent["departement"] = lu.departements[0]
    if niveau not in (Niveau.ACADEMIE, Niveau.SANS_DISTRICT):
        couvrent[niveau] = cle
    return droits_de(
        a["role"] for a in affectations if any(c is not None and a[nom] == c for nom, c in couvrent.items())
    )


# --- What each level reads -----------------------------------------------------------------------------------------
def _affectations(utilisateur: int, jour: datetime.date) -> ArraySubquery:
    """All that the person holds on `jour`: also what the header says of her."""
    siennes = Affectation.objects.actives(jour).filter(utilisateur=utilisateur).order_by("pk")
    colonnes = {nom: f"{nom}_id" for nom in ("etablissement", *NIVEAUX_AFFECTES)}
    return ArraySubquery(siennes.values(dit=JSONObject(role="role", fonction="fonction", **colonnes)))


def _annotations(niveau: str, cle: Any, utilisateur: int, jour: datetime.date) -> dict[str, Any]:
    versions = VersionDeSynthese.objects.filter(niveau=niveau, cle=cle)
    champ, reference = NIVEAUX_EN_BASE[niveau]
    attente = FaitChange.objects.all()
    capacites = CapaciteFormateurs.objects.all()
    if champ:
        siennes = Etablissement.objects.filter(**reference, **{champ: OuterRef(OuterRef("pk"))})
        attente = attente.filter(etablissement_id__in=siennes.values("pk"))
    if niveau == Niveau.DISTRICT:
        capacites = capacites.filter(district=OuterRef("pk"))
    elif niveau in (Niveau.ACADEMIE, Niveau.SANS_DISTRICT):
        capacites = capacites.filter(district__academie=OuterRef("pk"))
    elif niveau == Niveau.DEPARTEMENT:
        capacites = capacites.filter(district__academie=OuterRef("academie"))
    return {
        "mes_affectations": _affectations(utilisateur, jour),
        "version_lue": Subquery(versions.values("version")),
        "change_le": Subquery(versions.values("change_le")),
        "version_des_voisins": _version_des_voisins(niveau),
        "en_attente": Exists(attente),
        "heures": Value("") if niveau == Niveau.COLLECTIVITE else _dits(capacites, "version"),
        "noms": _dits(District.objects.filter(academie=OuterRef("pk")), "nom")
        if niveau == Niveau.ACADEMIE
        else Value(""),
    }


def _version_des_voisins(niveau: str) -> Subquery | Value:
    if niveau not in (Niveau.DISTRICT, Niveau.SANS_DISTRICT, Niveau.DEPARTEMENT):
        return Value(None, IntegerField())
    academie = OuterRef("pk" if niveau == Niveau.SANS_DISTRICT else "academie")
    return Subquery(VersionDeSynthese.objects.filter(niveau=Niveau.ACADEMIE, cle=academie).values("version"))


NIVEAUX_EN_BASE: Mapping[str, tuple[str, dict[str, bool]]] = {
    Niveau.NATION: ("", {}),
    Niveau.ACADEMIE: ("academie", {}),
    Niveau.DEPARTEMENT: ("departement", {}),
    Niveau.DISTRICT: ("district", {}),
    Niveau.SANS_DISTRICT: ("academie", {"district__isnull": True}),
    Niveau.COLLECTIVITE: ("collectivite", {}),
}


def _dits(lignes: QuerySet[Any], colonne: str) -> ArraySubquery:
    """The keys and one column of a few rows."""
    return ArraySubquery(lignes.order_by("pk").values(dit=Concat("pk", Value(":"), colonne, output_field=CharField())))


@preparee
def _nation(utilisateur: int, jour: datetime.date) -> QuerySet[Utilisateur]:
    return Utilisateur.objects.filter(pk=utilisateur).annotate(**_annotations(Niveau.NATION, 0, utilisateur, jour))


@preparee
def _academie(cle: int, utilisateur: int, jour: datetime.date) -> QuerySet[Academie]:
    return Academie.objects.filter(pk=cle).annotate(**_annotations(Niveau.ACADEMIE, cle, utilisateur, jour))


@preparee
def _sans_district(cle: int, utilisateur: int, jour: datetime.date) -> QuerySet[Academie]:
    return Academie.objects.filter(pk=cle).annotate(**_annotations(Niveau.SANS_DISTRICT, cle, utilisateur, jour))


@preparee
def _departement(cle: int, utilisateur: int, jour: datetime.date) -> QuerySet[Departement]:
    lus = Departement.objects.filter(pk=cle).select_related("academie")
    return lus.annotate(**_annotations(Niveau.DEPARTEMENT, cle, utilisateur, jour))


@preparee
def _district(cle: int, utilisateur: int, jour: datetime.date) -> QuerySet[District]:
    departements = Etablissement.objects.filter(district=OuterRef("pk")).order_by().values("departement").distinct()
    lus = District.objects.filter(pk=cle).select_related("academie").annotate(departements=ArraySubquery(departements))
    return lus.annotate(**_annotations(Niveau.DISTRICT, cle, utilisateur, jour))


@preparee
def _collectivite(cle: int, utilisateur: int, jour: datetime.date) -> QuerySet[Collectivite]:
    return Collectivite.objects.filter(pk=cle).annotate(**_annotations(Niveau.COLLECTIVITE, cle, utilisateur, jour))


LECTURES: Mapping[str, Preparee[Any]] = {
    Niveau.NATION: _nation,
    Niveau.ACADEMIE: _academie,
    Niveau.DEPARTEMENT: _departement,
    Niveau.DISTRICT: _district,
    Niveau.SANS_DISTRICT: _sans_district,
    Niveau.COLLECTIVITE: _collectivite,
}


# --- The list ------------------------------------------------------------------------------------------------------
def territoires_de(user: Utilisateur) -> list[Territoire]:
    """Those that the person was given, the widest first: what lies inside is found from each of them."""
    lecteurs = {*roles_ayant(Droit.LIRE_TABLEAUX), *roles_ayant(Droit.LIRE_TABLEAU_DU_PARC)}
    siennes = (
        Affectation.objects.actives()
        .filter(utilisateur=user, role__in=lecteurs)
        .select_related("academie", "departement__academie", "district__academie", "collectivite")
    )
    return list(_dedoublonner(_confie(affectation) for affectation in siennes))


def _confie(affectation: Affectation) -> Territoire:
    niveau = next(niveau for niveau in reversed(NIVEAUX_AFFECTES) if getattr(affectation, f"{niveau}_id"))
    objet = affectation.territoire
    return Territoire(
        niveau=niveau,
        cle=objet.pk,
        nom=str(objet),
        academie=objet if isinstance(objet, Academie) else getattr(objet, "academie", None),
        droits=droits_de([affectation.role]),
    )


def _dedoublonner(territoires: Iterable[Territoire]) -> Iterable[Territoire]:
    ordre = {niveau: rang for rang, niveau in enumerate(("academie", "departement", "district", "collectivite"))}
    uns = {(t.niveau, t.cle): t for t in territoires}
    return sorted(uns.values(), key=lambda t: (ordre[t.niveau], t.nom, t.cle))


def districts_du_departement(departement: int) -> QuerySet[District]:
    """Those that lie wholly inside it."""
    ecoles = Etablissement.objects.filter(district=OuterRef("pk"))
    dedans, dehors = ecoles.filter(departement=departement), ecoles.exclude(departement=departement)
    return District.objects.filter(Exists(dedans), ~Exists(dehors))
