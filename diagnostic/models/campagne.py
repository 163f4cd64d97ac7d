"""The yearly campaign of an académie."""

from __future__ import annotations

import datetime

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from diagnostic.models.referentiel import Referentiel
from strategie.socle.models import Academie, District, ModelePerimetre, Utilisateur, commun

FORME_ANNEE = r"^20[0-9]{2}-20[0-9]{2}$"


@pghistory.track()
class Campagne(ModelePerimetre):
    """When an académie's schools answer, with which version of the référentiel. Dates are local to it."""

    PERIMETRE = commun()

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="campagnes", verbose_name="académie")
    annee_scolaire = models.CharField(
        "année scolaire",
        max_length=9,
        validators=[RegexValidator(FORME_ANNEE, "Écrivez l'année scolaire ainsi : 2026-2027.")],
    )
    referentiel = models.ForeignKey(Referentiel, models.PROTECT, related_name="campagnes", verbose_name="référentiel")
    date_ouverture = models.DateField("ouverture")
    date_cloture = models.DateField("clôture", help_text="Dernier jour pour signer, à la date de l'académie.")
    jours_de_correction = models.PositiveSmallIntegerField(
        "jours de correction",
        default=15,
        help_text="Après la clôture, le temps de rouvrir et de corriger un diagnostic déjà signé.",
    )

    class Meta:
        verbose_name = "campagne"
        ordering = ["-annee_scolaire", "academie"]
        constraints = [
            models.UniqueConstraint(
                fields=["academie", "annee_scolaire"],
                name="campagne_unique",
                violation_error_message="Cette académie a déjà une campagne pour cette année scolaire.",
            ),
            models.CheckConstraint(
                condition=Q(date_cloture__gte=F("date_ouverture")),
                name="campagne_dates_dans_l_ordre",
                violation_error_message="La clôture ne peut pas précéder l'ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return f"Campagne {self.annee_scolaire} · {self.academie}"

    def clean(self) -> None:
        debut, _, fin = self.annee_scolaire.partition("-")
        if debut.isdecimal() and fin.isdecimal() and int(fin) != int(debut) + 1:
            raise ValidationError({"annee_scolaire": "Une année scolaire joint deux années qui se suivent."})

    def jour_local(self, maintenant: datetime.datetime) -> datetime.date:
        """The date it is in the académie at `maintenant` (aware)."""
        return maintenant.astimezone(self.academie.zone).date()


@pghistory.track()
class Prolongation(ModelePerimetre):
    """A later deadline for the schools of a district. Each diagnostic carries the date that results."""

    PERIMETRE = commun()

    campagne = models.ForeignKey(Campagne, models.CASCADE, related_name="prolongations")
    district = models.ForeignKey(District, models.PROTECT, related_name="prolongations")
    date_cloture = models.DateField("nouvelle clôture")
    motif = models.CharField(max_length=300)
    accordee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="accordée par")
    accordee_le = models.DateTimeField("accordée le")

    class Meta:
        ordering = ["district__nom"]
        constraints = [models.UniqueConstraint(fields=["campagne", "district"], name="prolongation_unique")]

    def __str__(self) -> str:
        return f"{self.district} jusqu'au {self.date_cloture}"
