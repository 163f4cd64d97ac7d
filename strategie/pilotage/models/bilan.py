"""The yearly report: what the head says of the year, and the slides that an académie would rather have."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from strategie.socle.models import (
    Academie,
    Etablissement,
    ModelePerimetre,
    Utilisateur,
    par_academie,
    par_etablissement,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class MotDuBilan(ModelePerimetre):
    """What opens the report of a school year, in the head's own words."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="mots_du_bilan", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    texte = models.TextField("mot d'introduction", blank=True)
    version = models.PositiveIntegerField(default=1)
    ecrit_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="écrit par")
    ecrit_le = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "mot du bilan"
        verbose_name_plural = "mots du bilan"
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "annee_scolaire"], name="mot_du_bilan_un_par_annee")
        ]

    def __str__(self) -> str:
        return f"Mot du bilan · {self.etablissement_id} · {self.annee_scolaire}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["contenu"])
class ModeleDeBilan(ModelePerimetre):
    """The presentation on which an académie's schools write their report, in place of the one of Paliers."""

    PERIMETRE = par_academie("academie")

    academie = models.OneToOneField(Academie, models.CASCADE, related_name="modele_de_bilan", verbose_name="académie")
    nom = models.CharField("nom du fichier", max_length=200)
    contenu = models.BinaryField()
    sha256 = models.CharField("empreinte", max_length=64)
    taille = models.PositiveIntegerField("taille en octets")
    depose_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="déposé par")
    depose_le = models.DateTimeField("déposé le")

    class Meta:
        verbose_name = "modèle de bilan"
        verbose_name_plural = "modèles de bilan"
        constraints = [models.CheckConstraint(condition=~Q(nom=""), name="modele_de_bilan_nom")]

    def __str__(self) -> str:
        return self.nom
