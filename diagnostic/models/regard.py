"""The second look of the district's animateur, beside the school's signed answers, and the journal of visits."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from diagnostic.domain.cotation import Valeur
from diagnostic.models.diagnostic import LIBELLES_VALEURS, Diagnostic
from diagnostic.models.referentiel import Indicateur
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(exclude=["modifie_le"])
class SecondRegard(ModelePerimetre):
    """How the animateur sees one indicator; never in place of the school's answer, and in no result."""

    PERIMETRE = par_etablissement("diagnostic__etablissement")

    diagnostic = models.ForeignKey(Diagnostic, models.CASCADE, related_name="regards")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="+")
    valeur = models.CharField(
        "second regard",
        max_length=11,
        blank=True,
        choices=[(v.value, libelle) for v, libelle in LIBELLES_VALEURS.items()],
    )
    commentaire = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    modifie_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="modifié par")
    modifie_le = models.DateTimeField("modifié le")

    class Meta:
        verbose_name = "second regard"
        verbose_name_plural = "seconds regards"
        constraints = [
            models.UniqueConstraint(fields=["diagnostic", "indicateur"], name="regard_unique"),
            models.CheckConstraint(condition=Q(valeur__in=["", *Valeur]), name="regard_valeur_connue"),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur_id} : {self.valeur or 'sans avis'}"


@pghistory.track()
class Visite(ModelePerimetre):
    """An entry of the journal: when the school was seen, and what was advised."""

    PERIMETRE = par_etablissement("etablissement")

    class Forme(models.TextChoices):
        SUR_PLACE = "sur_place", "Visite sur place"
        A_DISTANCE = "a_distance", "Échange à distance"
        DOCUMENT = "document", "Conseil écrit"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="visites", verbose_name="établissement"
    )
    date = models.DateField()
    forme = models.CharField(max_length=10, choices=Forme)
    objet = models.CharField(max_length=150)
    conseil = models.TextField("conseil donné", blank=True)
    cle = models.UUIDField("clef de l'envoi", unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    notee_le = models.DateTimeField("notée le")

    class Meta:
        ordering = ["-date", "-pk"]

    def __str__(self) -> str:
        return f"{self.date} · {self.objet}"
