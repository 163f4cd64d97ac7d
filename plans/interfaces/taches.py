"""What the background worker does by itself for indicators: keeping, each month, what the system reads that day."""

import datetime

from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from plans.domain.releves import relever_les_mesures


def programmer_les_releves() -> None:
    """For the first of next month; asked again before then, nothing more."""
    attendus = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=relever_a_l_heure.module_path)
    if not attendus.exists():
        relever_a_l_heure.using(run_after=premier_du_mois_suivant(timezone.now())).enqueue()


def premier_du_mois_suivant(maintenant: datetime.datetime) -> datetime.datetime:
    """At eleven in UTC: it is the first of the month from Papeete to Nouméa."""
    suivant = (maintenant.astimezone(datetime.UTC).replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return suivant.replace(hour=11, minute=0, second=0, microsecond=0)


@task()
def relever_a_l_heure() -> None:
    """And again next month, whatever becomes of this one."""
    programmer_les_releves()
    relever_les_mesures(maintenant=timezone.now())
