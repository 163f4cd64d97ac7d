"""How every form shows its fields."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates


class ChampMontre(BoundField):
    def value(self) -> Any:
        """What was typed, without the NUL that is refused: no page may hold one."""
        valeur = super().value()
        return valeur.replace("\x00", "") if isinstance(valeur, str) else valeur


class RenduDesFormulaires(DjangoTemplates):
    bound_field_class = ChampMontre
