"""The five themes of the États généraux du numérique (2020), stored by code."""

from django.db import models


class Theme(models.TextChoices):
    ACCES = "acces", "Garantir un égal accès au numérique pour tous"
    ENSEIGNER = "enseigner", "Enseigner et apprendre avec le numérique"
    TRAVAILLER = "travailler", "Travailler ensemble autrement"
    RESPONSABLE = "responsable", "Favoriser un numérique responsable et souverain"
    GOUVERNANCE = "gouvernance", "Gouvernance et anticipation"
