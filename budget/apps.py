from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "budget"
    verbose_name = "Budget"

    def ready(self) -> None:
        from budget.interfaces import faits, historique, historique_achats, historique_du_budget, historique_formation
        from budget.queries.equilibre import obstacle_de_l_argent
        from budget.queries.formateurs import note_des_heures, obstacle_des_heures
        from budget.queries.mesures import MESURES
        from plans.queries.mesures import ajouter_mesures
        from plans.queries.realisable import NOTES, OBSTACLES

        historique.inscrire()
        historique_formation.inscrire()  # before money, whose lines and purchases rest on trainings
        historique_achats.inscrire()
        historique_du_budget.inscrire()
        OBSTACLES += [obstacle_des_heures, obstacle_de_l_argent]
        NOTES.append(note_des_heures)
        faits.offrir()
        ajouter_mesures(MESURES)
