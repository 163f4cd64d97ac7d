"""Sessions of a training: planned, changed, given up with a reason, held with how many of each team were there."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from budget.models import BesoinFormation, Presence, Seance
from budget.queries.couverture import effectifs_de
from budget.rules.formations import empechement_raison
from budget.rules.seances import (
    CHANGEE,
    defauts_de_la_seance,
    defauts_des_presents,
    empechement_annuler_seance,
    empechement_modifier_seance,
    empechement_prevoir,
    empechement_tenir_seance,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur
from strategie.socle.rules import empechement_ecrire


@dataclass(frozen=True)
class SaisieSeance:
    jour: datetime.date
    heures: Decimal
    intervenant: str
    organisme: str = ""
    cout: Decimal = Decimal("0.00")
    note: str = ""


CHAMPS = tuple(champ.name for champ in fields(SaisieSeance))


def lire_seance(seance: Seance) -> SaisieSeance:
    return SaisieSeance(**{nom: getattr(seance, nom) for nom in CHAMPS})


def lire_presents(seance: Seance) -> dict[str, int]:
    """By team; a team of which nobody was there is not in it."""
    return {presence.equipe: presence.presents for presence in seance.presences.all()}


def ajouter_seance(*, formation: BesoinFormation, saisie: SaisieSeance, cle: uuid.UUID, auteur: Utilisateur) -> Seance:
    """A form sent twice (same `cle`) makes one. Raises Empeche; SaisieRefusee says which fields are wrong."""
    with acte("ajouter_seance", auteur):
        tenue = _tenir_la_formation(formation.pk)
        deja = Seance.objects.filter(formation=tenue, cle=cle).first()
        if deja is not None:
            return deja
        refuser(empechement_prevoir(tenue.etat))
        _verifier(defauts_de_la_seance(saisie, tenue.annee_scolaire))
        return Seance.objects.create(formation=tenue, cle=cle, **asdict(saisie))


def modifier_seance(
    *,
    seance: Seance,
    base: SaisieSeance,
    saisie: SaisieSeance,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche; SaisieRefusee says which fields are wrong.
    """
    with acte("modifier_seance", auteur):
        tenue, formation = _tenir(seance)
        refuser(empechement_prevoir(formation.etat))
        refuser(empechement_modifier_seance(tenue.etat))
        actuelle = asdict(lire_seance(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuelle)
        if fusion.possible and fusion.valeurs != actuelle:
            voulue = SaisieSeance(**fusion.valeurs)
            defauts = defauts_de_la_seance(voulue, formation.annee_scolaire)
            if tenue.etat == Seance.Etat.TENUE and (
                refus := empechement_tenir_seance(voulue.jour, _jour(formation, maintenant))
            ):
                defauts["jour"] = refus
            _verifier(defauts)
            _ecrire(tenue, **asdict(voulue))
    return fusion.conflits


def annuler_seance(*, seance: Seance, version: int, raison: str, auteur: Utilisateur) -> Seance:
    """Nobody was there: what was counted goes, and stays in the history. Asked twice, it is done once. Raises
    Empeche.
    """
    refuser(empechement_raison(raison))
    with acte("annuler_seance", auteur):
        tenue, formation = _tenir(seance)
        if tenue.etat == Seance.Etat.ANNULEE:
            return tenue
        _a_jour(tenue, version)
        refuser(empechement_annuler_seance(formation.etat, tenue.etat))
        tenue.presences.all().delete()
        return _ecrire(tenue, etat=Seance.Etat.ANNULEE, raison=raison)


def tenir_seance(
    *,
    seance: Seance,
    version: int,
    presents: Mapping[str, int],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Seance:
    """How many of each team were there: never more than the training is for, nor than the team has people. Said
    again, it is corrected. Raises Empeche; SaisieRefusee says which teams are wrong.
    """
    with acte("tenir_seance", auteur):
        tenue, formation = _tenir(seance)
        comptes = {equipe: combien for equipe, combien in presents.items() if combien}
        if tenue.etat == Seance.Etat.TENUE and lire_presents(tenue) == comptes:
            return tenue
        _a_jour(tenue, version)
        refuser(empechement_modifier_seance(tenue.etat))
        refuser(empechement_prevoir(formation.etat, tenir=True))
        refuser(empechement_tenir_seance(tenue.jour, _jour(formation, maintenant)))
        effectifs = effectifs_de(formation.etablissement_id, formation.annee_scolaire)
        _verifier(defauts_des_presents(presents, formation.effectif, effectifs, formation.annee_scolaire))
        _compter(tenue, comptes)
        return _ecrire(tenue, etat=Seance.Etat.TENUE)


def _compter(seance: Seance, comptes: Mapping[str, int]) -> None:
    seance.presences.exclude(equipe__in=comptes).delete()
    for equipe, combien in comptes.items():
        Presence.objects.update_or_create(seance=seance, equipe=equipe, defaults={"presents": combien})


# --- What every act shares -------------------------------------------------------------------------------------
def _tenir_la_formation(cle: int) -> BesoinFormation:
    """Held first: its headcount, its year and its state do not change while its sessions are counted."""
    vivantes = BesoinFormation.objects.vivants().select_related("etablissement__academie")
    tenue: BesoinFormation | None = vivantes.filter(pk=cle).select_for_update(no_key=True, of=("self",)).first()
    if tenue is None:
        raise Empeche(CHANGEE)
    refuser(empechement_ecrire(tenue.etablissement))
    return tenue


def _tenir(seance: Seance) -> tuple[Seance, BesoinFormation]:
    formation = _tenir_la_formation(seance.formation_id)
    tenue = Seance.objects.select_for_update(no_key=True).filter(pk=seance.pk).first()
    if tenue is None:
        raise Empeche(CHANGEE)
    return tenue, formation


def _a_jour(tenue: Seance, version: int) -> None:
    if tenue.version != version:
        raise Empeche(
            "Quelqu'un d'autre a changé cette séance pendant que vous écriviez\u00a0: vérifiez, puis recommencez."
        )


def _verifier(defauts: Mapping[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)


def _ecrire(tenue: Seance, **valeurs: object) -> Seance:
    for champ, valeur in valeurs.items():
        setattr(tenue, champ, valeur)
    tenue.version += 1
    tenue.save()
    return tenue


def _jour(formation: BesoinFormation, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(formation.etablissement.academie.zone).date()
