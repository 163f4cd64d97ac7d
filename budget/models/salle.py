"""Rooms: where things are, and whether the Wi-Fi reaches them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from strategie.socle.models import Etablissement, ModelePerimetre, par_etablissement


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Salle(ModelePerimetre):
    """A room of the school; its name is what people say (« B12 », « CDI », « Chariot 2 »)."""

    PERIMETRE = par_etablissement("etablissement")

    class Wifi(models.TextChoices):
        BON = "bon", "Bon"
        PARTIEL = "partiel", "Partiel"
        ABSENT = "absent", "Absent"
        INCONNU = "", "Non constaté"

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="salles", verbose_name="établissement"
    )
    nom = models.CharField(max_length=60)
    batiment = models.CharField("bâtiment", max_length=60, blank=True)
    wifi = models.CharField("Wi-Fi", max_length=7, choices=Wifi, blank=True)
    wifi_le = models.DateField("Wi-Fi constaté le", null=True, blank=True)
    archivee_le = models.DateTimeField("archivée le", null=True, blank=True)

    class Meta:
        ordering = ["batiment", "nom"]
        constraints = [
            models.UniqueConstraint(
                "etablissement",
                Lower("nom"),
                name="salle_unique",
                violation_error_message="L'établissement a déjà une salle de ce nom.",
            ),
            models.CheckConstraint(condition=~Q(nom=""), name="salle_nom"),
        ]

    def __str__(self) -> str:
        return self.nom
