"""How one knows that an action succeeds: figures followed over time, and factors in words."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from plans.models.action import Action
from plans.models.corbeille import ModeleCorbeille
from strategie.socle.models import ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track()
class IndicateurSuivi(ModeleCorbeille):
    """A figure of an action, three at most: from a baseline to a target. Not an indicator of the référentiel."""

    PERIMETRE = par_etablissement("action__etablissement")

    class Sens(models.TextChoices):
        HAUSSE = "hausse", "Plus c'est élevé, mieux c'est"
        BAISSE = "baisse", "Plus c'est bas, mieux c'est"

    class Cadence(models.TextChoices):
        MENSUELLE = "mensuelle", "Chaque mois"
        TRIMESTRIELLE = "trimestrielle", "Chaque trimestre"
        SEMESTRIELLE = "semestrielle", "Deux fois par an"
        ANNUELLE = "annuelle", "Une fois par an"

    class Agregation(models.TextChoices):
        SOMME = "somme", "Somme des établissements"
        MOYENNE = "moyenne", "Moyenne pondérée par le nombre d'élèves"
        NOMBRE = "nombre", "Nombre d'établissements qui atteignent la cible"
        AUCUNE = "aucune", "Ne s'agrège pas"

    action = models.ForeignKey(Action, models.PROTECT, related_name="indicateurs")
    intitule = models.CharField("intitulé", max_length=200)
    unite = models.CharField("unité", max_length=40, blank=True)
    depart = models.DecimalField("valeur de départ", max_digits=14, decimal_places=2, null=True, blank=True)
    depart_le = models.DateField("relevée le", null=True, blank=True)
    cible = models.DecimalField("cible", max_digits=14, decimal_places=2, null=True, blank=True)
    cible_le = models.DateField("à atteindre le", null=True, blank=True)
    sens = models.CharField(max_length=6, choices=Sens, default=Sens.HAUSSE)
    source = models.CharField("source de la valeur", max_length=200, blank=True)
    responsable = models.CharField("qui la relève", max_length=120, blank=True)
    cadence = models.CharField(max_length=13, choices=Cadence, default=Cadence.TRIMESTRIELLE)
    agregation = models.CharField("dans un territoire", max_length=7, choices=Agregation, default=Agregation.AUCUNE)
    mesure = models.CharField("valeur déjà tenue par Paliers", max_length=40, blank=True)

    class Meta:
        verbose_name = "indicateur suivi"
        verbose_name_plural = "indicateurs suivis"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(intitule=""), name="indicateur_suivi_intitule")]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Releve(ModelePerimetre):
    """The value of an indicator on a day; typed again for the same day, it is corrected."""

    PERIMETRE = par_etablissement("indicateur__action__etablissement")

    class Origine(models.TextChoices):
        SAISIE = "saisie", "Saisie"
        IMPORT = "import", "Import"
        PALIERS = "paliers", "Calculée par Paliers"

    indicateur = models.ForeignKey(IndicateurSuivi, models.CASCADE, related_name="releves")
    date = models.DateField()
    valeur = models.DecimalField(max_digits=14, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)
    origine = models.CharField(max_length=7, choices=Origine, default=Origine.SAISIE)
    releve_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="relevé par"
    )
    releve_le = models.DateTimeField("relevé le")

    class Meta:
        verbose_name = "relevé"
        ordering = ["date", "pk"]
        constraints = [models.UniqueConstraint(fields=["indicateur", "date"], name="releve_un_par_jour")]

    def __str__(self) -> str:
        return f"{self.indicateur_id} · {self.date} : {self.valeur}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class FacteurReussite(ModelePerimetre):
    """A success factor in words, beside the figures: is it there, and what shows it?"""

    PERIMETRE = par_etablissement("action__etablissement")

    class Atteint(models.TextChoices):
        OUI = "oui", "Oui"
        EN_PARTIE = "en_partie", "En partie"
        NON = "non", "Non"

    action = models.ForeignKey(Action, models.CASCADE, related_name="facteurs")
    texte = models.CharField("facteur de réussite", max_length=300)
    atteint = models.CharField("est-il là ?", max_length=9, choices=Atteint, blank=True)
    preuve = models.CharField("ce qui le montre", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "facteur de réussite"
        verbose_name_plural = "facteurs de réussite"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(texte=""), name="facteur_texte")]

    def __str__(self) -> str:
        return self.texte
