"""What the background worker does by itself for reminders: each académie's morning, and the messages that wait."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from strategie.pilotage.domain.rappels import (
    abandonner_les_prises,
    inscrire_rappels,
    inscrire_recapitulatifs,
    purger,
)
from strategie.pilotage.interfaces.courriels_rappels import envoyer_ce_qui_attend, racine_du_site
from strategie.pilotage.models import Rappel
from strategie.pilotage.queries.rappels import a_envoyer, prochain_essai
from strategie.pilotage.rules.rappels import HEURE_DU_MATIN, c_est_le_matin
from strategie.socle.models import Academie

TRANCHE = 50  # messages a task: what somebody waits for (a password) passes between two of them
APRES_LE_RESTE = -20
PARIS = ZoneInfo("Europe/Paris")  # where the first académie will be, most often


# --- The day --------------------------------------------------------------------------------------------------------
@dataclass
class Passage:
    """What a day's job has written, or would write."""

    rappels: list[Rappel] = field(default_factory=list)
    recapitulatifs: list[Rappel] = field(default_factory=list)
    incertains: int = 0
    purges: int = 0


def passer(*, maintenant: datetime.datetime, jour: datetime.date | None = None, simulation: bool = False) -> Passage:
    """Everywhere it is morning at least, or everywhere as on the morning of `jour`. Done again, it adds nothing."""
    passage = Passage()
    for academie in Academie.objects.order_by("pk"):
        heure = matin_de(jour, academie.zone) if jour else maintenant.astimezone(academie.zone)
        if c_est_le_matin(heure):
            passage.rappels += inscrire_rappels(academie=academie, maintenant=heure, simulation=simulation)
            passage.recapitulatifs += inscrire_recapitulatifs(
                academie=academie, maintenant=heure, simulation=simulation
            )
    if not simulation:
        passage.incertains = abandonner_les_prises(maintenant=maintenant)
        passage.purges = purger(maintenant=maintenant)
    return passage


def matin_de(jour: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(jour, datetime.time(HEURE_DU_MATIN), zone)


def prochain_matin(maintenant: datetime.datetime, zones: Iterable[ZoneInfo]) -> datetime.datetime:
    """The next time it is seven in one of these zones."""
    matins = [
        matin_de(maintenant.astimezone(zone).date() + datetime.timedelta(days=n), zone)
        for zone in zones
        for n in (0, 1)
    ]
    return min(matin for matin in matins if matin > maintenant)


def programmer_les_rappels(racine: str = "") -> None:
    """For the next morning somewhere; asked again before then, nothing more."""
    if not _attend(rappels_du_matin.module_path):
        zones = {academie.zone for academie in Academie.objects.all()} or {PARIS}
        quand = prochain_matin(timezone.now(), zones)
        rappels_du_matin.using(run_after=quand.astimezone(datetime.UTC)).enqueue(racine)


@task()
def rappels_du_matin(racine: str) -> None:
    """And again the next morning, whatever becomes of this one."""
    programmer_les_rappels(racine)
    passer(maintenant=timezone.now())
    envoyer_bientot(racine)


# --- The messages ---------------------------------------------------------------------------------------------------
def envoyer_apres(racine: str) -> None:
    """Once what has just been written is kept."""
    transaction.on_commit(partial(envoyer_bientot, racine))


def envoyer_bientot(racine: str) -> None:
    """One task in the queue is enough: it queues the next as long as something waits."""
    maintenant = timezone.now()
    if a_envoyer(maintenant, 1):
        if not _attend(envoyer_une_tranche.module_path, jusqu_a=maintenant):
            envoyer_une_tranche.enqueue(racine)
    elif (essai := prochain_essai()) and not _attend(envoyer_une_tranche.module_path):
        envoyer_une_tranche.using(run_after=essai).enqueue(racine)


@task(priority=APRES_LE_RESTE)
def envoyer_une_tranche(racine: str) -> None:
    abandonner_les_prises(maintenant=timezone.now())
    envoyer_ce_qui_attend(limite=TRANCHE, racine=racine_du_site(racine), horloge=timezone.now)
    envoyer_bientot(racine)


def reprendre_les_rappels() -> None:
    """When a worker starts: the next morning is planned, and what waits since the last one leaves."""
    programmer_les_rappels()
    envoyer_bientot("")


def _attend(tache: str, jusqu_a: datetime.datetime | None = None) -> bool:
    """Whether such a task is in the queue; `jusqu_a`: for then at the latest."""
    attendues = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=tache)
    if jusqu_a is None:
        return attendues.exists()
    return any(a.run_after is None or a.run_after <= jusqu_a for a in attendues)
