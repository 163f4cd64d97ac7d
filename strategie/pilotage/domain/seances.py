"""Meetings of the board: written beforehand, completed with who was there, unchanged once a vote of theirs is kept."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from strategie.pilotage.models import SeanceDuConseil
from strategie.pilotage.rules.seances import (
    defauts_de_la_seance,
    empechement_modifier_seance,
    empechement_retirer_seance,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

RELIRE = "La séance a changé entre-temps, sans doute par un collègue\u00a0: relisez-la avant de la retirer."


@dataclass(frozen=True)
class SaisieSeance:
    date: datetime.date
    convoquee_le: datetime.date | None = None
    urgente: bool = False
    seconde: bool = False
    membres_en_exercice: int | None = None
    presents: int | None = None


CHAMPS = tuple(champ.name for champ in fields(SaisieSeance))


def lire_seance(seance: SeanceDuConseil) -> SaisieSeance:
    return SaisieSeance(**{nom: getattr(seance, nom) for nom in CHAMPS})


def noter_seance(
    *,
    etablissement: Etablissement,
    saisie: SaisieSeance,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> SeanceDuConseil:
    """A form sent twice (same `cle`) makes one. Raises Empeche; SaisieRefusee says which fields are wrong."""
    refuser(empechement_ecrire(etablissement))
    with acte("noter_seance_du_conseil", auteur):
        deja = SeanceDuConseil.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        _verifier(saisie, etablissement, maintenant)
        seance, _ = SeanceDuConseil.objects.get_or_create(
            cle=cle,
            defaults=asdict(saisie) | {"etablissement": etablissement, "creee_par": auteur, "creee_le": maintenant},
        )
        return seance


def modifier_seance(
    *,
    seance: SeanceDuConseil,
    base: SaisieSeance,
    saisie: SaisieSeance,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche; SaisieRefusee says which fields are wrong.
    """
    with acte("modifier_seance_du_conseil", auteur):
        tenue = verrouiller_seance(seance.pk)
        actuelle = lire_seance(tenue)
        fusion = fusionner(asdict(base), asdict(saisie), asdict(actuelle))
        if fusion.possible and fusion.valeurs != asdict(actuelle):
            refuser(empechement_modifier_seance(tenue.deliberations.exclude(resultat="").count()))
            _verifier(SaisieSeance(**fusion.valeurs), tenue.etablissement, maintenant)
            for nom, valeur in fusion.valeurs.items():
                setattr(tenue, nom, valeur)
            tenue.version += 1
            tenue.save()
    seance.refresh_from_db()
    return fusion.conflits


def retirer_seance(*, seance: SeanceDuConseil, version: int, auteur: Utilisateur) -> None:
    """For good; its history stays, and says who. Raises Empeche: one that has an act stays."""
    with acte("retirer_seance_du_conseil", auteur):
        tenue = verrouiller_seance(seance.pk, retrait=True)
        votes = tenue.deliberations.exclude(resultat="").count()
        refuser(empechement_retirer_seance(votes, tenue.deliberations.count()))
        refuser(None if tenue.version == version else RELIRE)
        tenue.version += 1
        tenue.save(update_fields=["version"])
        tenue.delete()


def verrouiller_seance(cle: int, *, retrait: bool = False) -> SeanceDuConseil:
    """As it is kept, held until the end of the act: a vote and a change of who was there wait for each other; for a
    `retrait`, so does an act that is being written for it. Raises Empeche.
    """
    tenue: SeanceDuConseil | None = (
        SeanceDuConseil.objects.select_for_update(no_key=not retrait, of=("self",))
        .select_related("etablissement__academie")
        .filter(pk=cle)
        .first()
    )
    if tenue is None:
        raise Empeche("Cette séance n'est plus là\u00a0: un collègue l'a retirée.")
    refuser(empechement_ecrire(tenue.etablissement))
    return tenue


def jour_de(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()


def _verifier(saisie: SaisieSeance, etablissement: Etablissement, maintenant: datetime.datetime) -> None:
    if defauts := defauts_de_la_seance(saisie, jour_de(etablissement, maintenant)):
        raise SaisieRefusee(defauts)
