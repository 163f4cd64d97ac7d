from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "strategie.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage"
