"""The infrastructure: lines, what they really give, the Wi-Fi of rooms, the services that every school should have."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from budget.models import MesureDebit, Raccordement, Salle, ServiceReseau
from budget.rules.reseau import (
    DEJA_MESURE,
    RETIRE,
    defauts_de_la_mesure,
    defauts_du_raccordement,
    defauts_du_service,
)
from plans.domain.verrou import verrouiller_le_plan
from strategie.socle.domain.empechement import SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire


# --- Lines --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SaisieRaccordement:
    """Throughputs are what was planned, in megabits per second; None when nobody knows."""

    intitule: str
    technologie: str = ""
    usage: str = Raccordement.Usage.COMMUN
    descendant: Decimal | None = None
    montant: Decimal | None = None
    payeur: str = ""
    exploitant: str = ""
    contrat_jusqu_au: datetime.date | None = None


def lire_raccordement(raccordement: Raccordement) -> SaisieRaccordement:
    return SaisieRaccordement(**_valeurs(raccordement, SaisieRaccordement))


def ajouter_raccordement(
    *, etablissement: Etablissement, saisie: SaisieRaccordement, auteur: Utilisateur, maintenant: datetime.datetime
) -> Raccordement:
    """Sent twice, the same words are one line. Raises Empeche."""
    refuser(empechement_ecrire(etablissement))
    _verifier(defauts_du_raccordement(saisie, _jour(etablissement, maintenant)))
    with acte("ajouter_raccordement", auteur):
        verrouiller_le_plan(etablissement)
        for deja in Raccordement.objects.filter(etablissement=etablissement, retire_le__isnull=True):
            if lire_raccordement(deja) == saisie:
                return deja
        return Raccordement.objects.create(etablissement=etablissement, **asdict(saisie))


def modifier_raccordement(
    *,
    raccordement: Raccordement,
    base: SaisieRaccordement,
    saisie: SaisieRaccordement,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what somebody else has changed in another way is given back, and nothing is
    written. Raises Empeche.
    """
    refuser(empechement_ecrire(raccordement.etablissement))
    with acte("modifier_raccordement", auteur):
        tenu = _verrouiller(raccordement)
        refuser(RETIRE if tenu.retire_le else None)
        actuel = asdict(lire_raccordement(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if fusion.possible and fusion.valeurs != actuel:
            voulu = SaisieRaccordement(**fusion.valeurs)
            _verifier(defauts_du_raccordement(voulu, _jour(raccordement.etablissement, maintenant)))
            _ecrire(tenu, fusion.valeurs)
        return fusion.conflits


def retirer_raccordement(*, raccordement: Raccordement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Its measures stay; it may come back. Asked twice, it is done once. Raises Empeche."""
    refuser(empechement_ecrire(raccordement.etablissement))
    with acte("retirer_raccordement", auteur):
        tenu = _verrouiller(raccordement)
        if tenu.retire_le is None:
            _ecrire(tenu, {"retire_le": maintenant})


def retablir_raccordement(*, raccordement: Raccordement, auteur: Utilisateur) -> None:
    """Raises Empeche."""
    refuser(empechement_ecrire(raccordement.etablissement))
    with acte("retablir_raccordement", auteur):
        tenu = _verrouiller(raccordement)
        if tenu.retire_le:
            _ecrire(tenu, {"retire_le": None})


# --- What a line really gives ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class SaisieMesure:
    mesure_le: datetime.datetime
    descendant: Decimal
    montant: Decimal | None = None
    lieu: str = ""


def noter_mesure(
    *, raccordement: Raccordement, saisie: SaisieMesure, auteur: Utilisateur, maintenant: datetime.datetime
) -> MesureDebit:
    """Sent twice, it is noted once; two measures of one line are not of the same minute. Raises Empeche."""
    refuser(empechement_ecrire(raccordement.etablissement))
    _verifier(defauts_de_la_mesure(saisie, maintenant))
    with acte("noter_mesure", auteur):
        tenu = _verrouiller(raccordement)
        refuser(RETIRE if tenu.retire_le else None)
        deja = MesureDebit.objects.filter(raccordement=tenu, mesure_le=saisie.mesure_le).first()
        if deja is None:
            return MesureDebit.objects.create(raccordement=tenu, mesure_par=auteur, **asdict(saisie))
        if _valeurs(deja, SaisieMesure) != asdict(saisie):
            raise SaisieRefusee({"heure": DEJA_MESURE})
        return deja


def retirer_mesure(*, mesure: MesureDebit, auteur: Utilisateur) -> None:
    """A measure that was mistyped; the history keeps it. Raises Empeche."""
    refuser(empechement_ecrire(mesure.raccordement.etablissement))
    with acte("retirer_mesure", auteur):
        MesureDebit.objects.filter(pk=mesure.pk).delete()


# --- Services ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SaisieService:
    """`en_place` is empty as long as nobody has said anything."""

    en_place: str = ""
    precision: str = ""
    exploitant: str = ""
    verifie_le: datetime.date | None = None


def lire_service(service: ServiceReseau | None) -> SaisieService:
    return SaisieService(**_valeurs(service, SaisieService)) if service else SaisieService()


def dire_service(
    *,
    etablissement: Etablissement,
    sorte: str,
    base: SaisieService,
    saisie: SaisieService,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """Whether it is there, and who operates it; « on ne sait pas » is an answer. `base` is what the form showed; what
    somebody else has said otherwise is given back, and nothing is written. Raises Empeche.
    """
    refuser(empechement_ecrire(etablissement))
    with acte("dire_service", auteur):
        verrouiller_le_plan(etablissement)
        tenu = ServiceReseau.objects.filter(etablissement=etablissement, sorte=sorte).first()
        actuel = asdict(lire_service(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if fusion.possible and fusion.valeurs != actuel:
            _verifier(defauts_du_service(SaisieService(**fusion.valeurs), _jour(etablissement, maintenant)))
            dit = dict(fusion.valeurs) | {"dit_par": auteur, "dit_le": maintenant}
            if tenu:
                _ecrire(tenu, dit)
            else:
                ServiceReseau.objects.create(etablissement=etablissement, sorte=sorte, **dit)
        elif fusion.possible:
            _verifier(defauts_du_service(saisie, _jour(etablissement, maintenant)))
        return fusion.conflits


# --- The Wi-Fi of rooms -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TourDuWifi:
    """`constatees`: how many rooms were written; `disputees`: those that somebody else has said otherwise meanwhile,
    left as they are.
    """

    constatees: int
    disputees: Collection[Salle]


def constater_wifi(
    *,
    etablissement: Etablissement,
    lus: Mapping[int, str],
    dits: Mapping[int, str],
    tour: bool,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> TourDuWifi:
    """All rooms at once: `lus` is what the page showed, by room, and `dits` what it sends back. With `tour`, every
    room was seen today, even those that have not changed. Raises Empeche.
    """
    refuser(empechement_ecrire(etablissement))
    jour, disputees, nombre = _jour(etablissement, maintenant), [], 0
    with acte("constater_wifi", auteur):
        salles = Salle.objects.filter(etablissement=etablissement, archivee_le__isnull=True, pk__in=dits)
        for salle in salles.select_for_update(no_key=True).order_by("pk"):
            lu, dit = lus.get(salle.pk, ""), dits[salle.pk]
            if dit != lu and salle.wifi not in (lu, dit):
                disputees.append(salle)
            elif dit != lu or (tour and dit == salle.wifi and dit):
                salle.wifi, salle.wifi_le = dit, jour if dit else None
                salle.save(update_fields=["wifi", "wifi_le"])
                nombre += 1
    return TourDuWifi(nombre, disputees)


# --- What every act checks ------------------------------------------------------------------------------
def _valeurs(objet: Any, saisie: type[Any]) -> dict[str, Any]:
    return {champ.name: getattr(objet, champ.name) for champ in fields(saisie)}


def _verrouiller(raccordement: Raccordement) -> Raccordement:
    return Raccordement.objects.select_for_update(no_key=True).get(pk=raccordement.pk)


def _ecrire(tenu: Raccordement | ServiceReseau, valeurs: Mapping[str, Any]) -> None:
    for champ, valeur in valeurs.items():
        setattr(tenu, champ, valeur)
    tenu.version += 1
    tenu.save()


def _verifier(defauts: Mapping[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
