"""Reading surveys: the door that a code opens, what may be said while one is open, the frozen results."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, QuerySet

from diagnostic.domain.anonymat import Participation, participation
from diagnostic.domain.codes import LONGUEUR_DU_COUPON, empreinte_du_coupon, normaliser
from diagnostic.models import Enquete, ResultatEnquete


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
    par_coupon = len(code) == LONGUEUR_DU_COUPON
    sql, cle = (_AU_COUPON, empreinte_du_coupon(code)) if par_coupon else (_AU_LIEN, code)
    with connection.cursor() as curseur:
        curseur.execute(sql, [cle])
        ligne = curseur.fetchone()
    return _porte(ligne, code) if ligne else None


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
        .order_by("-date_cloture", "-pk")  # the model's own order is dropped where rows are grouped
    )


# Written out: every ballot passes here, and Django's models would take as long again as the database. A closed school
# asks nobody any more; what its urn holds is still counted at its hour.
_PORTE = """
SELECT enquete.id, etablissement.nom, acces,
    CASE etablissement.etat WHEN 'ferme' THEN 'annulee' ELSE enquete.etat END,
    date_ouverture, date_cloture, fuseau, seuil, invites, questions, cle_publique, sel
FROM diagnostic_enquete AS enquete
JOIN socle_etablissement AS etablissement ON etablissement.id = enquete.etablissement_id
JOIN socle_academie AS academie ON academie.id = etablissement.academie_id
"""
_AU_LIEN = f"{_PORTE} WHERE enquete.code = %s"
_AU_COUPON = f"{_PORTE} JOIN diagnostic_coupon AS coupon ON coupon.enquete_id = enquete.id WHERE coupon.empreinte = %s"


def _porte(ligne: tuple[Any, ...], code: str) -> Porte:
    cle, nom, acces, etat, ouverture, cloture, fuseau, seuil, invites, questions, cle_publique, sel = ligne
    return Porte(
        enquete=cle,
        code=code,
        etablissement=nom,
        acces=acces,
        etat=etat,
        date_ouverture=ouverture,
        date_cloture=cloture,
        fuseau=fuseau,
        seuil=seuil,
        invites=json.loads(invites),
        questions=json.loads(questions),
        cle_publique=bytes(cle_publique),
        sel=bytes(sel),
    )
