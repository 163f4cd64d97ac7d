"""How the background worker makes files in number: a few seconds at a time, after everything else that waits.

A batch has a few tasks in the queue, so that as many workers may share it; each works for a while, then queues the
next. They last as long as a school is left, even one that another worker holds: when that worker dies, they take it.
"""

from __future__ import annotations

import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from strategie.pilotage.domain.lots import avancer_lot
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.models import LotDeDossiers
from strategie.pilotage.queries.lots import lots_inacheves, restants_du_lot

ENSEMBLE = 4  # tasks of a batch in the queue: no more workers than that share it
TRANCHE = datetime.timedelta(seconds=5)
PATIENCE = datetime.timedelta(seconds=5)  # when others hold all that is left
APRES_LE_RESTE = -50


@task(priority=APRES_LE_RESTE)
def avancer(lot: int) -> None:
    faits = avancer_lot(lot=lot, pendant=TRANCHE, horloge=timezone.now, rendre_pdf=imprimer_dossier)
    mettre_en_file(lot, une_de_plus=True, plus_tard=not faits)


def mettre_en_file(lot: int, *, une_de_plus: bool = False, plus_tard: bool = False) -> None:
    """Up to as many tasks as may share what is left; one at most when a task queues the next."""
    manquent = min(ENSEMBLE, restants_du_lot(lot)) - en_file(lot).count()
    suivante = avancer.using(run_after=timezone.now() + PATIENCE) if plus_tard else avancer
    for _ in range(min(manquent, 1) if une_de_plus else manquent):
        suivante.enqueue(lot)


def en_file(lot: int) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        task_path=avancer.module_path,
        args_kwargs={"args": [lot], "kwargs": {}},
    )


def lancer(lot: LotDeDossiers) -> None:
    """Once what has just been written is kept."""
    transaction.on_commit(partial(mettre_en_file, lot.pk))


def reprendre_les_lots() -> None:
    """When a worker starts: tasks that died with the one before are queued again."""
    for lot in lots_inacheves():
        mettre_en_file(lot.pk)
