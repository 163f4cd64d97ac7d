"""Who owns, pays and looks after things: the State, the collectivités, the school, and those who give."""

from django.db import models


class Partie(models.TextChoices):
    ETAT = "etat", "État"
    COMMUNE = "commune", "Commune"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    EPLE = "eple", "Établissement"
    COOPERATIVE = "cooperative", "Coopérative ou association"
    DON = "don", "Don"
