"""The districts of an académie: what each holds, who follows it, and the schools that may be drawn into it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from strategie.socle.droits import Droit, Role
from strategie.socle.models import Academie, Affectation, District, Etablissement, MouvementDeDistricts, Utilisateur
from strategie.socle.models.territoire import SansAccent
from strategie.socle.queries.academies import academies_confiees
from strategie.socle.queries.etablissements import chercher
from strategie.socle.rules import nom_lu

NOM_MAX = 80
# What the register writes before the name itself.
PREFIXE = re.compile(r"circonscription d'inspection du (?:1er|premier) degr[ée] (?:de |du |des |d')?(?:la |l')?", re.I)
REGISTRE = {
    MouvementDeDistricts.Maniere.CIRCONSCRIPTIONS: "circonscription",
    MouvementDeDistricts.Maniere.BASSINS: "bassin",
}


# --- Whose districts ---------------------------------------------------------------------------------------------
def district_a_dessiner(utilisateur: Utilisateur, cle: int) -> District | None:
    """With its académie; None for those of other académies."""
    academies = academies_confiees(utilisateur, Droit.DESSINER_DISTRICTS)
    return District.objects.filter(pk=cle, academie__in=academies).select_related("academie").first()


def districts_de_l_academie(academies: Collection[Academie], jour: datetime.date) -> QuerySet[District]:
    """By name, with `nb_etablissements` (closed ones apart) and `animateurs`: their names, those of `jour`."""
    ouvertes = ~Q(etablissements__etat=Etablissement.Etat.FERME) & Q(etablissements__isnull=False)
    actives = (
        Affectation.objects.actives(jour)
        .filter(district=OuterRef("pk"), role=Role.ANIMATEUR, utilisateur__is_active=True)
        .order_by("utilisateur__last_name", "utilisateur__first_name", "utilisateur")
    )
    noms = actives.values(nom=Concat("utilisateur__first_name", Value(" "), "utilisateur__last_name"))
    return (
        District.objects.filter(academie__in=academies)
        .select_related("academie")
        .annotate(nb_etablissements=Count("etablissements", filter=ouvertes), animateurs=ArraySubquery(noms))
        .order_by("academie__nom", "nom")
    )


def sans_district(academies: Collection[Academie]) -> dict[int, int]:
    """How many open schools of each académie have no district."""
    return dict(
        _ouvertes()
        .filter(academie__in=academies, district=None)
        .values_list("academie")
        .annotate(combien=Count("pk"))
        .order_by()
    )


def _ouvertes() -> QuerySet[Etablissement]:
    return Etablissement.objects.exclude(etat=Etablissement.Etat.FERME)


def districts_par_nom(academie: Academie) -> dict[str, District]:
    """Each district by its name, and by the way in which that name reads; a name written in full comes first."""
    districts = list(District.objects.filter(academie=academie).order_by("-pk"))
    lus = {nom_lu(district.nom): district for district in districts}
    return lus | {district.nom: district for district in districts}


# --- Who follows one ------------------------------------------------------------------------------------------------
def roles_du_district(district: District) -> QuerySet[Affectation]:
    """Every role held there, past, present and to come: those that still hold come first."""
    return (
        Affectation.objects.filter(district=district)
        .select_related("utilisateur")
        .order_by("-fin", "utilisateur__last_name", "utilisateur__first_name", "pk")
    )


def role_a_venir_ou_tenu(district: District, personne: Utilisateur, jour: datetime.date) -> QuerySet[Affectation]:
    return Affectation.objects.filter(
        Q(fin=None) | Q(fin__gte=jour), district=district, utilisateur=personne, role=Role.ANIMATEUR
    )


def personnes_de_l_academie(academie: Academie, jour: datetime.date) -> QuerySet[Utilisateur]:
    """Who follows a district of this académie, or its schools as a whole: those whom its rectorat may be shown."""
    siennes = Affectation.objects.actives(jour).filter(
        Q(district__academie=academie) | Q(academie=academie) | Q(departement__academie=academie),
        utilisateur=OuterRef("pk"),
    )
    return Utilisateur.objects.filter(Exists(siennes), is_active=True)


# --- Schools to draw ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choix:
    """What is kept of an académie's schools; an empty field keeps everything. `ou`: « sans » district, or the key of
    the one they are in.
    """

    q: str = ""
    type: str = ""
    departement: str = ""
    ou: str = ""


def ecoles_a_dessiner(academie: Academie, choix: Choix) -> QuerySet[Etablissement]:
    """Open schools of the académie, with their district."""
    ecoles = chercher(_ouvertes().filter(academie=academie), choix.q).select_related("district")
    if choix.type:
        ecoles = ecoles.filter(type=choix.type)
    if choix.departement:
        ecoles = ecoles.filter(departement__code=choix.departement)
    if choix.ou:
        ecoles = ecoles.filter(district=None) if choix.ou == "sans" else ecoles.filter(district=int(choix.ou))
    return ecoles


def ecoles_du_district(district: District) -> QuerySet[Etablissement]:
    """Closed ones too: they hold it all the same."""
    return Etablissement.objects.filter(district=district).order_by("recherche", "uai")


def ecoles_par_uai(academie: Academie, uais: Collection[str]) -> dict[str, int]:
    """The key of each school of the académie; the others are as unknown as those that do not exist."""
    return dict(Etablissement.objects.filter(academie=academie, uai__in=uais).values_list("uai", "pk"))


def communes_de(academie: Academie, choix: Choix) -> list[dict[str, Any]]:
    """Communes where the kept schools are: code, name, how many schools, how many without a district."""
    ecoles = ecoles_a_dessiner(academie, Choix(type=choix.type, departement=choix.departement, ou=choix.ou))
    if choix.q:
        ecoles = ecoles.alias(nue=SansAccent(F("commune"))).filter(nue__contains=SansAccent(Value(choix.q)))
    comptees: QuerySet[Any, Any] = (
        ecoles.exclude(commune="")
        .order_by("commune", "code_commune")
        .values("commune", "code_commune")
        .annotate(
            combien=Count("pk"),
            libres=Count("pk", filter=Q(district=None)),
            districts=ArrayAgg("district__nom", distinct=True, filter=Q(district__isnull=False), default=Value([])),
        )
    )
    return list(comptees)


def ecoles_des_communes(
    academie: Academie, communes: Collection[tuple[str, str]], types: Collection[str], *, libres: bool
) -> list[int]:
    """Keys of the open schools of these communes (code, name), of these types; `libres`: without a district."""
    ici = Q(pk__in=[])
    for code, nom in communes:
        ici |= Q(code_commune=code, commune=nom)
    ecoles = _ouvertes().filter(ici, academie=academie, type__in=types)
    return list((ecoles.filter(district=None) if libres else ecoles).values_list("pk", flat=True))


# --- What the register knows ----------------------------------------------------------------------------------------
def connus_du_registre(academie: Academie) -> Mapping[str, int]:
    """How many open schools have a circonscription, a bassin, in the register."""
    return (
        _ouvertes()
        .filter(academie=academie)
        .aggregate(
            circonscriptions=Count("pk", filter=~Q(circonscription="")), bassins=Count("pk", filter=~Q(bassin=""))
        )
    )


def noms_du_registre(academie: Academie, maniere: str, types: Collection[str], *, libres: bool) -> dict[int, str]:
    """What the register would call the district of each open school, by the school's key."""
    champ = REGISTRE[MouvementDeDistricts.Maniere(maniere)]
    ecoles = _ouvertes().filter(academie=academie, type__in=types).exclude(**{champ: ""})
    if libres:
        ecoles = ecoles.filter(district=None)
    return {cle: nom_du_registre(nom) for cle, nom in ecoles.values_list("pk", champ)}


def nom_du_registre(nom: str) -> str:
    """« Circonscription d'inspection du 1er degré de Rennes Nord » → « Rennes Nord »."""
    return (PREFIXE.sub("", nom).strip() or nom)[:NOM_MAX].strip()


# --- What was drawn -------------------------------------------------------------------------------------------------
def derniers_mouvements(academies: Collection[Academie], combien: int = 10) -> list[MouvementDeDistricts]:
    """Newest first."""
    return list(
        MouvementDeDistricts.objects.filter(academie__in=academies).select_related("fait_par", "academie")[:combien]
    )


def mouvements_confies(utilisateur: Utilisateur) -> QuerySet[MouvementDeDistricts]:
    academies = academies_confiees(utilisateur, Droit.DESSINER_DISTRICTS)
    return MouvementDeDistricts.objects.filter(academie__in=academies).select_related("academie", "fait_par")


def mouvement_a_annuler(academie: Academie) -> MouvementDeDistricts | None:
    """The last one of the académie, unless it already took another back."""
    return annulable(MouvementDeDistricts.objects.filter(academie=academie).select_related("academie").first())


def annulable(dernier: MouvementDeDistricts | None) -> MouvementDeDistricts | None:
    return None if dernier is None or dernier.maniere == MouvementDeDistricts.Maniere.ANNULATION else dernier
