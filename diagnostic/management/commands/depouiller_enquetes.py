"""Open the urn of every survey that is due: what the background worker does at its hour, when it was stopped."""

import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diagnostic.domain.urne import ClePerdue, depouiller_enquete
from diagnostic.models import Enquete


class Command(BaseCommand):
    help = "Dépouille les enquêtes closes qui ne le sont pas encore (sans effet s'il n'y en a pas)."

    def handle(self, **options):
        maintenant = timezone.now()
        comptes = {"dépouillées": 0, "en échec": 0}
        for enquete in enquetes_echues(maintenant):
            try:
                depouiller_enquete(enquete=enquete, maintenant=maintenant)
                comptes["dépouillées"] += 1
            except Exception as erreur:  # one urn that does not open must not keep the others closed
                comptes["en échec"] += 1
                raison = erreur if isinstance(erreur, ClePerdue) else type(erreur).__name__  # nothing of a ballot
                self.stderr.write(f"{enquete.etablissement.uai}, enquête {enquete.pk} : {raison}")
        self.stdout.write(", ".join(f"{nombre} {fait}" for fait, nombre in comptes.items()) + ".")
        if comptes["en échec"]:
            raise CommandError("Des enquêtes n'ont pas pu être dépouillées : leurs bulletins sont intacts.")


def enquetes_echues(maintenant: datetime.datetime) -> list[Enquete]:
    """Open, and past their hour where they are."""
    ouvertes = Enquete.objects.filter(etat=Enquete.Etat.OUVERTE, date_cloture__lte=maintenant.date())
    siennes = ouvertes.select_related("etablissement__academie").order_by("pk")
    return [enquete for enquete in siennes if enquete.resultats_a_partir_de <= maintenant]
