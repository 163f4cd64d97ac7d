"""Incidents: what does not work is opened, sent to whom repairs it, and closed with how it ended."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from django.db.models import F

from budget.domain.equipements import Tenant, detacher
from budget.models import Equipement, Incident, Lot
from budget.queries.incidents import chose_de_l_incident, incidents_de
from budget.rules.equipements import CHANGE, empechement_tenir
from budget.rules.incidents import (
    DEJA_CLOS,
    PAS_CLOS,
    SORTI,
    defauts_de_l_incident,
    defauts_de_la_cloture,
)
from plans.domain.verrou import verrouiller_le_plan
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement

# What becomes of the thing. What replaces it stands on its line; without follow-up, it stays as it is.
ETATS_APRES: Mapping[str, str] = {
    Incident.Issue.REPARE: Equipement.Etat.REUTILISABLE,
    Incident.Issue.REMPLACE: Equipement.Etat.REUTILISABLE,
    Incident.Issue.REFORME: Equipement.Etat.REFORMABLE,
}


@dataclass(frozen=True)
class SaisieIncident:
    """What is wrong, with how many things, since when; to whom it was sent, and when."""

    constat: str
    hors_service: int
    ouvert_le: datetime.date
    envoye_a: str = ""
    envoye_le: datetime.date | None = None


@dataclass(frozen=True)
class Cloture:
    issue: str
    clos_le: datetime.date
    conclusion: str = ""


class IncidentChange(Empeche):
    """Somebody else has written since the page was shown: `actuel` is what is kept now."""

    def __init__(self, actuel: Incident) -> None:
        super().__init__("Quelqu'un d'autre a écrit pendant que vous écriviez\u00a0: rien n'est enregistré.")
        self.actuel = actuel


def lire_incident(incident: Incident) -> SaisieIncident:
    return SaisieIncident(**{champ.name: getattr(incident, champ.name) for champ in fields(SaisieIncident)})


def ouvrir_incident(
    *,
    etablissement: Etablissement,
    saisie: SaisieIncident,
    cle: uuid.UUID,
    tenant: Tenant,
    maintenant: datetime.datetime,
    equipement: Equipement | None = None,
    lot: Lot | None = None,
) -> Incident:
    """On a line of the inventory, on a lot, or on nothing that is counted. The things that do not work become « à
    réparer », as a line of their own when the others of their line still serve. A form sent twice (same `cle`) opens
    it once. Raises Empeche.
    """
    with acte("ouvrir_incident", tenant.personne):
        verrouiller_le_plan(etablissement)
        deja = Incident.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja:
            return deja
        tenue = _ligne(etablissement, equipement) if equipement else None
        chose = chose_de_l_incident(tenue, lot)
        refuser(empechement_tenir(etablissement, chose.proprietaire, tenant.proprietaire))
        _verifier(defauts_de_l_incident(saisie, _jour(etablissement, maintenant), chose.nombre))
        if tenue:
            tenue = detacher(equipement=tenue, nombre=saisie.hors_service, tenant=tenant)
        with acte("ouvrir_incident", tenant.personne):  # again: what splits a line has put its own name
            if tenue:
                _mettre(tenue, Equipement.Etat.A_REPARER, depuis=[Equipement.Etat.REUTILISABLE])
            return Incident.objects.create(
                etablissement=etablissement,
                equipement=tenue,
                lot_id=tenue.lot_id if tenue else lot.pk if lot else None,
                cle=cle,
                ouvert_par=tenant.personne,
                **asdict(saisie),
            )


def modifier_incident(
    *,
    incident: Incident,
    base: SaisieIncident,
    saisie: SaisieIncident,
    tenant: Tenant,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """Its words, its dates, to whom it was sent; `base` is what the form showed. What somebody else has changed in
    another way is given back, and nothing is written. Raises Empeche.
    """
    with acte("modifier_incident", tenant.personne):
        tenu = _verrouiller(incident, tenant)
        refuser(DEJA_CLOS if tenu.clos_le else None)
        actuel = asdict(lire_incident(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if fusion.possible and fusion.valeurs != actuel:
            voulu = SaisieIncident(**fusion.valeurs)
            combien = chose_de_l_incident(tenu.equipement, tenu.lot).nombre
            _verifier(defauts_de_l_incident(voulu, _jour(incident.etablissement, maintenant), combien))
            _ecrire(tenu, **fusion.valeurs)
        return fusion.conflits


def clore_incident(
    *, incident: Incident, version: int, cloture: Cloture, tenant: Tenant, maintenant: datetime.datetime
) -> Incident:
    """How it ended; in the same act the thing is reusable again, or to be retired. Sent twice, it is closed once.
    Raises Empeche; IncidentChange when somebody else has written since `version`.
    """
    with acte("clore_incident", tenant.personne):
        tenu = _verrouiller(incident, tenant)
        if Cloture(tenu.issue, tenu.clos_le or datetime.date.min, tenu.conclusion) == cloture:
            return tenu
        if tenu.version != version:
            raise IncidentChange(tenu)
        refuser(DEJA_CLOS if tenu.clos_le else None)
        _verifier(defauts_de_la_cloture(cloture, tenu.ouvert_le, _jour(incident.etablissement, maintenant)))
        _ecrire(tenu, **asdict(cloture))
        if tenu.equipement and cloture.issue in ETATS_APRES:
            _remettre(tenu.equipement, ETATS_APRES[cloture.issue])
    return tenu


def rouvrir_incident(*, incident: Incident, version: int, tenant: Tenant) -> Incident:
    """Closed by mistake: it never ended, and its things are to repair again, apart from those that they have been put
    together with. Raises Empeche.
    """
    with acte("rouvrir_incident", tenant.personne):
        tenu = _verrouiller(incident, tenant)
        refuser(None if tenu.clos_le else PAS_CLOS)
        if tenu.version != version:
            raise IncidentChange(tenu)
        tenu.equipement = _sa_part(tenu, tenant)
        with acte("rouvrir_incident", tenant.personne):  # again: what splits a line has put its own name
            _ecrire(tenu, clos_le=None, issue="", conclusion="")
            if tenu.equipement:
                _mettre(
                    tenu.equipement,
                    Equipement.Etat.A_REPARER,
                    depuis=[Equipement.Etat.REUTILISABLE, Equipement.Etat.REFORMABLE],
                )
    return tenu


# --- What every act checks ------------------------------------------------------------------------------
def _ligne(etablissement: Etablissement, equipement: Equipement) -> Equipement:
    """Held until the end of the act."""
    tenue = (
        Equipement.objects.vivants()
        .filter(etablissement=etablissement, pk=equipement.pk)
        .select_for_update(no_key=True)
        .first()
    )
    if tenue is None:
        raise Empeche(CHANGE)
    refuser(SORTI if tenue.etat == Equipement.Etat.SORTI else None)
    tenue.etablissement = etablissement
    return tenue


def _sa_part(incident: Incident, tenant: Tenant) -> Equipement | None:
    """Of a line that counts more things than the incident put out of use: a line of their own."""
    ligne = incident.equipement
    if ligne is None or ligne.etat == Equipement.Etat.SORTI or ligne.nombre <= incident.hors_service:
        return ligne
    return detacher(equipement=ligne, nombre=incident.hors_service, tenant=tenant)


def _verrouiller(incident: Incident, tenant: Tenant) -> Incident:
    """As it is now, held; what another owner's thing is about is refused to a collectivité."""
    tenus = incidents_de(incident.etablissement).select_for_update(no_key=True, of=("self",))
    tenu = tenus.get(pk=incident.pk)
    refuser(empechement_tenir(incident.etablissement, vars(tenu)["bien_de"] or "", tenant.proprietaire))
    return tenu


def _remettre(equipement: Equipement, etat: str) -> None:
    """Another incident of the same thing may be open still: then it does not serve again."""
    encore = Incident.objects.filter(equipement=equipement, clos_le__isnull=True).exists()
    if not encore or etat == Equipement.Etat.REFORMABLE:
        _mettre(equipement, etat, depuis=[Equipement.Etat.A_REPARER, Equipement.Etat.REUTILISABLE])


def _mettre(equipement: Equipement, etat: str, *, depuis: Sequence[str]) -> None:
    """What has left, or is to be retired already, is not brought back."""
    concernes = Equipement.objects.filter(pk=equipement.pk, etat__in=depuis).exclude(etat=etat)
    concernes.update(etat=etat, version=F("version") + 1)


def _verifier(defauts: Mapping[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)


def _ecrire(tenu: Incident, **valeurs: object) -> None:
    for champ, valeur in valeurs.items():
        setattr(tenu, champ, valeur)
    tenu.version += 1
    tenu.save()


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
