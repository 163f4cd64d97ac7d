"""Return of experience (RETEX): what went well, what did not, and who says so."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import Q

from plans.models.corbeille import ModeleCorbeille
from plans.models.themes import Theme
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(exclude=["modifie_le", "cle"])
class Constat(ModeleCorbeille):
    """A strong point or an irritant. Shared, the schools of the district read it without the school's name unless it
    has agreed to be named.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Sens(models.TextChoices):
        IRRITANT = "irritant", "Irritant"
        POINT_FORT = "point_fort", "Point fort"

    class Source(models.TextChoices):
        ELEVES = "eleves", "Élèves"
        PROFESSEURS = "professeurs", "Professeurs"
        AGENTS = "agents", "Agents"
        ENCADREMENT = "encadrement", "Personnels d'encadrement"
        PARENTS = "parents", "Parents"
        COLLECTIVITE = "collectivite", "Collectivité"
        EDTECH = "edtech", "Filière edtech"

    class Partage(models.TextChoices):
        NON = "non", "Rester dans l'établissement"
        ANONYME = "anonyme", "Partager sans nommer l'établissement"
        NOMME = "nomme", "Partager en nommant l'établissement"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="constats", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    sens = models.CharField(max_length=10, choices=Sens)
    theme = models.CharField("thème", max_length=11, choices=Theme)
    source = models.CharField("qui le dit", max_length=12, choices=Source)
    texte = models.CharField("constat", max_length=600)
    lien = models.URLField("lien vers une ressource", max_length=400, blank=True)
    partage = models.CharField(max_length=7, choices=Partage, default=Partage.NON)
    cle = models.UUIDField("clé du formulaire", unique=True, default=uuid.uuid4)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="noté par")
    cree_le = models.DateTimeField("noté le")
    modifie_le = models.DateTimeField("modifié le")

    class Meta:
        ordering = ["theme", "sens", "cree_le", "pk"]
        indexes = [models.Index(fields=["etablissement", "annee_scolaire"])]
        constraints = [
            models.CheckConstraint(condition=~Q(texte=""), name="constat_texte"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="constat_theme"),
        ]

    def __str__(self) -> str:
        return self.texte

    @property
    def reference(self) -> str:
        """What a need that comes from it points at."""
        return f"C{self.pk}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class UtileChezNous(ModelePerimetre):
    """« Utile chez nous »: another school of the district finds that a shared constat helps it."""

    PERIMETRE = par_etablissement("etablissement")

    constat = models.ForeignKey(Constat, models.CASCADE, related_name="utiles")
    etablissement = models.ForeignKey(Etablissement, models.PROTECT, related_name="+", verbose_name="établissement")
    dit_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="dit par")
    dit_le = models.DateTimeField("dit le")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["constat", "etablissement"], name="utile_une_fois")]

    def __str__(self) -> str:
        return f"{self.etablissement_id} · {self.constat_id}"
