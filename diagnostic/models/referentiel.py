"""The référentiel of maturity: versioned data, locked once published."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from strategie.socle.models import ModelePerimetre, commun


class Referentiel(ModelePerimetre):
    """One version; thresholds belong to it."""

    PERIMETRE = commun()

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    titre = models.CharField(max_length=120)
    seuil = models.DecimalField("seuil d'un palier", max_digits=4, decimal_places=3, default=Decimal("0.8"))
    part_inconnue_max = models.DecimalField(
        "part d'inconnu admise", max_digits=4, decimal_places=3, default=Decimal("0.3")
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True)

    class Meta:
        verbose_name = "référentiel"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="referentiel_version_unique",
                violation_error_message="Cette version existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(seuil__gt=0, seuil__lte=1, part_inconnue_max__gte=0, part_inconnue_max__lt=1),
                name="referentiel_seuils_possibles",
                violation_error_message="Le seuil est compris entre 0 et 1, la part d'inconnu aussi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titre}, version {self.version}"


class Palier(ModelePerimetre):
    PERIMETRE = commun()

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="paliers", verbose_name="référentiel")
    numero = models.PositiveSmallIntegerField("numéro")
    libelle = models.CharField("libellé", max_length=60)
    definition = models.CharField("définition", max_length=250)

    class Meta:
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "numero"], name="palier_unique"),
            models.CheckConstraint(condition=Q(numero__range=(1, 3)), name="palier_de_1_a_3"),
        ]

    def __str__(self) -> str:
        return f"Palier {self.numero} · {self.libelle}"


class Champ(ModelePerimetre):
    PERIMETRE = commun()

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="champs", verbose_name="référentiel")
    code = models.CharField(max_length=8)
    libelle = models.CharField("libellé", max_length=80)
    ordre = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordre"]
        constraints = [models.UniqueConstraint(fields=["referentiel", "code"], name="champ_unique")]

    def __str__(self) -> str:
        return self.libelle


class Indicateur(ModelePerimetre):
    """One observable condition, with the proof expected."""

    PERIMETRE = commun()

    class Levier(models.TextChoices):
        GOUVERNANCE = "gouvernance", "Gouvernance"
        FORMATION = "formation", "Formation"
        EQUIPEMENT = "equipement", "Équipement et infrastructure"
        BUDGET = "budget", "Budget"

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="indicateurs", verbose_name="référentiel")
    champ = models.ForeignKey(Champ, models.CASCADE, related_name="indicateurs")
    code = models.CharField(max_length=16)
    palier = models.PositiveSmallIntegerField()
    ordre = models.PositiveSmallIntegerField(help_text="Dans le référentiel entier.")
    enonce = models.CharField("énoncé", max_length=400)
    preuve = models.CharField("preuve attendue", max_length=250)
    levier = models.CharField(max_length=12, choices=Levier)
    levier_secondaire = models.CharField(max_length=12, choices=Levier, blank=True)
    portee = ArrayField(models.CharField(max_length=8), verbose_name="portée")
    mesure = models.CharField(max_length=120, blank=True)
    bloquant = models.BooleanField("indispensable", default=False)

    class Meta:
        ordering = ["ordre"]
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "code"], name="indicateur_unique"),
            models.CheckConstraint(condition=Q(palier__range=(1, 3)), name="indicateur_palier_de_1_a_3"),
            models.CheckConstraint(
                condition=Q(portee__contained_by=["ecole", "college", "lycee"]) & Q(portee__len__gt=0),
                name="indicateur_portee_connue",
                violation_error_message="La portée nomme au moins une sorte d'établissement : école, collège, lycée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.enonce}"
