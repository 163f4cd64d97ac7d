"""Reading surveys: the door that a code opens, what may be said while one is open, the frozen results."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from diagnostic.domain.anonymat import Participation, participation
from diagnostic.domain.codes import LONGUEUR_DU_COUPON, empreinte_du_coupon, normaliser
from diagnostic.models import Enquete, ResultatEnquete
from strategie.socle.queries.preparees import preparee


@dataclass(frozen=True)
class Porte:
    """A survey as a code opens it: what its page asks, and what sealing a ballot needs."""

    enquete: int
    code: str
    etablissement: str
    acces: str
    etat: str
    date_ouverture: datetime.date
    date_cloture: datetime.date
    fuseau: str
    seuil: int
    invites: Mapping[str, int]
    questions: Mapping[str, Any]
    cle_publique: bytes
    sel: bytes

    @property
    def total_invites(self) -> int:
        return sum(self.invites.values())

    def jour_local(self, maintenant: datetime.datetime) -> datetime.date:
        return maintenant.astimezone(ZoneInfo(self.fuseau)).date()


def porte_au_code(saisie: str) -> Porte | None:
    """What a code typed or scanned opens, in one query; None when it opens nothing."""
    code = normaliser(saisie)
    if not code:
        return None
    if len(code) == LONGUEUR_DU_COUPON:
        trouvees = list(_au_coupon(empreinte=empreinte_du_coupon(code)))
    else:
        trouvees = list(_au_lien(code=code))
    return _porte(trouvees[0], code) if trouvees else None


def participation_de(enquete: Enquete) -> Participation:
    """All that may be said while a survey is open: one count."""
    return participation(enquete.bulletins.count(), enquete.total_invites, enquete.seuil)


@dataclass(frozen=True)
class Resultat:
    """The frozen figures of a survey (shape: `domain.depouillement`, under the heading of `domain.urne`)."""

    enquete: Enquete
    contenu: Mapping[str, Any]
    sha256: str
    publie_le: datetime.datetime

    @cached_property
    def items(self) -> dict[int, Mapping[str, Any]]:
        return {item["numero"]: item for item in self.contenu["items"]}


def resultat_de(enquete: Enquete) -> Resultat | None:
    """None until the ballots are counted."""
    trouve = ResultatEnquete.objects.filter(enquete=enquete).first()
    if trouve is None:
        return None
    return Resultat(enquete, json.loads(trouve.contenu), trouve.sha256, trouve.publie_le)


def enquetes_de(etablissement: int) -> QuerySet[Enquete]:
    """The school's surveys, newest first, those given up left out, each with the number of its texts."""
    return (
        Enquete.objects.filter(etablissement=etablissement)
        .exclude(etat=Enquete.Etat.ANNULEE)
        .annotate(nombre_de_textes=Count("expressions"))
    )


@preparee
def _au_lien(code: str) -> QuerySet[Enquete]:
    return Enquete.objects.filter(code=code).select_related("etablissement__academie")


@preparee
def _au_coupon(empreinte: str) -> QuerySet[Enquete]:
    return Enquete.objects.filter(coupons=empreinte).select_related("etablissement__academie")


def _porte(enquete: Enquete, code: str) -> Porte:
    return Porte(
        enquete=enquete.pk,
        code=code,
        etablissement=enquete.etablissement.nom,
        acces=enquete.acces,
        etat=enquete.etat,
        date_ouverture=enquete.date_ouverture,
        date_cloture=enquete.date_cloture,
        fuseau=enquete.etablissement.academie.fuseau,
        seuil=enquete.seuil,
        invites=enquete.invites,
        questions=enquete.questions,
        cle_publique=bytes(enquete.cle_publique),
        sel=bytes(enquete.sel),
    )
