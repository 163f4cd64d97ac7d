"""What a school says that it needs, and the fact that shows it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Besoin(ModelePerimetre):
    """A need, kept in one click from what shows it: `origine` and `reference` lead back to it.

    A reference is a code that outlives versions: « PIL-1-2 » for an indicator, « E07 » for an item of the survey,
    « F3 » for a theme of training.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Origine(models.TextChoices):
        INDICATEUR = "indicateur", "Condition qui manque"
        QUESTION = "question", "Question faible de l'enquête"
        ECART = "ecart", "Écart entre la direction et les équipes"
        FORMATION = "formation", "Souhait de formation"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="besoins", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    origine = models.CharField(max_length=10, choices=Origine)
    reference = models.CharField("référence", max_length=20)
    intitule = models.CharField("intitulé", max_length=400)
    constat = models.CharField(max_length=400, help_text="D'où il vient, en une phrase.")
    effectif = models.PositiveIntegerField(
        "personnes concernées", null=True, blank=True, help_text="Un nombre, jamais des noms."
    )
    a_l_ordre_du_jour = models.BooleanField("à l'ordre du jour de la commission numérique", default=False)
    retenu_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="retenu par")
    retenu_le = models.DateTimeField("retenu le")

    class Meta:
        ordering = ["retenu_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "annee_scolaire", "origine", "reference"],
                name="besoin_unique",
                violation_error_message="Ce besoin est déjà retenu.",
            ),
            models.CheckConstraint(condition=~Q(intitule=""), name="besoin_intitule"),
        ]

    def __str__(self) -> str:
        return self.intitule
