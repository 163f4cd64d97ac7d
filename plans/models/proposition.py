"""Proposals: a need and a model action for each indicator of the référentiel, and what schools make of them.

The proposals themselves are data (`plans/donnees/propositions-v1.json`); here is what an académie words otherwise, and
what a school declines.
"""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from plans.models.action import Action
from strategie.socle.models import (
    Academie,
    Etablissement,
    ModelePerimetre,
    Utilisateur,
    par_academie,
    par_etablissement,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PropositionAdaptee(ModelePerimetre):
    """An académie's own wording of the proposal for one indicator."""

    PERIMETRE = par_academie("academie")

    academie = models.ForeignKey(Academie, models.CASCADE, related_name="propositions", verbose_name="académie")
    code = models.CharField("code de l'indicateur", max_length=20)
    besoin = models.CharField(max_length=400)
    titre = models.CharField("action", max_length=250)
    pourquoi = models.TextField()
    comment = ArrayField(models.CharField(max_length=300), verbose_name="étapes")
    effort_min = models.PositiveSmallIntegerField("jours de travail, au moins")
    effort_max = models.PositiveSmallIntegerField("au plus")
    cout_min = models.PositiveIntegerField("euros, au moins")
    cout_max = models.PositiveIntegerField("au plus")
    levier = models.CharField("moyen", max_length=14, choices=Action.Levier)
    version = models.PositiveIntegerField(default=1)
    modifiee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="modifiée par")
    modifiee_le = models.DateTimeField("modifiée le")

    class Meta:
        verbose_name = "proposition adaptée"
        verbose_name_plural = "propositions adaptées"
        constraints = [
            models.UniqueConstraint(fields=["academie", "code"], name="proposition_adaptee_unique"),
            models.CheckConstraint(
                condition=Q(effort_min__lte=F("effort_max"), cout_min__lte=F("cout_max")),
                name="proposition_fourchettes",
                violation_error_message="Une fourchette va du plus petit au plus grand.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.academie_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PropositionDeclinee(ModelePerimetre):
    """A proposal that a school does not take up this year, and why."""

    PERIMETRE = par_etablissement("etablissement")

    class Raison(models.TextChoices):
        DEJA_FAIT = "deja_fait", "Déjà fait"
        NON_PRIORITAIRE = "non_prioritaire", "Non prioritaire cette année"
        HORS_COMPETENCE = "hors_competence", "Hors de notre compétence"

    class Competence(models.TextChoices):
        COLLECTIVITE = "collectivite", "Collectivité"
        ETAT = "etat", "État"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="propositions_declinees", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    code = models.CharField("code de l'indicateur", max_length=20)
    raison = models.CharField(max_length=15, choices=Raison)
    competence = models.CharField("de qui est-ce la compétence ?", max_length=12, choices=Competence, blank=True)
    commentaire = models.CharField(max_length=400, blank=True)
    declinee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="déclinée par")
    declinee_le = models.DateTimeField("déclinée le")

    class Meta:
        verbose_name = "proposition déclinée"
        verbose_name_plural = "propositions déclinées"
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "annee_scolaire", "code"], name="declinee_une_fois"),
            models.CheckConstraint(
                condition=(Q(raison="hors_competence") & ~Q(competence=""))
                | (~Q(raison="hors_competence") & Q(competence="")),
                name="declinee_competence",
                violation_error_message="Dites de qui c'est la compétence : la collectivité ou l'État.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.raison}"


@pghistory.track()
class Demande(ModelePerimetre):
    """What is not in the school's hands, asked of the party that can do it, with the day an answer is due."""

    PERIMETRE = par_etablissement("etablissement")

    class Suite(models.TextChoices):
        ACCORDEE = "accordee", "Accordée"
        EN_PARTIE = "en_partie", "Accordée en partie"
        REFUSEE = "refusee", "Refusée"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="demandes", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    code = models.CharField("code de l'indicateur", max_length=20)
    destinataire = models.CharField(max_length=12, choices=PropositionDeclinee.Competence)
    objet = models.CharField(max_length=250)
    texte = models.TextField("demande")
    reponse_attendue_le = models.DateField("réponse attendue le")
    faite_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="faite par")
    faite_le = models.DateTimeField("faite le")
    suite = models.CharField(max_length=9, choices=Suite, blank=True)
    reponse = models.TextField("réponse", blank=True)
    repondue_le = models.DateField("répondue le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["reponse_attendue_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "annee_scolaire", "code", "destinataire"],
                condition=Q(suite=""),
                name="demande_en_attente_unique",
                violation_error_message="Cette demande attend déjà une réponse.",
            ),
            models.CheckConstraint(
                condition=Q(suite="", repondue_le__isnull=True) | (~Q(suite="") & Q(repondue_le__isnull=False)),
                name="demande_repondue",
            ),
        ]

    def __str__(self) -> str:
        return self.objet
