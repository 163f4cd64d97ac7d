"""The urn: a ballot goes in sealed, in one statement that writes one row; all come out together, once.

A key pair belongs to each survey. Its open half is in the database, and seals. Its secret half is made from a random
part, erased at the counting, and from the server's secret, which is in no database. `SECRET_KEY_FALLBACKS` still
opens what was sealed before a change of secret.
"""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac
from nacl.public import PrivateKey, PublicKey, SealedBox

from diagnostic.domain.bulletins import Bulletin, ecrire, lire
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.depouillement import depouiller
from diagnostic.models import BulletinScelle, Enquete, Expression, ResultatEnquete
from diagnostic.rules import empechement_depouiller
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte

if TYPE_CHECKING:
    from diagnostic.queries.enquetes import Porte

FORMAT = "paliers-enquete/1"
URNES_GARDEES = 4096
# How many ballots a shared link may bring: beyond, somebody is playing with it.
PLAFOND_PAR_INVITE, PLAFOND_MINIMAL = 3, 50


class Depot(Enum):
    """What becomes of a ballot. One that comes twice is `RECU` again, and counted once."""

    RECU = "recu"
    FERMEE = "fermee"
    PLEINE = "pleine"


class ClePerdue(Exception):
    """No secret of this server opens the survey: SECRET_KEY was changed, and is not among its fallbacks."""


@dataclass(frozen=True)
class Cles:
    """`cle_des_marques` makes the mark of a ballot: with the database alone, no slip tells whether it has served."""

    privee: PrivateKey
    cle_des_marques: bytes


def nouvelles_cles() -> tuple[bytes, bytes]:
    """For a survey about to open: the key that seals, and the random half of the one that opens."""
    sel = secrets.token_bytes(32)
    return bytes(_privee(sel, settings.SECRET_KEY).public_key), sel


def deposer(*, porte: Porte, secret: str, bulletin: Bulletin) -> Depot:
    """Seal the ballot and put it in the urn. `secret`: the slip's code, or the key of the page that was sent.

    One statement, hence one transaction and one row, whatever happens; the same secret again changes nothing.
    `porte` says which survey, and that it was open when the request came. Raises BulletinTropLong.
    """
    if not porte.sel:  # counted or given up: no key is left
        return Depot.FERMEE
    cles = _cles(porte.enquete, porte.cle_publique, porte.sel)
    marque = sha256(cles.cle_des_marques + secret.encode()).digest()
    scelle = SealedBox(PublicKey(porte.cle_publique)).encrypt(ecrire(bulletin))
    plafond = max(PLAFOND_MINIMAL, PLAFOND_PAR_INVITE * porte.total_invites)
    with connection.cursor() as curseur:
        curseur.execute(_DEPOSER, {"enquete": porte.enquete, "marque": marque, "scelle": scelle, "plafond": plafond})
        ouverte, place, deja = curseur.fetchone()
    if not ouverte:
        return Depot.FERMEE
    return Depot.RECU if place or deja else Depot.PLEINE


# The lock is shared: ballots do not wait for each other, and the counting waits for all of them.
_DEPOSER = """
WITH ouverte AS (
    SELECT id FROM diagnostic_enquete WHERE id = %(enquete)s AND etat = 'ouverte' FOR KEY SHARE
), place AS (
    SELECT id FROM ouverte
    WHERE (SELECT count(*) FROM diagnostic_bulletinscelle WHERE enquete_id = %(enquete)s) < %(plafond)s
), depose AS (
    INSERT INTO diagnostic_bulletinscelle (marque, enquete_id, scelle)
    SELECT %(marque)s, id, %(scelle)s FROM place
    ON CONFLICT DO NOTHING
)
SELECT EXISTS (SELECT FROM ouverte), EXISTS (SELECT FROM place),
    EXISTS (SELECT FROM diagnostic_bulletinscelle WHERE marque = %(marque)s)
"""


def depouiller_enquete(*, enquete: Enquete, maintenant: datetime.datetime) -> ResultatEnquete:
    """Open the urn, freeze the figures that may be shown, destroy the ballots and the key. Asked twice, done once.

    Raises Empeche before the hour of results, and where the survey was cancelled; ClePerdue.
    """
    with acte("depouiller_enquete", None):
        Enquete.objects.select_for_update().get(pk=enquete.pk)
        verrouillee = Enquete.objects.select_related("etablissement__academie").get(pk=enquete.pk)
        if deja := ResultatEnquete.objects.filter(enquete=verrouillee).first():
            return deja
        refuser(empechement_depouiller(verrouillee, maintenant))
        contenu, textes = depouiller(
            _ouvrir(verrouillee), verrouillee.questions, verrouillee.invites, verrouillee.seuil
        )
        texte = json_canonique(_entete(verrouillee) | contenu)
        resultat = ResultatEnquete.objects.create(
            enquete=verrouillee, contenu=texte, sha256=empreinte(texte), publie_le=maintenant
        )
        Expression.objects.bulk_create(Expression(enquete=verrouillee, texte=t) for t in textes)
        vider(verrouillee, Enquete.Etat.DEPOUILLEE)
    return resultat


def vider(enquete: Enquete, etat: Enquete.Etat) -> None:
    """Destroy the ballots, the slips and the key; `enquete` is locked, and ends in `etat`."""
    BulletinScelle.objects.filter(enquete=enquete).delete()
    enquete.coupons.all().delete()
    enquete.etat, enquete.sel = etat, b""
    enquete.save(update_fields=["etat", "sel"])


def cle_perdue(enquete: Enquete) -> bool:
    """Whether its ballots wait for a key that this server does not have."""
    try:
        _cles(enquete.pk, bytes(enquete.cle_publique), bytes(enquete.sel))
    except ClePerdue:
        return enquete.etat == Enquete.Etat.OUVERTE
    return False


def _ouvrir(enquete: Enquete) -> list[Bulletin]:
    """In an order drawn at random: nothing that follows may depend on the order of arrival."""
    boite = SealedBox(_cles(enquete.pk, bytes(enquete.cle_publique), bytes(enquete.sel)).privee)
    scelles = list(BulletinScelle.objects.filter(enquete=enquete).values_list("scelle", flat=True))
    secrets.SystemRandom().shuffle(scelles)
    return [lire(boite.decrypt(bytes(scelle))) for scelle in scelles]


def _entete(enquete: Enquete) -> dict[str, Any]:
    reponses = enquete.reponses_direction.values_list("numero", "valeur")
    return {
        "format": FORMAT,
        "etablissement": {"uai": enquete.etablissement.uai, "nom": enquete.etablissement.nom},
        "annee": enquete.annee_scolaire,
        "forme": enquete.forme,
        "acces": enquete.acces,
        "ouverture": enquete.date_ouverture.isoformat(),
        "cloture": enquete.date_cloture.isoformat(),
        "seuil": enquete.seuil,
        "questions": enquete.questions,
        "direction": {str(numero): valeur for numero, valeur in reponses},
    }


@lru_cache(maxsize=URNES_GARDEES)
def _cles(enquete: int, cle_publique: bytes, sel: bytes) -> Cles:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        privee = _privee(sel, secret)
        if bytes(privee.public_key) == cle_publique:
            return Cles(privee, sha256(b"paliers.marques" + bytes(privee)).digest())
    raise ClePerdue(f"Aucune clef de ce serveur n'ouvre l'enquête {enquete} : SECRET_KEY a-t-elle changé ?")


def _privee(sel: bytes, secret: str) -> PrivateKey:
    return PrivateKey(salted_hmac("paliers.urne", sel, secret=secret, algorithm="sha256").digest())
