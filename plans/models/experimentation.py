"""Experiments: tried on a small perimeter, evaluated, then decided."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from plans.models.action import Action
from plans.models.corbeille import ModeleCorbeille
from strategie.socle.models import Utilisateur, par_etablissement


@pghistory.track()
class Experimentation(ModeleCorbeille):
    """What an action tries before it goes further; its indicators are the action's."""

    PERIMETRE = par_etablissement("action__etablissement")

    class Decision(models.TextChoices):
        GENERALISER = "generaliser", "Généraliser"
        ADAPTER = "adapter", "Adapter"
        ARRETER = "arreter", "Arrêter"

    action = models.OneToOneField(Action, models.PROTECT, related_name="experimentation")
    question = models.CharField("la question posée", max_length=300)
    perimetre = models.CharField("périmètre", max_length=300)
    debut = models.DateField("début")
    fin = models.DateField()
    decision_le = models.DateField("date prévue de la décision")
    evaluation = models.TextField("évaluation", blank=True)
    evaluee_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="évaluée par"
    )
    evaluee_le = models.DateTimeField("évaluée le", null=True, blank=True)
    decision = models.CharField("décision", max_length=11, choices=Decision, blank=True)
    motif = models.TextField("motif de la décision", blank=True)
    perimetre_suivant = models.CharField("périmètre suivant", max_length=300, blank=True)
    formation_le = models.DateField("formation des enseignants de ce périmètre", null=True, blank=True)
    decidee_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)

    class Meta:
        verbose_name = "expérimentation"
        ordering = ["decision_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debut__lte=F("fin"), fin__lte=F("decision_le")),
                name="experimentation_dates_dans_l_ordre",
                violation_error_message="Une expérimentation commence, finit, puis se décide.",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | ~Q(evaluation=""),
                name="experimentation_evaluee_avant_d_etre_decidee",
                violation_error_message="Une expérimentation s'évalue avant de se décider.",
            ),
        ]

    def __str__(self) -> str:
        return self.question
