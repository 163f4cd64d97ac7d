"""Reading the board's files that were made."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet

from strategie.pilotage.models import Deliberation, Dossier, DossierDuLot
from strategie.socle.models import Etablissement


def dossiers_de(etablissement: Etablissement) -> QuerySet[Dossier]:
    """Newest first, without what weighs."""
    siens = _avec_ce_qu_ils_sont(Dossier.objects.sans_fichier().filter(etablissement=etablissement))
    return siens.select_related("fait_par")


def _avec_ce_qu_ils_sont(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """`sort`: the result of the act that froze it; `presente`: it was on the table when the board voted; `territoire`:
    made in number for those who follow the school.
    """
    votes = Deliberation.objects.filter(dossier=OuterRef("pk")).exclude(resultat="")
    en_nombre = DossierDuLot.objects.filter(dossier=OuterRef("pk"))
    return dossiers.annotate(sort=F("vote_de__resultat"), presente=Exists(votes), territoire=Exists(en_nombre))


def dossier_de_numero(etablissement: Etablissement, numero: str) -> Dossier | None:
    """With its content; its PDF is read when it is asked for."""
    siens: QuerySet[Dossier] = Dossier.objects.filter(etablissement=etablissement, numero=numero)
    return siens.defer("pdf").first()


def dossier_d_empreinte(sha256: str) -> Dossier | None:
    """Which file has this fingerprint, whatever its school: who holds the file has read it."""
    trouves = _avec_ce_qu_ils_sont(Dossier.objects.sans_fichier().filter(sha256_pdf=sha256))
    return trouves.select_related("etablissement__academie").first()
