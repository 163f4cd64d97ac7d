"""django-tasks-db's worker; ours takes up first the batches that the one before may have left."""

from django_tasks_db.management.commands.db_worker import Command as Ouvrier

from strategie.pilotage.interfaces.taches_des_lots import reprendre_les_lots


class Command(Ouvrier):
    def handle(self, **options):
        reprendre_les_lots()
        super().handle(**options)
