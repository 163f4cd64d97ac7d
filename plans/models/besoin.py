"""What a school says that it needs, and the facts that show it."""

from __future__ import annotations

from typing import Self

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q

from plans.models.constat import Constat
from plans.models.corbeille import ModeleCorbeille, QuerySetCorbeille
from plans.models.themes import Theme
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


class BesoinQuerySet(QuerySetCorbeille):
    def adosses(self) -> Self:
        """Those that a fact backs: an indicator, a question, a gap, a wish of training, or a constat still there."""
        retours = Fondement.objects.filter(besoin=OuterRef("pk"), constat__supprime_le__isnull=True)
        return self.filter(Q(origine__in=Besoin.ORIGINES_MESUREES) | Exists(retours))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Besoin(ModeleCorbeille):
    """A need: kept in one click from what shows it (`origine` and `reference` lead back to it), or typed.

    A reference is a code that outlives versions: « PIL-1-2 » for an indicator, « E07 » for an item of the survey,
    « F3 » for a theme of training, « C12 » for the constat of that key; a need that was typed has none.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Origine(models.TextChoices):
        INDICATEUR = "indicateur", "Condition qui manque"
        QUESTION = "question", "Question faible de l'enquête"
        ECART = "ecart", "Écart entre la direction et les équipes"
        FORMATION = "formation", "Souhait de formation"
        CONSTAT = "constat", "Retour d'expérience"
        SAISI = "saisi", "Besoin exprimé"

    # What a figure of the school shows by itself; the other two rest on constats.
    ORIGINES_MESUREES = (Origine.INDICATEUR, Origine.QUESTION, Origine.ECART, Origine.FORMATION)

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="besoins", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    origine = models.CharField(max_length=10, choices=Origine)
    reference = models.CharField("référence", max_length=20, blank=True)
    theme = models.CharField("thème", max_length=11, choices=Theme, blank=True)
    intitule = models.CharField("intitulé", max_length=400)
    constat = models.CharField(max_length=400, blank=True, help_text="D'où il vient, en une phrase.")
    effectif = models.PositiveIntegerField(
        "personnes concernées", null=True, blank=True, help_text="Un nombre, jamais des noms."
    )
    a_l_ordre_du_jour = models.BooleanField("à l'ordre du jour de la commission numérique", default=False)
    retours = models.ManyToManyField(Constat, through="Fondement", related_name="besoins", verbose_name="constats")
    retenu_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="retenu par")
    retenu_le = models.DateTimeField("retenu le")

    objects = BesoinQuerySet.as_manager()

    class Meta:
        ordering = ["retenu_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "annee_scolaire", "origine", "reference"],
                condition=Q(supprime_le__isnull=True) & ~Q(reference=""),
                name="besoin_unique",
                violation_error_message="Ce besoin est déjà retenu.",
            ),
            models.CheckConstraint(condition=~Q(intitule=""), name="besoin_intitule"),
        ]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Fondement(ModelePerimetre):
    """A constat on which a need rests."""

    PERIMETRE = par_etablissement("besoin__etablissement")

    besoin = models.ForeignKey(Besoin, models.CASCADE, related_name="fondements")
    constat = models.ForeignKey(Constat, models.CASCADE, related_name="fondements")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["besoin", "constat"], name="fondement_unique")]

    def __str__(self) -> str:
        return f"{self.besoin_id} · {self.constat_id}"
