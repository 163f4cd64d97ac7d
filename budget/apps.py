from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "budget"
    verbose_name = "Budget"

    def ready(self) -> None:
        from budget.interfaces import historique, historique_formation
        from budget.queries.formateurs import note_des_heures, obstacle_des_heures
        from plans.queries.realisable import NOTES, OBSTACLES

        historique.inscrire()
        historique_formation.inscrire()  # before money, whose lines and purchases rest on trainings
        OBSTACLES.append(obstacle_des_heures)
        NOTES.append(note_des_heures)
