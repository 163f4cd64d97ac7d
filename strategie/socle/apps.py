from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.core.checks import Error, register


class SocleConfig(AppConfig):
    default = True
    name = "strategie.socle"
    label = "socle"
    verbose_name = "Territoire et comptes"


class AdministrationConfig(admin.AdminConfig):
    """Django's admin, on our own site: same name, so every `admin:` address is the usual one."""

    default = False
    default_site = "strategie.socle.interfaces.administration.SiteTechnique"


@register()
def chaque_modele_dit_son_perimetre(app_configs, **kwargs):
    """A model of ours without a path to a territory would be readable by anybody."""
    from strategie.socle.models import ModelePerimetre

    return [
        Error(
            f"{modele.__name__} ne dit pas à quel territoire ses lignes appartiennent (PERIMETRE).", id="paliers.E001"
        )
        for modele in apps.get_models()
        if modele.__module__.split(".")[0] in {"strategie", "diagnostic", "plans", "budget"}
        and not hasattr(modele, "pgh_tracked_model")
        and not (issubclass(modele, ModelePerimetre) and hasattr(modele, "PERIMETRE"))
    ]
