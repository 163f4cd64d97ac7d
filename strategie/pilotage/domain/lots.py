"""Files made in number, in the background: none lost, none twice, whenever a worker dies.

A school of a batch is reserved by the worker's connection, and its file is written in the transaction that says it is
made: a worker that dies leaves nothing of either, and another takes the school again. What takes it counts first, in a
transaction of its own, so that a school which kills its worker is left aside after a few times; the reservation, which
outlives transactions, keeps two workers from counting the same school.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F, QuerySet

from diagnostic.queries.copies import derniere_copie
from strategie.pilotage.domain.dossiers import RenduPdf, figer_dossier
from strategie.pilotage.models import Dossier, DossierDuLot, LotDeDossiers
from strategie.pilotage.queries.contenu_du_territoire import contenu_du_territoire
from strategie.pilotage.queries.lots import Territoire, ecoles_et_signatures
from strategie.pilotage.rules.lots import (
    INATTENDUE,
    INTERROMPU,
    SANS_DIAGNOSTIC,
    TENTATIVES_MAX,
    empechement_arreter,
    empechement_ouvrir,
    empechement_reprendre,
)
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

Horloge = Callable[[], datetime.datetime]
journal = logging.getLogger(__name__)


def ouvrir_lot(
    *, territoire: Territoire, exercice: int, cle: uuid.UUID, auteur: Utilisateur, maintenant: datetime.datetime
) -> LotDeDossiers:
    """One row a school that is open there; one without a signed diagnostic is done at once, and says why. A form sent
    twice (same `cle`) opens one batch. Raises Empeche.
    """
    with acte("ouvrir_lot", auteur):
        lot, nouveau = LotDeDossiers.objects.get_or_create(
            cle=cle,
            defaults={
                "academie": territoire.academie,
                "departement": territoire.departement,
                "district": territoire.district,
                "exercice": exercice,
                "demande_par": auteur,
                "demande_le": maintenant,
            },
        )
        if nouveau:
            lignes = [_ligne(lot, ecole, signe, maintenant) for ecole, signe in ecoles_et_signatures(territoire)]
            a_faire = sum(ligne.fini_le is None for ligne in lignes)
            refuser(empechement_ouvrir(a_faire=a_faire, exercice=exercice))
            DossierDuLot.objects.bulk_create(lignes)
    return lot


def _ligne(lot: LotDeDossiers, ecole: int, signe: bool, maintenant: datetime.datetime) -> DossierDuLot:
    if signe:
        return DossierDuLot(lot=lot, etablissement_id=ecole)
    return DossierDuLot(lot=lot, etablissement_id=ecole, erreur=SANS_DIAGNOSTIC, fini_le=maintenant)


def arreter_lot(*, lot: LotDeDossiers, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """What is made stays; the file that is being made will be the last. Raises Empeche."""
    with acte("arreter_lot", auteur):
        tenu = LotDeDossiers.objects.select_for_update().get(pk=lot.pk)
        restants = tenu.dossiers.filter(fini_le__isnull=True).count()
        refuser(empechement_arreter(arrete=tenu.arrete_le is not None, restants=restants))
        tenu.arrete_le = maintenant
        tenu.save(update_fields=["arrete_le"])


def reprendre_lot(*, lot: LotDeDossiers, auteur: Utilisateur) -> None:
    """Every school without a file is to be done again: what stopped it may be gone, it may have signed. Raises
    Empeche.
    """
    with acte("reprendre_lot", auteur):
        tenu = LotDeDossiers.objects.select_for_update().get(pk=lot.pk)
        restants = tenu.dossiers.filter(fini_le__isnull=True)
        sans_dossier = tenu.dossiers.filter(fini_le__isnull=False, dossier__isnull=True)
        refuser(empechement_reprendre(sans_dossier=sans_dossier.count(), restants=restants.count()))
        libres = (restants | sans_dossier).select_for_update(skip_locked=True)  # the others are being made
        tenu.dossiers.filter(pk__in=list(libres.values_list("pk", flat=True))).update(
            fini_le=None, erreur="", tentatives=0
        )
        if tenu.arrete_le is not None:
            tenu.arrete_le = None
            tenu.save(update_fields=["arrete_le"])


# --- One school after the other --------------------------------------------------------------------------------------
def avancer_lot(*, lot: int, pendant: datetime.timedelta, horloge: Horloge, rendre_pdf: RenduPdf) -> int:
    """How many schools were done: at least one if there is one to take, then others while there is time."""
    fin, faits = horloge() + pendant, 0
    while not faits or horloge() < fin:
        with _prise(lot, horloge()) as ligne:
            if ligne is None:
                break
            _faire_ou_dire_pourquoi(ligne, horloge, rendre_pdf)
        faits += 1
    return faits


@contextmanager
def _prise(lot: int, maintenant: datetime.datetime) -> Iterator[int | None]:
    """The key of a school that nobody else holds meanwhile, those that were taken least first."""
    a_faire = DossierDuLot.objects.filter(lot=lot, lot__arrete_le__isnull=True, fini_le__isnull=True)
    for ligne in a_faire.order_by("tentatives", "pk").values_list("pk", flat=True):
        if not _verrou("pg_try_advisory_lock", ligne):
            continue
        try:
            if _compter(a_faire.filter(pk=ligne), maintenant):
                yield ligne
                return
        finally:
            _verrou("pg_advisory_unlock", ligne)
    yield None


def _compter(a_faire: QuerySet[DossierDuLot], maintenant: datetime.datetime) -> bool:
    """Whether it is still to be done: another may have done it since, and too many may have died of it."""
    a_faire.filter(tentatives__gte=TENTATIVES_MAX).update(erreur=INTERROMPU, fini_le=maintenant)
    return a_faire.update(tentatives=F("tentatives") + 1) == 1


def _verrou(fonction: str, ligne: int) -> bool:
    """PostgreSQL's lock of that school for this connection, until it is given back or the connection dies."""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {fonction}(hashtextextended(%s, 0))", [f"dossier_du_lot {ligne}"])
        return bool(curseur.fetchone()[0])


def _faire_ou_dire_pourquoi(ligne: int, horloge: Horloge, rendre_pdf: RenduPdf) -> None:
    """A school whose file fails does not stop the others."""
    try:
        _faire(ligne, horloge, rendre_pdf)
    except Empeche as refus:
        _noter(ligne, str(refus), horloge())
    except Exception:
        journal.exception("Le dossier %s d'un lot n'a pas pu être fait.", ligne)
        _noter(ligne, INATTENDUE, horloge())


@transaction.atomic
def _faire(ligne: int, horloge: Horloge, rendre_pdf: RenduPdf) -> None:
    """The file and the row that says it is made, together."""
    lignes = DossierDuLot.objects.select_for_update(of=("self",))
    tenue = lignes.select_related("etablissement__academie", "lot__demande_par").get(pk=ligne)
    tenue.dossier = _figer(tenue, horloge(), rendre_pdf)
    tenue.fini_le = horloge()
    tenue.save(update_fields=["dossier", "fini_le"])


def _figer(ligne: DossierDuLot, maintenant: datetime.datetime, rendre_pdf: RenduPdf) -> Dossier:
    ecole, lot = ligne.etablissement, ligne.lot
    if derniere_copie(ecole) is None:
        raise Empeche(SANS_DIAGNOSTIC)
    jour = maintenant.astimezone(ecole.academie.zone).date()
    return figer_dossier(
        etablissement=ecole,
        contenu=contenu_du_territoire(ecole, annee=annee_scolaire(jour), exercice=lot.exercice, jour=jour),
        vote=False,
        auteur=lot.demande_par,
        maintenant=maintenant,
        rendre_pdf=rendre_pdf,
    )


def _noter(ligne: int, erreur: str, maintenant: datetime.datetime) -> None:
    DossierDuLot.objects.filter(pk=ligne, fini_le__isnull=True).update(erreur=erreur, fini_le=maintenant)
