"""Axes: what is to be improved (quoi), and the needs they answer."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from plans.models.besoin import Besoin
from plans.models.corbeille import ModeleCorbeille
from plans.models.themes import Theme
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track()
class Axe(ModeleCorbeille):
    """Opened in a school year. From the fourth new one of a year on, a reason is written, and shown to the board."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(Etablissement, models.PROTECT, related_name="axes", verbose_name="établissement")
    annee_scolaire = models.CharField("année scolaire", max_length=9, help_text="Celle où l'axe est ouvert.")
    theme = models.CharField("thème", max_length=11, choices=Theme)
    intitule = models.CharField("quoi", max_length=250)
    precision = models.TextField("précision", blank=True)
    raison_de_plus = models.TextField("raison d'un axe de plus", blank=True)
    besoins = models.ManyToManyField(Besoin, through="Justification", related_name="axes", verbose_name="besoins")
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="ouvert par")
    cree_le = models.DateTimeField("ouvert le")

    class Meta:
        ordering = ["annee_scolaire", "cree_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(intitule=""), name="axe_intitule"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="axe_theme"),
        ]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Justification(ModelePerimetre):
    """A need that an axe answers."""

    PERIMETRE = par_etablissement("axe__etablissement")

    axe = models.ForeignKey(Axe, models.CASCADE, related_name="justifications")
    besoin = models.ForeignKey(Besoin, models.CASCADE, related_name="justifications")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["axe", "besoin"], name="justification_unique")]

    def __str__(self) -> str:
        return f"{self.axe_id} · {self.besoin_id}"
