"""What the background worker does by itself: opening the urns, each at its hour."""

from functools import partial

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from diagnostic.domain.urne import depouiller_enquete
from diagnostic.models import Enquete


def programmer_le_depouillement(enquete: Enquete) -> None:
    """At six, the day after the last one; once what has just been written is kept."""
    a_l_heure = depouiller_a_l_heure.using(run_after=enquete.resultats_a_partir_de)
    transaction.on_commit(partial(a_l_heure.enqueue, enquete.pk))


@task()
def depouiller_a_l_heure(enquete: int) -> None:
    """Counted already or given up, nothing is left to do; too early because the dates have moved, it comes back."""
    maintenant = timezone.now()
    ouverte = Enquete.objects.select_related("etablissement__academie").filter(pk=enquete, etat=Enquete.Etat.OUVERTE)
    for trouvee in ouverte:
        if maintenant < trouvee.resultats_a_partir_de:
            programmer_le_depouillement(trouvee)
        else:
            depouiller_enquete(enquete=trouvee, maintenant=maintenant)
