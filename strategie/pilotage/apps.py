from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "strategie.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage"

    def ready(self) -> None:
        from plans.interfaces.annonces import ANNONCES
        from strategie.pilotage.interfaces import historique
        from strategie.pilotage.interfaces.annonces import annonce_du_vote

        historique.inscrire()
        ANNONCES.append(annonce_du_vote)
