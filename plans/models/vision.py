"""The « pourquoi » of a school: why digital matters to it, and what it wants to reach."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track()
class Vision(ModelePerimetre):
    """One a school, in a few guided fields; kept from year to year."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.OneToOneField(
        Etablissement, models.PROTECT, related_name="vision", verbose_name="établissement"
    )
    valeurs = models.TextField("les valeurs de l'établissement", blank=True)
    eleves = models.TextField("ce que le numérique doit changer pour les élèves", blank=True)
    equipes = models.TextField("ce qu'il doit changer pour les équipes et les familles", blank=True)
    limites = models.TextField("ce que l'établissement ne veut pas", blank=True)
    version = models.PositiveIntegerField(default=1)
    modifiee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="modifiée par")
    modifiee_le = models.DateTimeField("modifiée le")

    class Meta:
        verbose_name = "vision"

    def __str__(self) -> str:
        return f"Vision · {self.etablissement_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Objectif(ModelePerimetre):
    """A measurable aim: the palier that a champ is to reach in a school year. Five a school at most."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="objectifs", verbose_name="établissement"
    )
    champ = models.CharField("code du champ", max_length=8)
    annee_scolaire = models.CharField("année scolaire visée", max_length=9)
    palier_vise = models.PositiveSmallIntegerField("palier visé")
    raison = models.CharField("pourquoi celui-ci", max_length=400, blank=True)
    fixe_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixé par")
    fixe_le = models.DateTimeField("fixé le")

    class Meta:
        ordering = ["annee_scolaire", "champ"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "champ", "annee_scolaire"],
                name="objectif_unique",
                violation_error_message="Ce champ a déjà un objectif pour cette année scolaire.",
            ),
            models.CheckConstraint(condition=Q(palier_vise__range=(1, 3)), name="objectif_palier"),
        ]

    def __str__(self) -> str:
        return f"{self.champ} · palier {self.palier_vise} en {self.annee_scolaire}"
