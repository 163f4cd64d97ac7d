"""From the académie's priorities to a district's project, and to what schools make of it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from plans.models.axe import Axe
from plans.models.themes import Theme
from strategie.socle.models import (
    Academie,
    District,
    Etablissement,
    ModelePerimetre,
    Utilisateur,
    par_academie,
    par_etablissement,
)


@pghistory.track()
class PrioriteAcademique(ModelePerimetre):
    """What an académie wants its districts to work on."""

    PERIMETRE = par_academie("academie")

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="priorites", verbose_name="académie")
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    intitule = models.CharField("intitulé", max_length=250)
    precision = models.TextField("précision", blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    fixee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixée par")
    fixee_le = models.DateTimeField("fixée le")

    class Meta:
        verbose_name = "priorité académique"
        verbose_name_plural = "priorités académiques"
        ordering = ["-annee_scolaire", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(intitule=""), name="priorite_intitule")]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track()
class AxeDistrict(ModelePerimetre):
    """An axe of a district's digital project. Dropped, it stays in sight of the schools that serve it, « orphelin »."""

    PERIMETRE = par_academie("district__academie")

    district = models.ForeignKey(District, models.PROTECT, related_name="axes")
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    priorite = models.ForeignKey(
        PrioriteAcademique, models.PROTECT, null=True, blank=True, related_name="axes", verbose_name="priorité servie"
    )
    theme = models.CharField("thème", max_length=11, choices=Theme)
    intitule = models.CharField("intitulé", max_length=250)
    precision = models.TextField("précision", blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    fixe_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixé par")
    fixe_le = models.DateTimeField("fixé le")

    class Meta:
        verbose_name = "axe de district"
        verbose_name_plural = "axes de district"
        ordering = ["-annee_scolaire", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(intitule=""), name="axe_district_intitule")]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track()
class Rattachement(ModelePerimetre):
    """What a school says of an axe of its district: served by one of its own axes, or not, and why."""

    PERIMETRE = par_etablissement("etablissement")

    class Reponse(models.TextChoices):
        SERVI = "servi", "Nous le servons"
        NON_SERVI = "non_servi", "Nous ne le servons pas"
        HORS_COMPETENCE = "hors_competence", "Hors de notre compétence"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="rattachements", verbose_name="établissement"
    )
    axe_district = models.ForeignKey(
        AxeDistrict, models.PROTECT, related_name="rattachements", verbose_name="axe de district"
    )
    reponse = models.CharField("réponse", max_length=15, choices=Reponse)
    axe = models.ForeignKey(
        Axe, models.PROTECT, null=True, blank=True, related_name="rattachements", verbose_name="axe qui le sert"
    )
    motif = models.CharField("pourquoi", max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    dit_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="dit par")
    dit_le = models.DateTimeField("dit le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "axe_district"], name="rattachement_unique"),
            models.CheckConstraint(
                condition=Q(reponse="servi", axe__isnull=False) | (~Q(reponse="servi") & ~Q(motif="")),
                name="rattachement_dit_comment_ou_pourquoi",
                violation_error_message="Choisissez l'axe qui le sert, ou dites pourquoi il ne l'est pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.etablissement_id} · {self.axe_district_id} : {self.reponse}"
