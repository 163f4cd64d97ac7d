"""The rooms of a school: those who keep its inventory name them, say what the Wi-Fi is there, and put them away."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError
from django.db.models import F
from django.db.models.functions import Lower

from budget.models import Equipement, Salle
from budget.rules.equipements import SALLE_D_AILLEURS
from budget.rules.salles import (
    ARCHIVEE,
    DEJA,
    DISPARUE,
    VERS_ELLE_MEME,
    empechement_archiver,
    empechement_deja_la,
    empechement_noms,
    empechement_wifi,
)
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire


@dataclass(frozen=True)
class SaisieSalle:
    nom: str
    batiment: str = ""
    wifi: str = ""
    wifi_le: datetime.date | None = None


def lire_salle(salle: Salle) -> SaisieSalle:
    return SaisieSalle(salle.nom, salle.batiment, salle.wifi, salle.wifi_le)


def ajouter_salles(
    *, etablissement: Etablissement, noms: Sequence[str], batiment: str, auteur: Utilisateur
) -> list[Salle]:
    """Several at once, in one building or none. Raises Empeche."""
    refuser(empechement_ecrire(etablissement))
    refuser(empechement_noms(noms))
    with acte("ajouter_salles", auteur):
        refuser(_deja_la(etablissement, noms))
        salles = [Salle(etablissement=etablissement, nom=nom, batiment=batiment) for nom in noms]
        try:
            return Salle.objects.bulk_create(salles)
        except IntegrityError as doublon:  # added by somebody else at the same moment
            raise Empeche(DEJA) from doublon


def modifier_salle(
    *, salle: Salle, base: SaisieSalle, saisie: SaisieSalle, auteur: Utilisateur, maintenant: datetime.datetime
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back, and nothing is written. The Wi-Fi
    and the day it was seen go together: that day is today when it is not said. Raises Empeche.
    """
    refuser(empechement_ecrire(salle.etablissement))
    jour = _jour(salle.etablissement, maintenant)
    with acte("modifier_salle", auteur):
        tenue = _verrouiller(salle)
        refuser(ARCHIVEE if tenue.archivee_le else None)
        actuel = asdict(lire_salle(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if not fusion.possible or fusion.valeurs == actuel:
            return fusion.conflits
        voulue = dict(fusion.valeurs)
        if voulue["wifi"] and (voulue["wifi_le"] is None or _wifi_change_sans_date(actuel, voulue)):
            voulue["wifi_le"] = jour
        refuser(empechement_wifi(voulue["wifi"], voulue["wifi_le"], jour))
        try:
            Salle.objects.filter(pk=tenue.pk).update(**voulue)
        except IntegrityError as doublon:
            raise Empeche(DEJA) from doublon
    return {}


def archiver_salle(
    *,
    salle: Salle,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    ou_aller_dit: bool = False,
    vers: Salle | None = None,
) -> int:
    """It leaves every list, and what is there goes to `vers`, or to no room; how many lines moved. Asked twice, it is
    done once. Raises Empeche.
    """
    refuser(empechement_ecrire(salle.etablissement))
    refuser(VERS_ELLE_MEME if vers is not None and vers.pk == salle.pk else None)
    if vers is not None and (vers.etablissement_id != salle.etablissement_id or vers.archivee_le):
        raise Empeche(SALLE_D_AILLEURS)
    with acte("archiver_salle", auteur):
        tenue = _verrouiller(salle)
        if tenue.archivee_le:
            return 0
        lignes = Equipement.objects.vivants().filter(salle=tenue).exclude(etat=Equipement.Etat.SORTI)
        refuser(empechement_archiver(lignes.count(), ou_aller_dit=ou_aller_dit))
        deplacees = lignes.update(salle=vers, version=F("version") + 1)
        Salle.objects.filter(pk=tenue.pk).update(archivee_le=maintenant)
    return deplacees


def retablir_salle(*, salle: Salle, auteur: Utilisateur) -> None:
    """Back in the lists; asked twice, it is done once. Raises Empeche."""
    refuser(empechement_ecrire(salle.etablissement))
    with acte("retablir_salle", auteur):
        _verrouiller(salle)
        Salle.objects.filter(pk=salle.pk, archivee_le__isnull=False).update(archivee_le=None)


def _deja_la(etablissement: Etablissement, noms: Sequence[str]) -> str | None:
    bas = [nom.lower() for nom in noms]
    trouvees = Salle.objects.filter(etablissement=etablissement).alias(bas=Lower("nom")).filter(bas__in=bas)
    tenues = list(trouvees.order_by("nom"))
    return empechement_deja_la(
        [salle.nom for salle in tenues if not salle.archivee_le],
        [salle.nom for salle in tenues if salle.archivee_le],
    )


def _wifi_change_sans_date(actuel: Mapping[str, object], voulue: Mapping[str, object]) -> bool:
    """Another level, with the day of the last one still there."""
    return voulue["wifi"] != actuel["wifi"] and voulue["wifi_le"] == actuel["wifi_le"]


def _verrouiller(salle: Salle) -> Salle:
    tenue = Salle.objects.select_for_update().filter(pk=salle.pk).first()
    if tenue is None:
        raise Empeche(DISPARUE)
    return tenue


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
