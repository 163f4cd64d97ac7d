from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "strategie.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage"

    def ready(self) -> None:
        from strategie.pilotage.interfaces import historique

        historique.inscrire()
