"""The board of a school: what the law fixes of its meetings, and its meetings."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from strategie.socle.models import (
    Academie,
    Etablissement,
    ModelePerimetre,
    Utilisateur,
    par_academie,
    par_etablissement,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ReglesConseil(ModelePerimetre):
    """Delays and quorum where an académie says them otherwise than `donnees/regles-du-conseil-v1.json`."""

    PERIMETRE = par_academie("academie")

    academie = models.OneToOneField(Academie, models.CASCADE, related_name="regles_du_conseil", verbose_name="académie")
    convocation_jours = models.PositiveSmallIntegerField("convocation, jours avant la séance")
    urgence_jours = models.PositiveSmallIntegerField("en cas d'urgence")
    executoire_jours = models.PositiveSmallIntegerField("exécutoire, jours après la transmission")
    executoire_budget_jours = models.PositiveSmallIntegerField("pour le budget")
    source = models.CharField(max_length=300)
    version = models.PositiveIntegerField(default=1)
    fixees_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixées par")
    fixees_le = models.DateTimeField("fixées le")

    class Meta:
        verbose_name = "règles du conseil"
        verbose_name_plural = "règles du conseil"
        constraints = [
            models.CheckConstraint(
                condition=Q(urgence_jours__lte=F("convocation_jours"), convocation_jours__lte=60), name="regles_delais"
            ),
            models.CheckConstraint(
                condition=Q(executoire_jours__lte=90, executoire_budget_jours__lte=90), name="regles_executoire"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="regles_source"),
        ]

    def __str__(self) -> str:
        return f"Règles du conseil · {self.academie_id}"


@pghistory.track(exclude=["cle"])
class SeanceDuConseil(ModelePerimetre):
    """A meeting of the board of a collège or lycée, or of the conseil of an école. Who was there is counted only."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="seances_du_conseil", verbose_name="établissement"
    )
    date = models.DateField("date de la séance")
    convoquee_le = models.DateField("convocation envoyée le", null=True, blank=True)
    urgente = models.BooleanField("convoquée en urgence", default=False)
    seconde = models.BooleanField("seconde convocation, faute de quorum", default=False)
    membres_en_exercice = models.PositiveSmallIntegerField("membres en exercice", null=True, blank=True)
    presents = models.PositiveSmallIntegerField("membres présents", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    creee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créée par")
    creee_le = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "séance du conseil"
        verbose_name_plural = "séances du conseil"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(membres_en_exercice__isnull=True) | Q(membres_en_exercice__range=(1, 100)),
                name="seance_du_conseil_membres",
            ),
            models.CheckConstraint(
                condition=Q(presents__isnull=True)
                | Q(membres_en_exercice__isnull=False, presents__lte=F("membres_en_exercice")),
                name="seance_du_conseil_presents",
                violation_error_message="Les présents ne sont pas plus nombreux que les membres en exercice.",
            ),
            models.CheckConstraint(
                condition=Q(convoquee_le__isnull=True) | Q(convoquee_le__lte=F("date")),
                name="seance_du_conseil_convoquee_avant",
                violation_error_message="La convocation part avant la séance.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.etablissement_id} · {self.date:%d/%m/%Y}"
