"""A file that somebody wants to import, kept between its rehearsal and its confirmation."""

from __future__ import annotations

import datetime
import uuid

from django.db import models

from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement

DUREE = datetime.timedelta(hours=12)


class Depot(ModelePerimetre):
    """What is confirmed is what was rehearsed, byte for byte: the browser only sends its key. Outside the history:
    gone once imported, or half a day later.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Objet(models.TextChoices):
        PLAN = "plan", "Plan d'action"
        INVENTAIRE = "inventaire", "Inventaire"
        BUDGET = "budget", "Budget"

    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4)
    etablissement = models.ForeignKey(Etablissement, models.CASCADE, related_name="+", verbose_name="établissement")
    auteur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="+")
    objet = models.CharField("ce qu'il apporte", max_length=10, choices=Objet, default=Objet.PLAN)
    nom = models.CharField("nom du fichier", max_length=200)
    contenu = models.BinaryField()
    correspondance = models.JSONField("colonnes d'un tableau fait ailleurs", null=True)
    repetition = models.JSONField("ce que l'import ferait", null=True)
    depose_le = models.DateTimeField("déposé le")

    class Meta:
        verbose_name = "dépôt"
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "auteur", "objet"], name="depot_un_par_personne")
        ]

    def __str__(self) -> str:
        return self.nom
