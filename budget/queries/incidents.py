"""Reading incidents, and how long things were out of use."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from budget.domain.pannes import Panne, jours_hors_service
from budget.models import Equipement, Incident, Lot
from strategie.socle.domain.calendrier import bornes
from strategie.socle.models import Etablissement


def incidents_de(etablissement: Etablissement) -> QuerySet[Incident]:
    """Open ones first, the oldest at the head; then the last closed. Each with `bien_de`, who owns what it is about:
    the owner of its line, else the only owner of its lot's things, else nobody.
    """
    proprietaires = (
        Equipement.objects.vivants()
        .filter(lot=OuterRef("lot"))
        .exclude(etat=Equipement.Etat.SORTI)
        .order_by()
        .values("lot")
        .annotate(un=Min("proprietaire"), autre=Max("proprietaire"))
        .filter(un=F("autre"))
    )
    return (
        Incident.objects.filter(etablissement=etablissement)
        .select_related("equipement__salle", "lot", "ouvert_par")
        .annotate(
            bien_de=Case(
                When(equipement__isnull=False, then=F("equipement__proprietaire")),
                default=Subquery(proprietaires.values("un")[:1]),
            )
        )
        .order_by(F("clos_le").desc(nulls_first=True), "ouvert_le", "pk")
    )


def ouverts_ou_de_l_annee(incidents: QuerySet[Incident], annee: str) -> QuerySet[Incident]:
    """Those that are open, and those closed during the school year."""
    return incidents.filter(Q(clos_le__isnull=True) | Q(clos_le__range=bornes(annee)))


@dataclass(frozen=True)
class Effectif:
    """How many incidents there are of a kind."""

    envoye_a: str
    lot: int | None
    lot_intitule: str
    clos: bool
    nombre: int


def effectifs(incidents: QuerySet[Incident]) -> list[Effectif]:
    """One query, whatever their number."""
    groupes = (
        incidents.order_by()
        .values("envoye_a", "lot", "lot__intitule")
        .annotate(
            clos=Case(When(clos_le__isnull=True, then=Value(value=False)), default=Value(value=True)),
            nombre=Count("pk"),
        )
        .values_list("envoye_a", "lot", "lot__intitule", "clos", "nombre")
    )
    return [Effectif(a, lot, intitule or "", clos, nombre) for a, lot, intitule, clos, nombre in groupes]


# --- Days out of use, over a school year (`budget.domain.pannes` says the rule) ------------------------------
def jours_hors_service_des_lots(etablissement: Etablissement, annee: str, jour: datetime.date) -> dict[int, int]:
    """By lot, those that have some; two queries."""
    par_lot: dict[int, list[Panne]] = defaultdict(list)
    for lot, panne in _pannes(Incident.objects.filter(etablissement=etablissement, lot__isnull=False), annee, "lot"):
        par_lot[lot].append(panne)
    return _jours(par_lot, annee, jour, _tailles(par_lot))


def jours_hors_service_du_lot(lot: Lot, annee: str, jour: datetime.date) -> int:
    par_lot = {lot.pk: [panne for _, panne in _pannes(Incident.objects.filter(lot=lot), annee, "lot")]}
    return _jours(par_lot, annee, jour, _tailles(par_lot)).get(lot.pk, 0)


def jours_hors_service_de_l_etablissement(etablissement: Etablissement, annee: str, jour: datetime.date) -> int:
    """Those of each lot, and of what is in none; two queries."""
    par_lot: dict[int, list[Panne]] = defaultdict(list)
    for lot, panne in _pannes(Incident.objects.filter(etablissement=etablissement), annee, "lot"):
        par_lot[lot].append(panne)
    return sum(_jours(par_lot, annee, jour, _tailles(lot for lot in par_lot if lot)).values())


def _pannes(incidents: QuerySet[Incident], annee: str, par: str) -> Iterable[tuple[int, Panne]]:
    debut, fin = bornes(annee)
    touches = incidents.filter(Q(clos_le__isnull=True) | Q(clos_le__gt=debut), ouvert_le__lte=fin).order_by()
    for cle, *dits in touches.values_list(par, "equipement", "hors_service", "ouvert_le", "clos_le"):
        yield cle, Panne(*dits)


def _tailles(lots: Iterable[int]) -> dict[int, int]:
    """How many things each lot has had, gone ones too: they were there."""
    lignes = Equipement.objects.vivants().filter(lot__in=list(lots)).order_by().values("lot")
    return dict(lignes.annotate(choses=Sum("nombre")).values_list("lot", "choses"))


def _jours(
    pannes: Mapping[int, list[Panne]], annee: str, jour: datetime.date, tailles: Mapping[int, int]
) -> dict[int, int]:
    debut, fin = bornes(annee)
    comptes = {cle: jours_hors_service(p, debut, fin, jour, tailles.get(cle)) for cle, p in pannes.items()}
    return {cle: jours for cle, jours in comptes.items() if jours}


def filtrer(incidents: QuerySet[Incident], choix: Mapping[str, str]) -> QuerySet[Incident]:
    """`etat`: « ouverts » or « clos »; `a`: to whom, « personne » for nobody; `lot`: its key, « 0 » for none."""
    if "etat" in choix:
        incidents = incidents.filter(clos_le__isnull=choix["etat"] == "ouverts")
    if "a" in choix:
        incidents = incidents.filter(envoye_a="" if choix["a"] == "personne" else choix["a"])
    if "lot" in choix:
        incidents = incidents.filter(lot=int(choix["lot"]) or None)
    return incidents


# --- What an incident is about --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Chose:
    """Its only owner and who looks after it (empty when several do), and how many there are (None: nobody knows)."""

    proprietaire: str = ""
    mainteneur: str = ""
    nombre: int | None = None


def chose_de_l_incident(equipement: Equipement | None, lot: Lot | None) -> Chose:
    """The line, else what the lot still has, else nothing that is counted."""
    if equipement:
        return Chose(equipement.proprietaire, equipement.mainteneur, equipement.nombre)
    if lot is None:
        return Chose()
    la = lot.equipements.filter(supprime_le__isnull=True).exclude(etat=Equipement.Etat.SORTI)
    dits = list(la.values_list("proprietaire", "mainteneur", "nombre"))
    proprietaires, mainteneurs = {dit[0] for dit in dits}, {dit[1] for dit in dits}
    return Chose(
        proprietaires.pop() if len(proprietaires) == 1 else "",
        mainteneurs.pop() if len(mainteneurs) == 1 else "",
        sum(dit[2] for dit in dits) or None,
    )


def ouverts_de(equipement: Equipement | None, lot: Lot | None) -> list[Incident]:
    """Those open already on it: somebody may have said it before."""
    ouverts = Incident.objects.filter(clos_le__isnull=True).order_by("ouvert_le", "pk")
    if equipement:
        return list(ouverts.filter(equipement=equipement))
    return list(ouverts.filter(lot=lot)[:10]) if lot else []


def lots_a_choisir(etablissement: Etablissement) -> list[Lot]:
    return list(Lot.objects.vivants().filter(etablissement=etablissement).only("intitule").order_by("intitule"))


@dataclass(frozen=True)
class JoursDUnLot:
    lot: int
    intitule: str
    jours: int


def jours_hors_service_des_lots_nommes(
    etablissement: Etablissement, annee: str, jour: datetime.date
) -> list[JoursDUnLot]:
    """The longest first; three queries."""
    jours = jours_hors_service_des_lots(etablissement, annee, jour)
    noms = dict(Lot.objects.filter(pk__in=jours).values_list("pk", "intitule"))
    dits = (JoursDUnLot(lot, noms[lot], nombre) for lot, nombre in jours.items())
    return sorted(dits, key=lambda dit: (-dit.jours, dit.intitule))
