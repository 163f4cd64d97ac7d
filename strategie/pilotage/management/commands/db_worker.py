"""django-tasks-db's worker; ours takes up first what the one before may have left: batches, and reminders."""

from django_tasks_db.management.commands.db_worker import Command as Ouvrier

from strategie.pilotage.interfaces.taches_des_lots import reprendre_les_lots
from strategie.pilotage.interfaces.taches_des_rappels import reprendre_les_rappels


class Command(Ouvrier):
    def handle(self, **options):
        reprendre_les_lots()
        reprendre_les_rappels()
        super().handle(**options)
