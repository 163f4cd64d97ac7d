"""Keeping the inventory: what arrives, moves, is lent, breaks and leaves."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.db.models.functions import Lower

from budget.models import Equipement, Incident, Lot, Salle
from budget.queries.equipements import PAREILS
from budget.rules.controle import debut_du_controle
from budget.rules.equipements import (
    CHANGE,
    PAS_A_SOI,
    SALLE_D_AILLEURS,
    empechement_acheter_apres_la_sortie,
    empechement_ajouter,
    empechement_date,
    empechement_detacher,
    empechement_prix,
    empechement_regrouper,
    empechement_tenir,
)
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

DEJA_LA = "Un de ces numéros est déjà dans l'inventaire de l'établissement, ou vient d'y entrer\u00a0: {}."
# What has happened, and what is to come.
DATES_PASSEES, DATES_A_VENIR = ("achete_le",), ("garanti_jusqu_au", "suivi_jusqu_au", "prevu_jusqu_au")


@dataclass(frozen=True)
class SaisieEquipement:
    """What describes a thing; its numbers and its fate are said by other acts. `salle` and `lot` are keys."""

    designation: str
    categorie: str
    marque: str = ""
    modele: str = ""
    salle: int | None = None
    lot: int | None = None
    domaine: str = Equipement.Domaine.PEDAGOGIQUE
    proprietaire: str = ""
    payeur: str = ""
    mainteneur: str = ""
    achete_le: datetime.date | None = None
    garanti_jusqu_au: datetime.date | None = None
    suivi_jusqu_au: datetime.date | None = None
    prevu_jusqu_au: datetime.date | None = None
    prix: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class SaisieModifiee:
    """The same, and the numbers of one thing."""

    description: SaisieEquipement
    numero_serie: str
    etiquette: str


@dataclass(frozen=True)
class Tenant:
    """Who writes, and whose things she keeps: everything when `proprietaire` is empty."""

    personne: Utilisateur
    proprietaire: str = ""


def lire_equipement(equipement: Equipement) -> SaisieModifiee:
    valeurs = {champ.name: getattr(equipement, champ.name) for champ in fields(SaisieEquipement)}
    valeurs |= {"salle": equipement.salle_id, "lot": equipement.lot_id}
    return SaisieModifiee(SaisieEquipement(**valeurs), equipement.numero_serie, equipement.etiquette)


def ajouter_equipements(
    *,
    etablissement: Etablissement,
    saisie: SaisieEquipement,
    nombre: int,
    cle: uuid.UUID,
    tenant: Tenant,
    maintenant: datetime.datetime,
    series: Sequence[str] = (),
    etiquettes: Sequence[str] = (),
) -> list[Equipement]:
    """`nombre` things alike: one line for all, or one line a serial number or tag. A form sent twice (same `cle`) adds
    them once. Raises Empeche.
    """
    refuser(empechement_tenir(etablissement, saisie.proprietaire, tenant.proprietaire))
    refuser(empechement_ajouter(nombre, series, etiquettes))
    verifier_dates(saisie, _jour(etablissement, maintenant))
    numeros = max(len(series), len(etiquettes))
    lignes = [
        Equipement(
            **_valeurs(saisie),
            etablissement=etablissement,
            academie_id=etablissement.academie_id,
            numero_serie=series[rang] if series else "",
            etiquette=etiquettes[rang] if etiquettes else "",
            nombre=1 if numeros else nombre,
            cle=uuid.uuid5(cle, str(rang)),
        )
        for rang in range(numeros or 1)
    ]
    with acte("ajouter_equipements", tenant.personne):
        deja = list(Equipement.objects.filter(cle__in=[ligne.cle for ligne in lignes], etablissement=etablissement))
        if deja:
            return deja
        verifier_liens(etablissement, saisie)
        refuser(_deja_la(etablissement, series, etiquettes))
        return _creer(lignes, numeros=[*series, *etiquettes])


def modifier_equipement(
    *,
    equipement: Equipement,
    base: SaisieModifiee,
    saisie: SaisieModifiee,
    tenant: Tenant,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche.
    """
    etablissement = equipement.etablissement
    refuser(empechement_tenir(etablissement, saisie.description.proprietaire, tenant.proprietaire))
    with acte("modifier_equipement", tenant.personne):
        tenu = _verrouiller(etablissement, [equipement.pk], tenant).first()
        if tenu is None:
            raise Empeche(CHANGE)
        actuel = a_plat(lire_equipement(tenu))
        fusion = fusionner(a_plat(base), a_plat(saisie), actuel)
        if not fusion.possible or fusion.valeurs == actuel:
            return fusion.conflits
        valeurs = dict(fusion.valeurs)
        numeros = {nom: valeurs.pop(nom) for nom in ("numero_serie", "etiquette")}
        voulu = SaisieEquipement(**valeurs)
        verifier_dates(voulu, _jour(etablissement, maintenant))
        refuser(empechement_acheter_apres_la_sortie(voulu.achete_le, tenu.sorti_le))
        verifier_liens(etablissement, voulu)
        _ecrire(tenu, _valeurs(voulu) | numeros)
    return {}


def deplacer(*, etablissement: Etablissement, cles: Collection[int], salle: Salle | None, tenant: Tenant) -> int:
    """To a room, or to none; how many lines have moved. Raises Empeche."""
    if salle is not None and (salle.etablissement_id != etablissement.pk or salle.archivee_le is not None):
        raise Empeche(SALLE_D_AILLEURS)
    with acte("deplacer_equipements", tenant.personne):
        lignes = _toutes(etablissement, cles, tenant)
        return lignes.exclude(salle=salle).update(salle=salle, version=F("version") + 1)


def changer_etat_en_lot(
    *,
    etablissement: Etablissement,
    cles: Collection[int],
    etat: str,
    tenant: Tenant,
    maintenant: datetime.datetime,
    destination: str = "",
    sorti_le: datetime.date | None = None,
) -> int:
    """Reusable, to repair, to retire, or gone: then where to, and when. What leaves is lent no more. Raises Empeche."""
    valeurs: dict[str, Any] = {"etat": etat, "destination": "", "sorti_le": None}
    if etat == Equipement.Etat.SORTI:
        jour = _jour(etablissement, maintenant)
        refuser(None if destination else "Dites où va ce qui sort de l'inventaire.")
        refuser(empechement_date(sorti_le or jour, jour, passee=True))
        valeurs |= {"destination": destination, "sorti_le": sorti_le or jour, **SANS_PRET}
    with acte("changer_etat_equipements", tenant.personne):
        lignes = _toutes(etablissement, cles, tenant)
        try:
            return lignes.update(version=F("version") + 1, **valeurs)
        except IntegrityError as refus:
            raise Empeche("Rien ne sort de l'inventaire avant d'y être entré\u00a0: voyez la date d'achat.") from refus


def detacher(*, equipement: Equipement, nombre: int, tenant: Tenant) -> Equipement:
    """`nombre` things of a line that counts several, as a line of their own; the line itself when it is all of it.
    Raises Empeche.
    """
    with acte("detacher_equipement", tenant.personne):
        tenu = _verrouiller(equipement.etablissement, [equipement.pk], tenant).first()
        if tenu is None:
            raise Empeche(CHANGE)
        refuser(empechement_detacher(nombre, tenu.nombre))
        if nombre == tenu.nombre:
            return tenu
        _ecrire(tenu, {"nombre": tenu.nombre - nombre})
        tenu.pk, tenu.nombre, tenu.version, tenu.cle = None, nombre, 1, uuid.uuid4()
        tenu._state.adding = True
        tenu.save()
    return tenu


def regrouper(
    *, etablissement: Etablissement, cles: Collection[int], tenant: Tenant, maintenant: datetime.datetime
) -> Equipement:
    """Lines that nothing tells apart, as one: the oldest, that an import of the same file knows. What became of the
    others follows. Raises Empeche.
    """
    with acte("regrouper_equipements", tenant.personne):
        lignes = list(_toutes(etablissement, cles, tenant).order_by("pk"))
        refuser(empechement_de_regrouper(lignes, _jour(etablissement, maintenant)))
        gardee, *autres = lignes
        Incident.objects.filter(equipement__in=autres).update(equipement=gardee)
        Equipement.objects.filter(pk__in=[autre.pk for autre in autres]).delete()
        vues = [ligne.vu_le for ligne in lignes if ligne.vu_le]
        vu_le = min(vues) if len(vues) == len(lignes) else None
        _ecrire(gardee, {"nombre": sum(ligne.nombre for ligne in lignes), "vu_le": vu_le})
    return gardee


def empechement_de_regrouper(lignes: Sequence[Equipement], jour: datetime.date) -> str | None:
    debut = debut_du_controle(annee_scolaire(jour))
    differences = [nom for champ, nom in PAREILS.items() if len({getattr(ligne, champ) for ligne in lignes}) > 1]
    if len({ligne.vu_le is not None and ligne.vu_le >= debut for ligne in lignes}) > 1:
        differences.append("vu cette année")
    incidents = list(Incident.objects.filter(equipement__in=lignes).values_list("equipement", "clos_le"))
    return empechement_regrouper(
        len(lignes),
        sum(ligne.nombre for ligne in lignes),
        numerotees=any(ligne.numero_serie or ligne.etiquette for ligne in lignes),
        differences=differences,
        incidents_ouverts=any(clos_le is None for _, clos_le in incidents),
        avec_incidents=len({ligne for ligne, _ in incidents}),
    )


SANS_PRET: Mapping[str, Any] = {"prete_a": "", "prete_le": None, "pret_jusqu_au": None}


def preter(
    *,
    etablissement: Etablissement,
    cles: Collection[int],
    a: str,
    jusqu_au: datetime.date | None,
    tenant: Tenant,
    maintenant: datetime.datetime,
) -> int:
    """To a pupil, a colleague or another school: never a name. Raises Empeche."""
    jour = _jour(etablissement, maintenant)
    refuser("La date de retour est déjà passée." if jusqu_au and jusqu_au < jour else None)
    refuser(empechement_date(jusqu_au, jour, passee=False))
    with acte("preter_equipement", tenant.personne):
        lignes = _toutes(etablissement, cles, tenant)
        refuser("Ce qui est sorti de l'inventaire ne se prête plus." if lignes.filter(etat="sorti").exists() else None)
        return lignes.update(prete_a=a, prete_le=jour, pret_jusqu_au=jusqu_au, version=F("version") + 1)


def rendre(
    *,
    etablissement: Etablissement,
    cles: Collection[int],
    tenant: Tenant,
    maintenant: datetime.datetime,
    etat: str = "",
) -> int:
    """Back from a loan, seen today; in another state where it is said. Raises Empeche."""
    valeurs: dict[str, Any] = {**SANS_PRET, "vu_le": _jour(etablissement, maintenant)}
    if etat and etat != Equipement.Etat.SORTI:
        valeurs["etat"] = etat
    with acte("rendre_equipement", tenant.personne):
        lignes = _toutes(etablissement, cles, tenant)
        return lignes.exclude(prete_a="").update(version=F("version") + 1, **valeurs)


def constater(
    *, etablissement: Etablissement, cles: Collection[int], tenant: Tenant, maintenant: datetime.datetime
) -> int:
    """Seen where it should be; said twice the same day, it is written once."""
    jour = _jour(etablissement, maintenant)
    with acte("constater_equipement", tenant.personne):
        lignes = _toutes(etablissement, cles, tenant)
        return lignes.exclude(vu_le=jour).update(vu_le=jour, version=F("version") + 1)


# --- What every act checks ------------------------------------------------------------------------------
def verifier_dates(saisie: SaisieEquipement, jour: datetime.date) -> None:
    refuser(empechement_prix(saisie.prix))
    for nom in DATES_PASSEES:
        refuser(empechement_date(getattr(saisie, nom), jour, passee=True))
    for nom in DATES_A_VENIR:
        date = getattr(saisie, nom)
        refuser(empechement_date(date, jour, passee=False))
        if date and saisie.achete_le and date < saisie.achete_le:
            raise Empeche("Aucune date ne peut précéder l'achat.")


def verifier_liens(etablissement: Etablissement, saisie: SaisieEquipement) -> None:
    """The room and the lot are the school's own, and still there."""
    if saisie.salle is not None:
        siennes = Salle.objects.filter(etablissement=etablissement, archivee_le__isnull=True)
        refuser(None if siennes.filter(pk=saisie.salle).exists() else SALLE_D_AILLEURS)
    if saisie.lot is not None:
        siens = Lot.objects.vivants().filter(etablissement=etablissement)
        refuser(None if siens.filter(pk=saisie.lot).exists() else "Ce lot n'est pas, ou n'est plus, à l'établissement.")


def a_plat(saisie: SaisieModifiee) -> dict[str, Any]:
    """Every field at one level, as two people's changes are compared."""
    return asdict(saisie.description) | {"numero_serie": saisie.numero_serie, "etiquette": saisie.etiquette}


def _valeurs(saisie: SaisieEquipement) -> dict[str, Any]:
    valeurs = asdict(saisie)
    return {("salle_id" if nom == "salle" else "lot_id" if nom == "lot" else nom): v for nom, v in valeurs.items()}


def _deja_la(etablissement: Etablissement, series: Sequence[str], etiquettes: Sequence[str]) -> str | None:
    """The numbers that the school's inventory has already."""
    siens = Equipement.objects.vivants().filter(etablissement=etablissement)
    tenus = set()
    for champ, numeros in (("numero_serie", series), ("etiquette", etiquettes)):
        cherches = {numero.lower() for numero in numeros}
        if cherches:
            trouves = siens.alias(bas=Lower(champ)).filter(bas__in=cherches)
            tenus |= set(trouves.values_list(champ, flat=True))
    return DEJA_LA.format(", ".join(sorted(tenus)[:10])) if tenus else None


def _creer(lignes: Sequence[Equipement], numeros: Sequence[str]) -> list[Equipement]:
    try:
        return Equipement.objects.bulk_create(lignes)
    except IntegrityError as doublon:  # entered by somebody else at the same moment
        raise Empeche(DEJA_LA.format(", ".join(numeros[:10]))) from doublon


def _ecrire(tenu: Equipement, valeurs: Mapping[str, Any]) -> None:
    try:
        Equipement.objects.filter(pk=tenu.pk).update(version=F("version") + 1, **valeurs)
    except IntegrityError as doublon:
        numeros = [valeurs.get("numero_serie", ""), valeurs.get("etiquette", "")]
        raise Empeche(DEJA_LA.format(", ".join(filter(None, numeros)))) from doublon
    tenu.refresh_from_db()


def _verrouiller(etablissement: Etablissement, cles: Collection[int], tenant: Tenant) -> QuerySet[Equipement]:
    """The lines as they are now, held until the end of the act; those of another owner are refused, and all those of a
    school that is closed.
    """
    refuser(empechement_tenir(etablissement, tenant.proprietaire, tenant.proprietaire))
    lignes = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=cles)
    if tenant.proprietaire and lignes.exclude(proprietaire=tenant.proprietaire).exists():
        raise Empeche(PAS_A_SOI)
    return lignes.select_for_update(no_key=True).order_by("pk")


def _toutes(etablissement: Etablissement, cles: Collection[int], tenant: Tenant) -> QuerySet[Equipement]:
    """The lines to write at once: all those asked for, or nothing."""
    refuser("Cochez au moins une ligne." if not cles else None)
    tenues = [ligne.pk for ligne in _verrouiller(etablissement, cles, tenant).only("pk")]
    refuser(None if len(tenues) == len(set(cles)) else CHANGE)
    return Equipement.objects.filter(pk__in=tenues)


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
